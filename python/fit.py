"""One training from its configuration to its model: what train_sft.py and train_dpo.py share. Not a script."""

import argparse
import math
import os
import sys
import traceback

from training import InputError, Log, Plan, Stop, end_with_parent, finite, is_main, lock, newest_checkpoint, rows_of, take_up

MEMORY_MEND = (
    "Lower per_device_train_batch_size (and raise gradient_accumulation_steps by as much), set gradient_checkpointing to "
    "true, train with LoRA, or lower max_length if no row needs it."
)


def command_line(about):
    """The configuration named on the command line, and the flags."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", help="JSON file of the training")
    parser.add_argument("--resume", action="store_true", help="go on from the newest whole checkpoint")
    parser.add_argument("--end-with-parent", action="store_true", help="stop, with a checkpoint, when the starter ends")
    flags = parser.parse_args()
    return Plan(flags.config), flags


def fit(plan, flags, kind, make):
    """Trains, and gives the exit code. `make` builds TRL's trainer from (plan, data, tokenizer, reporter, lora)."""
    if flags.end_with_parent:
        end_with_parent()
    held = lock(plan.out)
    stop = Stop(plan.out / "stop")
    checkpoint, step = take_up(plan.out / "checkpoints", flags.resume)
    data = {"train": rows_of(plan.train), "validation": rows_of(plan.validation) if plan.validation else []}
    if not data["train"]:
        raise InputError(f"{plan.train} has no rows", "Export data with rows to learn from: codesteer data export.")
    if os.path.isdir(plan.base):
        # Nothing is asked of a hub that need not be reachable.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    settle(plan)
    tokenizer = tokenizer_of(plan.base)
    refuse_long(data, tokenizer, plan)
    log = Log(plan.out / "log.jsonl")
    reporter = Reporter(log, stop, plan, kind, step, {name: len(rows) for name, rows in data.items()})
    try:
        trainer = make(plan, data, tokenizer, reporter, lora_of(plan))
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
        if reporter.broken:
            return log.end("failed", why=reporter.broken, mend="Lower the learning rate, or look for broken rows in the data.")
        if stop.now():
            newest, at = newest_checkpoint(plan.out / "checkpoints")
            return log.end("stopped", why=f"asked to stop; a checkpoint of step {at} is kept", mend="Go on with --resume.")
        model = save(plan, trainer)
        return log.end("finished", model=model)
    except InputError:
        raise
    except Exception as error:
        if is_memory(error):
            return log.end("failed", why=f"out of memory: {first_line(error)}", mend=MEMORY_MEND)
        traceback.print_exc()
        return log.end("failed", why=f"{type(error).__name__}: {first_line(error)}", mend="The lines above it are in trainer.log.")
    finally:
        if held:
            held.close()


def settle(plan):
    """Threads and seeds, before any tensor is made."""
    import torch
    import transformers

    if plan.threads:
        torch.set_num_threads(plan.threads)
    transformers.set_seed(plan.seed)


def tokenizer_of(base):
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(base)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot load a tokenizer from {base}: {first_line(error)}", "Give a folder or a hub name of a model.") from None
    if tokenizer.chat_template is None:
        raise InputError(f"the tokenizer of {base} has no chat template", "Take an instruction-tuned model, or set one: chat_template.jinja.")
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def refuse_long(data, tokenizer, plan):
    """Refuses rows longer than max_length or than the model can read: trainers would cut or drop them without a word."""
    from transformers import AutoConfig

    reads = getattr(AutoConfig.from_pretrained(plan.base), "max_position_embeddings", None)
    limit = plan.trainer.get("max_length", 8192)
    if reads and (limit is None or reads < limit):
        limit = reads
    if limit is None or plan.trainer.get("packing"):
        # Packing cuts at max_length, whose rows are the packed ones; only the model's own limit matters.
        limit = reads or math.inf
    long = []
    for split, rows in data.items():
        for number, row in enumerate(rows, 1):
            tokens = tokens_of(row, tokenizer)
            if tokens > limit:
                long.append((tokens, f"{split} row {number}: {tokens:,} tokens"))
    if long:
        worst = "\n".join(f"  {words}" for _, words in sorted(long, reverse=True)[:10])
        raise InputError(
            f"{len(long)} rows have more than {limit:,} tokens, the most that {plan.base} and max_length allow:\n{worst}",
            "Leave them out (codesteer data export … --tokenizer MODEL --context N --drop-long), or take a model that reads more.",
        )


def tokens_of(row, tokenizer):
    """Tokens of a row's longest side, by the tokenizer and its chat template."""
    if "text" in row and "messages" not in row and "prompt" not in row:
        return len(tokenizer(row["text"])["input_ids"])
    if "messages" in row:
        sides = [row["messages"]]
    else:
        sides = [row["prompt"] + row[side] for side in ("completion", "chosen", "rejected") if side in row]
    return max(len(tokenizer.apply_chat_template(side, tokenize=True, return_dict=True)["input_ids"]) for side in sides)


def lora_of(plan):
    if not plan.lora:
        return None
    from peft import LoraConfig

    try:
        return LoraConfig(task_type="CAUSAL_LM", **plan.lora)
    except TypeError as error:
        raise InputError(f"LoraConfig refuses its arguments: {error}", "Change the arguments of lora.") from None


def save(plan, trainer):
    """The whole model into model/; an adapter is kept beside it in adapter/ and merged into its base."""
    if not plan.lora:
        trainer.save_model(str(plan.out / "model"))
        return plan.out / "model"
    trainer.save_model(str(plan.out / "adapter"))
    if is_main():
        from peft import AutoPeftModelForCausalLM

        merged = AutoPeftModelForCausalLM.from_pretrained(str(plan.out / "adapter"), dtype="auto").merge_and_unload()
        merged.save_pretrained(str(plan.out / "model"))
        trainer.processing_class.save_pretrained(str(plan.out / "model"))
    return plan.out / "model"


def is_memory(error):
    text = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "can't allocate memory" in text


def first_line(error):
    return str(error).strip().split("\n")[0][:300]


class Reporter:
    """Writes the trainer's events to the log and stops it when that is asked for."""

    def __init__(self, log, stop, plan, kind, step, rows):
        self.log, self.stop, self.plan, self.kind, self.step, self.rows = log, stop, plan, kind, step, rows
        self.broken = None

    def start(self, state, model):
        import torch

        parameters = list(model.parameters())
        # ZeRO-3 keeps a part of each; ds_numel is the whole.
        count = lambda some: sum(getattr(p, "ds_numel", p.numel()) for p in some)
        cuda = torch.cuda.is_available()
        self.log.write(
            {
                "type": "training-start",
                "kind": self.kind,
                "trainer": "trl",
                "baseModel": self.plan.base,
                "dataHash": self.plan.data_hash,
                "configHash": self.plan.config_hash,
                "commit": self.plan.commit,
                "rows": self.rows["train"],
                "evalRows": self.rows["validation"],
                "steps": state.max_steps,
                "parameters": count(parameters),
                "trainable": count(p for p in parameters if p.requires_grad),
                "device": torch.cuda.get_device_name() if cuda else f"cpu, {torch.get_num_threads()} threads",
                "fromStep": self.step,
            }
        )

    def values(self, state, values):
        """One event of numbers as the trainer names them."""
        kept = finite({name: value for name, value in values.items() if name != "epoch"})
        if kept:
            epoch = round(state.epoch or 0, 6)
            self.log.write({"type": "training-step", "step": state.global_step, "epoch": epoch, "values": kept})

    def callback(self):
        from transformers import TrainerCallback

        reporter = self

        class Callback(TrainerCallback):
            def on_train_begin(self, args, state, control, model=None, **_):
                reporter.start(state, model)

            def on_log(self, args, state, control, logs=None, **_):
                reporter.values(state, logs or {})
                loss = (logs or {}).get("loss")
                if loss is not None and not math.isfinite(loss):
                    reporter.broken = f"the loss is not a number at step {state.global_step}"
                    control.should_training_stop = True

            def on_step_end(self, args, state, control, **_):
                if reporter.stop.agreed(args.device):
                    control.should_save = control.should_training_stop = True

        return Callback()
