# /// script
# requires-python = ">=3.10"
# dependencies = [
#   "torch>=2.6,<3", "transformers>=5.0,<6", "trl>=1.0,<2", "peft>=0.18,<1", "datasets>=4.0,<6", "accelerate>=1.10,<2",
# ]
# ///
"""Supervised fine-tuning with TRL's SFTTrainer.

    python train_sft.py CONFIG.json [--resume] [--end-with-parent]

CONFIG.json is described at `Plan` in training.py. Rows of the data are conversational, in one of these forms:
  {"messages": […]}                   every assistant turn is learned
  {"prompt": […], "completion": […]}  the assistant turns of the completion are learned, its other turns are not
or {"text": "…"}, which is learned whole. Other columns are left out. Writes log.jsonl (flushed line by line),
checkpoints/ and model/ into the folder of the training. Exit code: 0 finished, 2 bad input, 3 failed, 130 stopped.
"""

import sys

from training import InputError, needs, run

needs_of_training = ("torch", "transformers", "trl", "datasets", "accelerate")


def prepared(rows, path):
    """The columns that TRL reads, and which of its losses they ask for."""
    columns = set(rows[0])
    if "messages" in columns:
        kept, loss = ["messages"], {"assistant_only_loss": True}
    elif {"prompt", "completion"} <= columns:
        kept, loss = ["prompt", "completion"], {"completion_only_loss": True}
    elif "text" in columns:
        kept, loss = ["text"], {}
    else:
        raise InputError(
            f"{path} has the columns {', '.join(sorted(columns))}",
            "Supervised rows have messages, or prompt and completion: codesteer data export --format trl.",
        )
    for number, row in enumerate(rows, 1):
        if any(column not in row for column in kept):
            raise InputError(f"{path}, row {number} has no {' and '.join(kept)}", "All rows of a file have one form.")
    # Of a completion of several turns the other side's words are not learned.
    if "completion" in kept and any(isinstance(row["completion"], list) and len(row["completion"]) > 1 for row in rows):
        loss["assistant_only_loss"] = True
    return [{column: row[column] for column in kept} for row in rows], loss


def main():
    from fit import command_line, fit

    plan, flags = command_line(__doc__)
    needs(*needs_of_training, *(["peft"] if plan.lora else []))
    return fit(plan, flags, kind="sft", make=make)


def make(plan, data, tokenizer, reporter, lora):
    """TRL's trainer for this plan. `data` is {"train": rows, "validation": rows or []}."""
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    train, loss = prepared(data["train"], plan.train)
    validation = prepared(data["validation"], plan.validation)[0] if data["validation"] else []
    defaults = {"max_length": 8192, **loss}
    if validation:
        defaults.update(eval_strategy="steps", eval_packing=False)
    return SFTTrainer(
        model=plan.base,
        args=plan.arguments(SFTConfig, defaults),
        train_dataset=Dataset.from_list(train),
        eval_dataset=Dataset.from_list(validation) if validation else None,
        processing_class=tokenizer,
        peft_config=lora,
        callbacks=[reporter.callback()],
    )


if __name__ == "__main__":
    sys.exit(run(main))
