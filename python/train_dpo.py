# /// script
# requires-python = ">=3.10"
# dependencies = [
#   "torch>=2.6,<3", "transformers>=5.0,<6", "trl>=1.0,<2", "peft>=0.18,<1", "datasets>=4.0,<6", "accelerate>=1.10,<2",
# ]
# ///
"""Direct preference optimization with TRL's DPOTrainer: sigmoid loss, beta 0.1, 8192 tokens unless the plan says otherwise.

    python train_dpo.py CONFIG.json [--resume] [--end-with-parent]

CONFIG.json is described at `Plan` in training.py. Rows are {"prompt": […], "chosen": […], "rejected": […]}, conversational;
other columns are left out. Beside TRL's own numbers, each evaluation and one before the first step give
eval_preference_accuracy: the share of held-out pairs to whose chosen words the model gives the higher probability, by
token (TRL's rewards/accuracies is about the change since the start and says nothing before it). Files and exit codes as
train_sft.py.
"""

import sys

from training import InputError, needs, run

needs_of_training = ("torch", "transformers", "trl", "datasets", "accelerate")
COLUMNS = ("prompt", "chosen", "rejected")


def prepared(rows, path):
    for number, row in enumerate(rows, 1):
        missing = [column for column in COLUMNS if not isinstance(row.get(column), list)]
        if missing:
            raise InputError(
                f"{path}, row {number} has no conversation under {' and '.join(missing)}",
                "Preference rows have prompt, chosen and rejected: codesteer data export --format trl.",
            )
    return [{column: row[column] for column in COLUMNS} for row in rows]


def main():
    from fit import command_line, fit

    plan, flags = command_line(__doc__)
    needs(*needs_of_training, *(["peft"] if plan.lora else []))
    return fit(plan, flags, kind="dpo", make=make)


def make(plan, data, tokenizer, reporter, lora):
    """TRL's trainer for this plan. `data` is {"train": rows, "validation": rows or []}."""
    from datasets import Dataset
    from preference import PreferenceAccuracy
    from trl import DPOConfig, DPOTrainer

    train = prepared(data["train"], plan.train)
    validation = prepared(data["validation"], plan.validation) if data["validation"] else []
    defaults = {"max_length": 8192, "beta": 0.1, "loss_type": ["sigmoid"], "learning_rate": 5e-6}
    if validation:
        defaults.update(eval_strategy="steps")
    arguments = plan.arguments(DPOConfig, defaults)
    trainer = DPOTrainer(
        model=plan.base,
        args=arguments,
        train_dataset=Dataset.from_list(train),
        eval_dataset=Dataset.from_list(validation) if validation else None,
        processing_class=tokenizer,
        peft_config=lora,
        callbacks=[reporter.callback()],
    )
    if validation:
        trainer.add_callback(PreferenceAccuracy(trainer, tokenizer, validation, arguments.max_length, reporter.values))
    return trainer


if __name__ == "__main__":
    sys.exit(run(main))
