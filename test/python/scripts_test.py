"""The training scripts from the inside: what is learned, what is refused, what a kill leaves, what a server answers.

    CODESTEER_PYTHON test/python/scripts_test.py

One process, since importing the trainers takes longer than all of it.
"""

import contextlib
import io
import json
import os
import random
import signal
import sys
import tempfile
import threading
import unittest
import urllib.error
import urllib.request
from http.server import ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python"))

import fit
import new_model
import serve
import train_dpo
import train_sft
import training


def user(words):
    return {"role": "user", "content": words}


def coach(words):
    return {"role": "assistant", "content": words}


def rows(count):
    """Questions whose way is told by their size, in supervised rows of two turns; pairs that always want words, which the new model does not."""
    draw = random.Random(1)
    supervised, pairs = [], []
    for _ in range(count):
        number = draw.randrange(10_000)
        right = "<<<Code>>>" if number > 5_000 else "<<<Text>>>"
        prompt = [user(f"Which way for {number}?")]
        answer = [coach(right), user("The solver said 12."), coach("<<<Return Answer>>>")]
        supervised.append({"prompt": prompt, "completion": answer})
        pairs.append({"prompt": prompt, "chosen": [coach("<<<Text>>>")], "rejected": [coach("<<<Code>>>")]})
    return supervised, pairs


def write(path, values):
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    return str(path)


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory(prefix="codesteer-python-")
        cls.folder = Path(cls.place.name)
        supervised, pairs = rows(48)
        cls.sft, cls.dpo = write(cls.folder / "sft.jsonl", supervised), write(cls.folder / "dpo.jsonl", pairs)
        cls.supervised, cls.pairs = supervised, pairs
        cls.base = str(cls.folder / "base")
        cls.made = cls.new_model(cls.base)

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    @classmethod
    def new_model(cls, out):
        printed = io.StringIO()
        flags = ["--text", cls.sft, "--out", out, "--hidden", "32", "--layers", "1", "--heads", "2", "--context", "128"]
        with contextlib.redirect_stdout(printed), cls.arguments(*flags, "--vocabulary", "320"):
            new_model.main()
        return json.loads(printed.getvalue())

    @staticmethod
    @contextlib.contextmanager
    def arguments(*given):
        before, sys.argv = sys.argv, ["script", *given]
        try:
            yield
        finally:
            sys.argv = before

    def run_script(self, script, name, flags=(), **plan):
        """Runs a training script in this process; gives its exit code, its events and what it said."""
        config = self.folder / f"{name}.json"
        whole = {"base": self.base, "validation": None, "out": str(self.folder / name), "threads": 1, **plan}
        config.write_text(json.dumps(whole))
        said = io.StringIO()
        before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        with self.arguments(str(config), *flags), contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            code = training.run(script.main)
        for number, handler in before.items():
            signal.signal(number, handler)
        log = self.folder / name / "log.jsonl"
        events = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() and code != 2 else []
        return code, events, said.getvalue()

    def settings(self, **more):
        return {
            "num_train_epochs": 1,
            "learning_rate": 3e-3,
            "per_device_train_batch_size": 8,
            "logging_steps": 1,
            "save_steps": 2,
            "max_length": 128,
            **more,
        }


class NewModel(Case):
    def test_same_text_and_seed_same_model(self):
        self.assertEqual(self.made["context"], 128)
        other = str(self.folder / "again")
        self.new_model(other)
        for name in ("model.safetensors", "tokenizer.json", "chat_template.jinja"):
            self.assertEqual(Path(self.base, name).read_bytes(), Path(other, name).read_bytes(), name)

    def test_digits_stand_alone_and_every_text_comes_back(self):
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(self.base)
        for text in ("12345 + 6.78", "Ünïcode 🦊\n\n\tprint(1)", "  two  blanks ", "x²½"):
            ids = tokenizer(text)["input_ids"]
            self.assertEqual(tokenizer.decode(ids), text)
        pieces = tokenizer.tokenize("12345")
        self.assertEqual(pieces, list("12345"))


class Learned(Case):
    def test_loss_is_on_the_coach_of_the_completion_alone(self):
        from datasets import Dataset
        from transformers import AutoTokenizer
        from trl import SFTConfig, SFTTrainer

        tokenizer = AutoTokenizer.from_pretrained(self.base)
        kept, loss = train_sft.prepared(self.supervised, "rows")
        self.assertEqual(loss, {"completion_only_loss": True, "assistant_only_loss": True})
        losses, words = [], None
        for packing in (False, True):
            arguments = SFTConfig(
                str(self.folder / "masks"), max_length=128, packing=packing, bf16=False, report_to="none", disable_tqdm=True,
                per_device_eval_batch_size=64, dataloader_pin_memory=False, **loss,
            )
            data = Dataset.from_list(kept)
            trainer = SFTTrainer(self.base, arguments, train_dataset=data, eval_dataset=data, processing_class=tokenizer)
            if not packing:
                batch = trainer.data_collator([trainer.train_dataset[0]])
                words = tokenizer.decode([token for token in batch["labels"][0].tolist() if token != -100])
            losses.append(trainer.evaluate()["eval_loss"])
        right = self.supervised[0]["completion"][0]["content"]
        self.assertEqual(words, f"{right}<|end|><<<Return Answer>>><|end|>")
        # Packed rows do not see each other, also without flash attention.
        self.assertAlmostEqual(losses[0], losses[1], places=4)

    def test_forms_of_rows(self):
        messages = {"messages": [user("a"), coach("b")], "id": 1}
        self.assertEqual(train_sft.prepared([messages], "x"), ([{"messages": messages["messages"]}], {"assistant_only_loss": True}))
        single = {"prompt": [user("a")], "completion": [coach("b")]}
        self.assertEqual(train_sft.prepared([single], "x")[1], {"completion_only_loss": True})
        with self.assertRaisesRegex(training.InputError, "columns other"):
            train_sft.prepared([{"other": 1}], "x")
        with self.assertRaisesRegex(training.InputError, "row 2 has no"):
            train_sft.prepared([single, {"prompt": []}], "x")
        with self.assertRaisesRegex(training.InputError, "row 1 has no conversation under rejected"):
            train_dpo.prepared([{"prompt": [], "chosen": []}], "x")


class Trainings(Case):
    def test_finishes_with_a_log_of_every_step(self):
        code, events, _ = self.run_script(train_sft, "whole", train=self.sft, validation=self.sft, trainer=self.settings(eval_steps=3))
        self.assertEqual(code, 0)
        self.assertEqual(events[0]["type"], "training-start")
        self.assertEqual((events[0]["rows"], events[0]["steps"], events[0]["fromStep"]), (48, 6, 0))
        self.assertEqual(events[0]["dataHash"], training.sha256_of(self.sft))
        steps = [event["step"] for event in events if "loss" in event.get("values", {})]
        self.assertEqual(steps, [1, 2, 3, 4, 5, 6])
        self.assertTrue(any("eval_loss" in event.get("values", {}) for event in events))
        self.assertEqual(events[-1]["outcome"], "finished")
        self.assertTrue(Path(events[-1]["model"], "model.safetensors").exists())

    def test_goes_on_after_a_kill_as_if_nothing_had_happened(self):
        whole = self.run_script(train_sft, "unbroken", train=self.sft, trainer=self.settings())[1]
        # A kill at step 5 in the midst of a checkpoint and of a line.
        self.run_script(train_sft, "killed", train=self.sft, trainer=self.settings(max_steps=6, num_train_epochs=1))
        folder = self.folder / "killed"
        torn = folder / "checkpoints" / "checkpoint-6" / "trainer_state.json"
        torn.write_bytes(torn.read_bytes()[:50])
        weights = folder / "checkpoints" / "checkpoint-4" / "model.safetensors"
        log = folder / "log.jsonl"
        log.write_bytes(log.read_bytes()[: log.read_bytes().rindex(b'"step": 5') + 5])
        refused, _, said = self.run_script(train_sft, "killed", train=self.sft, trainer=self.settings())
        self.assertEqual(refused, 2)
        self.assertIn("already holds checkpoints, the newest of step 4", said)
        self.assertTrue(weights.exists())
        code, events, said = self.run_script(train_sft, "killed", flags=["--resume"], train=self.sft, trainer=self.settings())
        self.assertEqual(code, 0)
        self.assertIn("checkpoint-6 was not written to its end", said)
        starts = [event["fromStep"] for event in events if event["type"] == "training-start"]
        self.assertEqual(starts, [0, 4])
        losses = lambda told: {e["step"]: e["values"]["loss"] for e in told if "loss" in e.get("values", {})}
        self.assertEqual(set(losses(events)), set(losses(whole)))
        for step, loss in losses(events).items():
            self.assertAlmostEqual(loss, losses(whole)[step], places=4)

    def test_weights_cut_short_are_no_checkpoint(self):
        self.run_script(train_sft, "cut", train=self.sft, trainer=self.settings())
        weights = self.folder / "cut" / "checkpoints" / "checkpoint-6" / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:-10])
        self.assertEqual(training.newest_checkpoint(self.folder / "cut" / "checkpoints")[1], 4)

    def test_a_stop_keeps_a_checkpoint(self):
        original = training.Stop.now
        training.Stop.now = lambda stop: True
        try:
            code, events, _ = self.run_script(train_sft, "stopped", train=self.sft, trainer=self.settings(save_steps=50))
        finally:
            training.Stop.now = original
        self.assertEqual((code, events[-1]["outcome"]), (130, "stopped"))
        self.assertEqual(training.newest_checkpoint(self.folder / "stopped" / "checkpoints")[1], 1)

    def test_only_one_at_a_time(self):
        with contextlib.closing(training.lock(self.folder / "held")):
            code, _, said = self.run_script(train_sft, "held", train=self.sft, trainer=self.settings())
        self.assertEqual(code, 2)
        self.assertIn(f"a training is under way in {self.folder / 'held'} (process {os.getpid()})", said)

    def test_dpo_moves_what_the_model_prefers(self):
        settings = self.settings(num_train_epochs=4, learning_rate=1e-2, eval_steps=0.5)
        code, events, _ = self.run_script(train_dpo, "dpo", train=self.dpo, validation=self.dpo, trainer=settings)
        self.assertEqual(code, 0)
        told = [e["values"]["eval_preference_accuracy"] for e in events if "eval_preference_accuracy" in e.get("values", {})]
        first = next(e for e in events if "eval_preference_accuracy" in e.get("values", {}))
        self.assertEqual(first["step"], 0)
        self.assertGreater(told[-1], told[0])
        self.assertGreater(told[-1], 0.8)

    def test_lora_is_merged_into_its_base(self):
        lora = {"r": 4, "lora_alpha": 8, "target_modules": "all-linear"}
        code, events, _ = self.run_script(train_sft, "lora", train=self.sft, trainer=self.settings(), lora=lora)
        self.assertEqual(code, 0)
        self.assertLess(events[0]["trainable"], events[0]["parameters"] / 2)
        model = self.folder / "lora" / "model"
        self.assertTrue((self.folder / "lora" / "adapter" / "adapter_model.safetensors").exists())
        self.assertEqual(json.loads((model / "config.json").read_text())["architectures"], ["LlamaForCausalLM"])
        self.assertNotEqual((model / "model.safetensors").read_bytes(), Path(self.base, "model.safetensors").read_bytes())


class Refused(Case):
    def test_rows_that_are_too_long_are_listed(self):
        long = write(self.folder / "long.jsonl", [*self.supervised, {"prompt": [user("x 1 " * 100)], "completion": [coach("b")]}])
        code, events, said = self.run_script(train_sft, "long", train=long, trainer=self.settings())
        self.assertEqual((code, events), (2, []))
        self.assertRegex(said, r"error: 1 rows have more than 128 tokens.*\n  train row 49: \d+ tokens\n→ Leave them out")

    def test_no_rows_broken_rows_unknown_arguments(self):
        empty, broken = write(self.folder / "empty.jsonl", []), self.folder / "broken.jsonl"
        self.assertIn("has no rows", self.run_script(train_sft, "r1", train=empty)[2])
        broken.write_text('{"prompt": []}\n{"prompt"')
        self.assertIn("broken.jsonl, line 2 is no JSON object", self.run_script(train_sft, "r2", train=str(broken))[2])
        said = self.run_script(train_sft, "r3", train=self.sft, trainer={"learning_rat": 1})[2]
        self.assertIn("SFTConfig has no argument 'learning_rat'", said)
        self.assertIn("unknown key 'trian'", self.run_script(train_sft, "r4", trian=self.sft, train=self.sft)[2])

    def test_a_model_without_chat_template(self):
        from shutil import copytree

        bare = self.folder / "bare"
        copytree(self.base, bare)
        (bare / "chat_template.jinja").unlink()
        self.assertIn("has no chat template", self.run_script(train_sft, "r5", base=str(bare), train=self.sft)[2])

    def test_memory_says_what_to_lower(self):
        original = train_sft.make

        def make(*_):
            raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")

        train_sft.make = make
        try:
            code, events, said = self.run_script(train_sft, "memory", train=self.sft)
        finally:
            train_sft.make = original
        self.assertEqual((code, events[-1]["outcome"]), (3, "failed"))
        self.assertIn("out of memory: CUDA out of memory. Tried to allocate 2.00 GiB", events[-1]["why"])
        self.assertIn("per_device_train_batch_size", events[-1]["mend"])

    def test_a_loss_that_is_no_number(self):
        code, events, _ = self.run_script(train_sft, "nan", train=self.sft, trainer=self.settings(learning_rate=1e30, max_grad_norm=0))
        self.assertEqual((code, events[-1]["outcome"]), (3, "failed"))
        self.assertRegex(events[-1]["why"], "the loss is not a number at step")

    def test_packages_that_are_missing(self):
        with self.assertRaisesRegex(training.InputError, "has no no_such_module"):
            training.needs("json", "no_such_module")


class Served(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Trained a little, so that it says words and ends.
        settings = {"num_train_epochs": 8, "learning_rate": 1e-2, "per_device_train_batch_size": 8, "max_length": 128}
        code, events, said = cls.run_script(cls, train_sft, "served", train=cls.sft, trainer=settings)
        assert code == 0, said
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), serve.handler_of(serve.Chat(events[-1]["model"], "cpu"), "coach"))
        cls.url = f"http://127.0.0.1:{cls.server.server_address[1]}/v1"
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        super().tearDownClass()

    def post(self, body, path="/chat/completions"):
        data = body if isinstance(body, bytes) else json.dumps({"messages": [user("Which way for 1?")], **body}).encode()
        request = urllib.request.Request(self.url + path, data, {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def test_answers_in_the_form_of_the_protocol(self):
        status, text = self.post({"model": "coach", "temperature": 0, "max_tokens": 5})
        answer = json.loads(text)
        self.assertEqual(status, 200)
        self.assertEqual(answer["object"], "chat.completion")
        self.assertIn(answer["choices"][0]["finish_reason"], ("stop", "length"))
        self.assertLessEqual(answer["usage"]["completion_tokens"], 5)
        self.assertEqual(answer["usage"]["total_tokens"], answer["usage"]["prompt_tokens"] + answer["usage"]["completion_tokens"])

    def test_a_seed_repeats_and_another_does_not(self):
        said = lambda seed: json.loads(self.post({"temperature": 2, "max_tokens": 20, "seed": seed})[1])["choices"][0]["message"]
        self.assertEqual(said(1), said(1))
        self.assertNotEqual(said(1), said(2))

    def test_streams_the_same_words(self):
        whole = json.loads(self.post({"temperature": 0, "max_tokens": 12})[1])["choices"][0]["message"]["content"]
        status, text = self.post({"temperature": 0, "max_tokens": 12, "stream": True, "stream_options": {"include_usage": True}})
        events = [line[6:] for line in text.splitlines() if line.startswith("data: ")]
        self.assertEqual((status, events[-1]), (200, "[DONE]"))
        chunks = [json.loads(event) for event in events[:-1]]
        pieces = [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"]]
        self.assertEqual("".join(pieces), whole)
        self.assertGreater(chunks[-1]["usage"]["total_tokens"], 0)

    def test_stops_at_a_text(self):
        whole = json.loads(self.post({"temperature": 0, "max_tokens": 12})[1])["choices"][0]["message"]["content"]
        stop = whole[2:4]
        status, text = self.post({"temperature": 0, "max_tokens": 12, "stop": stop})
        choice = json.loads(text)["choices"][0]
        self.assertEqual((choice["message"]["content"], choice["finish_reason"]), (whole[: whole.index(stop)], "stop"))

    def test_refuses_with_a_status_and_a_code(self):
        self.assertIn("context_length_exceeded", self.post({"messages": [user("1 " * 500)]})[1])
        self.assertEqual(self.post(b"{")[0], 400)
        self.assertEqual(self.post({"messages": []})[0], 400)
        self.assertEqual(self.post({"messages": [{"role": "robot", "content": "x"}]})[0], 400)
        self.assertEqual(self.post({"temperature": "hot"})[0], 400)
        self.assertEqual(self.post({"model": "other"})[0], 404)
        self.assertEqual(self.post({}, path="/elsewhere")[0], 404)


if __name__ == "__main__":
    unittest.main(verbosity=2)
