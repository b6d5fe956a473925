"""Which tokens of an exported set carry loss, by LLaMA-Factory's own loader and collators.

    python export-llama-factory.py FOLDER TOKENIZER_FOLDER TEMPLATE

FOLDER is the set's `llama-factory`; the settings are those of the manifest beside it. Prints {"sets": {NAME: [row, …], …},
"batches": {NAME: [row, …], …}} as JSON, names as in dataset_info.json. A row of SFT is [tokens, tokens with loss, the words
that are learned], one of DPO the same for the better answer and then for the other. A batch is the first rows as a collator
makes it: [tokens, tokens with loss] each, for DPO all better answers and then all others.
"""

import contextlib
import dataclasses
import json
import os
import sys
import tempfile
from types import SimpleNamespace

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
# Its loader may be tried with newer packages than its trainers allow.
os.environ.setdefault("DISABLE_VERSION_CHECK", "1")

UNLEARNED = -100
BATCH = 8


def prepare(settings, template_name, tokenizer_folder):
    """The rows of a kind as LLaMA-Factory's workflows for it (train/sft, train/dpo) get them, by name."""
    from llamafactory.data import (
        PairwiseDataCollatorWithPadding,
        SFTDataCollatorWith4DAttentionMask,
        get_dataset,
        get_template_and_fix_tokenizer,
    )
    from llamafactory.hparams import DataArguments
    from transformers import AutoTokenizer, Seq2SeqTrainingArguments

    known = {field.name for field in dataclasses.fields(DataArguments)}
    data_args = DataArguments(
        template=template_name, **{name: value for name, value in settings.items() if name in known}
    )
    tokenizer = AutoTokenizer.from_pretrained(tokenizer_folder, padding_side="right")
    template = get_template_and_fix_tokenizer(tokenizer, data_args)
    ranking = settings["stage"] == "dpo"
    module = get_dataset(
        template,
        SimpleNamespace(cache_dir=tempfile.mkdtemp(), hf_hub_token=None),
        data_args,
        Seq2SeqTrainingArguments(output_dir=tempfile.mkdtemp(), report_to=[], use_cpu=True),
        stage="rm" if ranking else settings["stage"],
        tokenizer=tokenizer,
    )
    names = {"train_dataset": settings["dataset"], "eval_dataset": settings.get("eval_dataset")}
    collate = (PairwiseDataCollatorWithPadding if ranking else SFTDataCollatorWith4DAttentionMask)(
        template=template, tokenizer=tokenizer, pad_to_multiple_of=8, label_pad_token_id=UNLEARNED
    )
    parts = ("chosen_", "rejected_") if ranking else ("",)
    for split, rows in module.items():
        found = [
            [value for part in parts for value in learned(row[part + "input_ids"], row[part + "labels"], tokenizer)]
            for row in rows
        ]
        batch = collate([rows[at] for at in range(min(BATCH, len(rows)))])
        counts = zip(batch["attention_mask"].sum(dim=1), (batch["labels"] != UNLEARNED).sum(dim=1), strict=True)
        yield names[split], found, [[int(tokens), int(with_loss)] for tokens, with_loss in counts]


def learned(ids, labels, tokenizer):
    words = [label for label in labels if label != UNLEARNED]
    return [len(ids), len(words), tokenizer.decode(words, skip_special_tokens=False)]


def main(folder, tokenizer_folder, template_name):
    tokenizer_folder = os.path.abspath(tokenizer_folder)
    # The manifest names the data's folder as seen from there: it is the folder itself.
    os.chdir(folder)
    with open(os.path.join("..", "dataset.json"), encoding="utf-8") as file:
        kinds = json.load(file)["formats"]["llama-factory"]["settings"]
    result = {"sets": {}, "batches": {}}
    # It tells what it does on standard output.
    with contextlib.redirect_stdout(sys.stderr):
        for settings in kinds.values():
            for name, rows, batch in prepare(settings, template_name, tokenizer_folder):
                result["sets"][name], result["batches"][name] = rows, batch
    print("\n" + json.dumps(result))


main(*sys.argv[1:])
