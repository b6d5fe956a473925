"""What the training scripts share: errors with their mend, rows, the log, checkpoints, and stopping well.

Not a script. The log is one JSON object a line (src/training/training-log.ts); every line is flushed as it is written.
"""

import ctypes
import fcntl
import hashlib
import importlib.util
import json
import math
import os
import re
import signal
import struct
import sys
import time
from pathlib import Path

OUTCOMES = {"finished": 0, "failed": 3, "stopped": 130}
INPUT = 2
PR_SET_PDEATHSIG = 1


class InputError(Exception):
    """What was given cannot be used: a fact and its mend (exit code 2)."""

    def __init__(self, message, mend):
        super().__init__(message)
        self.mend = mend


def run(main):
    """Runs a script's main and gives its exit code; an InputError is said in two lines."""
    try:
        return main() or 0
    except InputError as error:
        print(f"error: {error}\n→ {error.mend}", file=sys.stderr, flush=True)
        return INPUT
    except KeyboardInterrupt:
        return OUTCOMES["stopped"]


def needs(*modules):
    """Refuses to go on without these modules, and says how to get them."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(
            f"Python at {sys.executable} has no {', '.join(missing)}",
            f"{sys.executable} -m pip install -r {Path(__file__).with_name('requirements.txt')}",
        )


# --- rows ---


def rows_of(path):
    """The rows of a JSONL file; a line that is no JSON object is refused with its number."""
    try:
        file = open(path, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", "Make it with codesteer data export --format trl.") from None
    with file:
        rows = []
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise InputError(f"{path}, line {number} is no JSON object", "Export the data again: codesteer data export.")
            rows.append(row)
        return rows


def texts_of(paths):
    """Every text of the rows: the contents of messages and plain strings under the columns that trainers read."""
    for path in paths:
        for row in rows_of(path):
            for column in ("messages", "prompt", "completion", "chosen", "rejected", "text"):
                value = row.get(column)
                if isinstance(value, str):
                    yield value
                elif isinstance(value, list):
                    yield from (message["content"] for message in value)


def sha256_of(path):
    """sha256 of a file's bytes, as hex digits."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


# --- the configuration ---


class Plan:
    """A training's configuration: a JSON file.

    base: folder or hub name of the model. train, validation: JSONL files (validation may be null). out: folder of this
    training; checkpoints/, model/ and log.jsonl are made in it. trainer: arguments of TRL's SFTConfig or DPOConfig, by
    their own names. lora: arguments of peft's LoraConfig, or null. threads: of the CPU, or null. seed. provenance:
    {dataHash, configHash, commit} for the log, all optional.
    """

    def __init__(self, path):
        try:
            text = Path(path).read_text(encoding="utf-8")
            plan = json.loads(text)
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror}", "Give the JSON file of a training.") from None
        except ValueError as error:
            raise InputError(f"{path} is no JSON: {error}", "Give the JSON file of a training.") from None
        known = {"base", "train", "validation", "out", "trainer", "lora", "threads", "seed", "provenance"}
        for name in plan:
            if name not in known:
                raise InputError(f"{path}: unknown key {name!r}", f"There are: {', '.join(sorted(known))}.")
        for name in ("base", "train", "out"):
            if not isinstance(plan.get(name), str):
                raise InputError(f"{path}: {name} must be a text", f'For example "{name}": "…".')
        self.base, self.train, self.out = plan["base"], plan["train"], Path(plan["out"])
        self.validation = plan.get("validation")
        self.trainer = plan.get("trainer") or {}
        self.lora = plan.get("lora")
        self.threads = plan.get("threads")
        self.seed = plan.get("seed", 1)
        provenance = plan.get("provenance") or {}
        self.data_hash = provenance.get("dataHash") or (sha256_of(self.train) if os.path.exists(self.train) else "")
        self.config_hash = provenance.get("configHash") or hashlib.sha256(text.encode()).hexdigest()
        self.commit = provenance.get("commit")

    def arguments(self, config_class, defaults):
        """The trainer's own arguments object; an argument it does not know, or refuses, is the caller's slip."""
        import torch

        given = {**defaults, **self.trainer}
        for name in given:
            if name not in config_class.__dataclass_fields__:
                raise InputError(
                    f"{config_class.__name__} has no argument {name!r}",
                    "Its arguments are in the documentation of TRL and of transformers' TrainingArguments.",
                )
        cuda = torch.cuda.is_available()
        given.setdefault("bf16", cuda and torch.cuda.is_bf16_supported())
        given.setdefault("gradient_checkpointing", cuda)
        given.setdefault("dataloader_pin_memory", cuda)
        # A loss that is no number shall be seen, not averaged away.
        given.setdefault("logging_nan_inf_filter", False)
        given.setdefault("seed", self.seed)
        given.setdefault("data_seed", given["seed"])
        try:
            return config_class(
                output_dir=str(self.out / "checkpoints"), disable_tqdm=True, report_to="none", **given
            )
        except (TypeError, ValueError) as error:
            raise InputError(f"{config_class.__name__} refuses its arguments: {error}", "Change the arguments of the trainer.") from None


# --- the log ---


def is_main():
    """True in the one process that writes, of those that torchrun or accelerate started."""
    return int(os.environ.get("RANK", "0")) == 0


class Log:
    """log.jsonl of a training. Lines are only ever appended; a torn last line of a killed process is cut off first."""

    def __init__(self, path):
        self.file = None
        if not is_main():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = open(path, "ab+")
        whole = 0
        self.file.seek(0)
        for line in self.file:
            if line.endswith(b"\n"):
                whole += len(line)
        self.file.truncate(whole)

    def write(self, event):
        if self.file is None:
            return
        event = {"type": event.pop("type"), "atMs": int(time.time() * 1000), **event}
        self.file.write(json.dumps(event, ensure_ascii=False, allow_nan=False).encode() + b"\n")
        self.file.flush()

    def end(self, outcome, model=None, why=None, mend=None):
        """The last event, and the script's exit code for it."""
        self.write(
            {"type": "training-end", "outcome": outcome, "model": model and str(model), "why": why, "mend": mend}
        )
        if why and is_main():
            print(f"{outcome}: {why}\n→ {mend}" if mend else f"{outcome}: {why}", file=sys.stderr, flush=True)
        return OUTCOMES[outcome]


def finite(values):
    """The numbers of a trainer's log that JSON can hold."""
    return {
        name: value
        for name, value in values.items()
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    }


# --- one training at a time, stopped well ---


def lock(folder):
    """Keeps a second process out of a training's folder for as long as this one lives."""
    if not is_main():
        return None
    folder.mkdir(parents=True, exist_ok=True)
    file = open(folder / "lock", "a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip()
        raise InputError(
            f"a training is under way in {folder} (process {holder})", f"Wait for it, or end it: kill {holder}"
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


class Stop:
    """Set by SIGTERM, SIGINT or a file: the step under way is finished, a checkpoint is saved, the training ends.

    The file is for trainings of many processes, whose starter (torchrun) would not wait for the checkpoint after a signal.
    """

    def __init__(self, file):
        self.asked, self.file = False, file
        if is_main():
            file.unlink(missing_ok=True)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.ask)

    def ask(self, _number, _frame):
        self.asked = True

    def now(self):
        self.asked = self.asked or self.file.exists()
        return self.asked

    def agreed(self, device):
        """The same answer in all processes of a training: any that was asked asks the others."""
        import torch

        if not (torch.distributed.is_available() and torch.distributed.is_initialized()):
            return self.now()
        asked = torch.tensor([1.0 if self.now() else 0.0], device=device)
        torch.distributed.all_reduce(asked)
        self.asked = bool(asked.item())
        return self.asked


def end_with_parent():
    """Asks Linux for a SIGTERM when the process that started this one ends, even by kill -9."""
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


# --- checkpoints ---


def newest_checkpoint(folder):
    """The newest checkpoint that was written to its end: (path, step), or (None, 0)."""
    found = []
    for entry in folder.iterdir() if folder.is_dir() else ():
        if match := re.fullmatch(r"checkpoint-(\d+)", entry.name):
            found.append((int(match[1]), entry))
    for step, path in sorted(found, reverse=True):
        if is_whole(path, step):
            return path, step
        print(f"{path} was not written to its end and is left out", file=sys.stderr, flush=True)
    return None, 0


def is_whole(path, step):
    """The trainer writes its state last, so it is whole when the state is; weights are looked at for their length."""
    try:
        state = json.loads((path / "trainer_state.json").read_text(encoding="utf-8"))
        if state["global_step"] != step:
            return False
        return all(has_all_tensors(file) for file in path.glob("*.safetensors"))
    except (OSError, ValueError, KeyError):
        return False


def has_all_tensors(file):
    """Whether a safetensors file is as long as its header says."""
    with open(file, "rb") as opened:
        (length,) = struct.unpack("<Q", opened.read(8))
        header = json.loads(opened.read(length))
    ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
    return file.stat().st_size == 8 + length + max(ends, default=0)


def take_up(folder, resume):
    """Where to go on: (checkpoint, step). Without `resume` a folder with checkpoints is not written over."""
    path, step = newest_checkpoint(folder)
    if path is not None and not resume:
        raise InputError(
            f"{folder} already holds checkpoints, the newest of step {step}",
            "Go on from there with --resume, or choose another folder.",
        )
    return path, step
