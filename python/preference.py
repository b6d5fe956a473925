"""What a model itself prefers on held-out pairs, before and while DPO trains it. Not a script."""

import torch
from transformers import TrainerCallback

PAIRS_AT_MOST = 256


def log_probability(model, prompt, completion, device):
    """Sum over the completion's tokens of their log probability after the prompt, in nats."""
    ids = torch.tensor([prompt + completion], device=device)
    # Only the completion's logits are made: a vocabulary times a long prompt would not fit.
    logits = model(input_ids=ids, logits_to_keep=len(completion) + 1).logits[0, -len(completion) - 1 : -1].float()
    chosen = torch.tensor(completion, device=device)
    return torch.log_softmax(logits, -1).gather(-1, chosen[:, None]).sum().item()


class PreferenceAccuracy(TrainerCallback):
    """At the start and at each evaluation: how often the model finds the chosen words likelier than the rejected ones.

    eval_preference_accuracy compares the log probabilities of the words whole, as DPO's loss does;
    eval_preference_accuracy_by_token divides them by their tokens first, so that the shorter words have no advantage. A
    tie is a half. At most 256 pairs, the first ones; those longer than `max_length` are left out.
    """

    def __init__(self, trainer, tokenizer, rows, max_length, report):
        self.trainer, self.report = trainer, report
        self.pairs = []
        for row in rows:
            prompt = self.ids(tokenizer, row["prompt"], add_generation_prompt=True)
            sides = [self.ids(tokenizer, row["prompt"] + row[side])[len(prompt) :] for side in ("chosen", "rejected")]
            if len(self.pairs) < PAIRS_AT_MOST and len(prompt) + max(map(len, sides)) <= max_length:
                self.pairs.append((prompt, *sides))

    @staticmethod
    def ids(tokenizer, messages, **options):
        return tokenizer.apply_chat_template(messages, tokenize=True, return_dict=True, **options)["input_ids"]

    def on_train_begin(self, args, state, control, **_):
        if state.global_step == 0:
            self.report(state, self.measure(args.device))

    def on_evaluate(self, args, state, control, **_):
        self.report(state, self.measure(args.device))

    @torch.no_grad()
    def measure(self, device):
        if not self.pairs:
            return {}
        model = self.trainer.model_wrapped
        was_training = model.training
        model.eval()
        whole = by_token = 0.0
        for prompt, chosen, rejected in self.pairs:
            better, worse = (log_probability(model, prompt, words, device) for words in (chosen, rejected))
            whole += won(better, worse)
            by_token += won(better / len(chosen), worse / len(rejected))
        model.train(was_training)
        return {
            "eval_preference_accuracy": whole / len(self.pairs),
            "eval_preference_accuracy_by_token": by_token / len(self.pairs),
        }


def won(better, worse):
    return 0.5 if better == worse else float(better > worse)
