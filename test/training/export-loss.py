"""Which tokens of an exported set carry loss, by TRL's own preparation and collators.

    python export-loss.py FOLDER TOKENIZER_FOLDER MAX_LENGTH

Prints {"trl": version, "sft-train": [[tokens, learned, words that are learned], …], "dpo-train": [[tokens of chosen, learned,
tokens of rejected, learned], …], …} as JSON, one entry a row, in the order of the files.
"""

import json
import os
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import datasets
import torch
import trl
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

datasets.disable_progress_bars()
folder, tokenizer_folder, max_length = sys.argv[1], sys.argv[2], int(sys.argv[3])
tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder)
model = LlamaForCausalLM(
    LlamaConfig(vocab_size=len(tokenizer), hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2)
)
model_folder = tempfile.mkdtemp()
model.save_pretrained(model_folder)
common = {"output_dir": tempfile.mkdtemp(), "max_length": max_length, "report_to": [], "use_cpu": True}


def rows_of(path):
    return datasets.load_dataset("json", data_files=path, split="train", cache_dir=tempfile.mkdtemp())


def sft(path):
    trainer = trl.SFTTrainer(
        model=model_folder, args=trl.SFTConfig(**common), train_dataset=rows_of(path), processing_class=tokenizer
    )
    found = []
    for row in trainer.train_dataset:
        batch = trainer.data_collator([row])
        labels = batch["labels"][0]
        learned = labels[labels != -100]
        found.append([int(batch["attention_mask"].sum()), len(learned), tokenizer.decode(learned)])
    return found


def dpo(path):
    trainer = trl.DPOTrainer(
        model=model_folder, args=trl.DPOConfig(**common), train_dataset=rows_of(path), processing_class=tokenizer
    )
    found = []
    for row in trainer.train_dataset:
        batch = trainer.data_collator([row])
        (chosen, rejected), (chosen_mask, rejected_mask) = batch["attention_mask"], batch["completion_mask"]
        found.append([int(chosen.sum()), int(chosen_mask.sum()), int(rejected.sum()), int(rejected_mask.sum())])
    return found


torch.manual_seed(0)
result = {"trl": trl.__version__}
for name in ("sft-train", "sft-validation", "dpo-train", "dpo-validation"):
    path = os.path.join(folder, name + ".jsonl")
    if os.path.exists(path):
        result[name] = (sft if name.startswith("sft") else dpo)(path)
print("\n" + json.dumps(result))
