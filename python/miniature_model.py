# /// script
# requires-python = ">=3.10"
# dependencies = ["torch>=2.6,<3", "transformers>=5.0,<6", "tokenizers>=0.22,<1"]
# ///
"""Makes the miniature study's model from nothing: new_model.py's, with fixed phrases as tokens of their own.

    python miniature_model.py --text lessons.jsonl --phrases phrases.json --out model --hidden 192 --layers 6

A phrase (a sentence of a prompt, a line of a program) is one token wherever it stands, so that a conversation costs a
quarter of the tokens. The merges are learned on what the phrases leave over, with the strings of data taken out, so that
letters and digits of data stay single tokens. Prints one JSON line as new_model.py does.
"""

import argparse
import json
import re
import sys

from new_model import CHAT_TEMPLATE, END, PAD, ROLES, new_model
from training import needs, rows_of, run

# Data of questions: words of capitals, and words without a vowel or of unlikely length.
DATA = re.compile(r"\b[A-Z]{2,}\b|\b\w{16,}\b|\d+")


def rest_of(paths, phrases):
    """What phrases leave over of the texts, one text a message, without data."""
    longest_first = sorted(phrases, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first))) if phrases else None
    for path in paths:
        for row in rows_of(path):
            for message in row["messages"]:
                text = pattern.sub("\n", message["content"]) if pattern else message["content"]
                yield DATA.sub(" ", text)


def whole_of(paths, every):
    """Every nth conversation as it is, so that words inside phrases have their tokens too."""
    for path in paths:
        for number, row in enumerate(rows_of(path)):
            if number % every == 0:
                yield from (DATA.sub(" ", message["content"]) for message in row["messages"])


def new_tokenizer(paths, phrases, vocabulary, context):
    """Byte-level BPE of `vocabulary` tokens and the phrases behind them."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=4,
        special_tokens=[PAD, END, *ROLES],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )

    def texts():
        yield from rest_of(paths, phrases)
        yield from whole_of(paths, 50)

    tokenizer.train_from_iterator(texts(), trainer)
    tokenizer.add_tokens([AddedToken(phrase, normalized=False, special=False) for phrase in phrases])
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=END,
        additional_special_tokens=ROLES,
        model_max_length=context,
        clean_up_tokenization_spaces=False,
    )
    fast.chat_template = CHAT_TEMPLATE
    return fast


def main():
    parser = argparse.ArgumentParser(description="Make the miniature's tokenizer and a Llama with random weights.")
    parser.add_argument("--text", action="append", required=True, help="JSONL file of lessons; may be repeated")
    parser.add_argument("--phrases", required=True, help="JSON list of phrases that become tokens")
    parser.add_argument("--out", required=True, help="folder of the model")
    parser.add_argument("--hidden", type=int, default=192, help="width (default: 192)")
    parser.add_argument("--layers", type=int, default=6, help="layers (default: 6)")
    parser.add_argument("--heads", type=int, default=6, help="attention heads (default: 6)")
    parser.add_argument("--kv-heads", type=int, help="key and value heads (default: as many as heads)")
    parser.add_argument("--inner", type=int, help="width inside the MLP (default: 8/3 of the width)")
    parser.add_argument("--context", type=int, default=4096, help="tokens of context (default: 4096)")
    parser.add_argument("--vocabulary", type=int, default=1536, help="tokens without the phrases (default: 1536)")
    parser.add_argument("--untied", action="store_true", help="separate output embeddings")
    parser.add_argument("--seed", type=int, default=1, help="seed of the weights (default: 1)")
    flags = parser.parse_args()
    needs("torch", "transformers", "tokenizers")
    with open(flags.phrases, encoding="utf-8") as file:
        phrases = json.load(file)
    tokenizer = new_tokenizer(flags.text, phrases, flags.vocabulary, flags.context)
    model = new_model(tokenizer, flags)
    model.save_pretrained(flags.out)
    tokenizer.save_pretrained(flags.out)
    print(
        json.dumps(
            {
                "out": flags.out,
                "parameters": model.num_parameters(),
                "vocabulary": len(tokenizer),
                "context": flags.context,
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(run(main))
