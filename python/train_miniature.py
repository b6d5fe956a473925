# /// script
# requires-python = ">=3.10"
# dependencies = ["torch>=2.6,<3", "transformers>=5.0,<6", "accelerate>=1.10,<2"]
# ///
"""Trains the miniature study's task model from random weights with transformers' Trainer.

    python train_miniature.py CONFIG.json [--resume] [--end-with-parent]

CONFIG.json is described at `Plan` in training.py; its `trainer` holds TrainingArguments and two more: `batch_tokens`
(tokens of a batch, padding included; default 4096) and `longest_row` (longer rows, in tokens, are left out; default 640). Rows are
{"messages": […]}; the last message is learned, the others are read. TRL's trainer does the same for the coach; this one
groups rows of one length, so that short rows cost little, and makes no logits where nothing is learned, which halves the
time of a model whose vocabulary is large for its size. Log, checkpoints and exit codes are those of train_sft.py.
"""

import random
import sys

from training import needs, run

IGNORED = -100


def encoded(rows, tokenizer, max_length):
    """(ids, first learned position) of each row that is short enough."""
    kept = []
    for row in rows:
        *before, last = row["messages"]
        text = "".join(f"<|{message['role']}|>{message['content']}<|end|>" for message in before) + "<|assistant|>"
        prompt = tokenizer(text, add_special_tokens=False)["input_ids"]
        answer = tokenizer(last["content"] + "<|end|>", add_special_tokens=False)["input_ids"]
        if len(prompt) + len(answer) <= max_length:
            kept.append((prompt + answer, len(prompt)))
    return kept


def batches(rows, tokens, seed):
    """Rows of about one length together, at most `tokens` with padding; in an order that mixes lengths."""
    chance = random.Random(seed)
    rows = sorted(rows, key=lambda row: len(row[0]) + chance.random() * 24)
    made, batch, longest = [], [], 0
    for row in rows:
        longest = max(longest, len(row[0]))
        if batch and longest * (len(batch) + 1) > tokens:
            made.append(batch)
            batch, longest = [], len(row[0])
        batch.append(row)
    if batch:
        made.append(batch)
    chance.shuffle(made)
    return made


def collate(items):
    """One ready batch as tensors: rows padded on the right, which causal attention never looks at."""
    import torch

    (batch,) = items
    longest = max(len(ids) for ids, _ in batch)
    ids = torch.zeros((len(batch), longest), dtype=torch.long)
    labels = torch.full((len(batch), longest), IGNORED)
    for at, (row, first) in enumerate(batch):
        ids[at, : len(row)] = torch.tensor(row)
        labels[at, first : len(row)] = torch.tensor(row[first:])
    return {"input_ids": ids, "labels": labels}


def make(plan, data, tokenizer, reporter, lora):
    import torch
    from transformers import AutoModelForCausalLM, Trainer, TrainingArguments

    class MiniatureTrainer(Trainer):
        def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
            whole = model.module if hasattr(model, "module") else model
            hidden = whole.model(input_ids=inputs["input_ids"], use_cache=False).last_hidden_state[:, :-1]
            labels = inputs["labels"][:, 1:]
            learned = labels != IGNORED
            logits = whole.lm_head(hidden[learned])
            loss = torch.nn.functional.cross_entropy(logits.float(), labels[learned])
            return (loss, {"logits": logits}) if return_outputs else loss

        def prediction_step(self, model, inputs, prediction_loss_only, ignore_keys=None):
            with torch.no_grad(), self.compute_loss_context_manager():
                return self.compute_loss(model, self._prepare_inputs(inputs)).detach(), None, None

    plan.trainer = dict(plan.trainer)
    tokens = plan.trainer.pop("batch_tokens", 4096)
    max_length = plan.trainer.pop("longest_row", 640)
    sets = {name: encoded(rows, tokenizer, max_length) for name, rows in data.items()}
    print(f"{len(sets['train'])} of {len(data['train'])} rows have at most {max_length} tokens", file=sys.stderr, flush=True)
    defaults = {"per_device_train_batch_size": 1, "per_device_eval_batch_size": 1, "remove_unused_columns": False}
    # Half precision on a CPU has to be asked for by this name.
    defaults["use_cpu"] = not torch.cuda.is_available()
    if sets["validation"]:
        defaults["eval_strategy"] = "steps"
    return MiniatureTrainer(
        model=AutoModelForCausalLM.from_pretrained(plan.base),
        args=plan.arguments(TrainingArguments, defaults),
        train_dataset=batches(sets["train"], tokens, plan.seed),
        eval_dataset=batches(sets["validation"], tokens, plan.seed) if sets["validation"] else None,
        data_collator=collate,
        processing_class=tokenizer,
        callbacks=[reporter.callback()],
    )


def main():
    from fit import command_line, fit

    plan, flags = command_line(__doc__)
    needs("torch", "transformers", "accelerate")
    return fit(plan, flags, kind="sft", make=make)


if __name__ == "__main__":
    sys.exit(run(main))
