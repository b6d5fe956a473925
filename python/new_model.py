# /// script
# requires-python = ">=3.10"
# dependencies = ["torch>=2.6,<3", "transformers>=5.0,<6", "tokenizers>=0.22,<1"]
# ///
"""Makes a small language model from nothing: a tokenizer trained on given JSONL rows and a Llama with random weights.

    python new_model.py --text sft-train.jsonl --out model --hidden 128 --layers 4

The tokenizer is byte-level BPE whose digits stand alone, with the same pre-tokenizer as SmolLM, which llama.cpp knows as
"smollm". Its chat template marks the assistant's words with {% generation %}, so that trainers can learn them alone. The
same text, sizes and seed give the same folder. Prints one JSON line: {"out", "parameters", "vocabulary", "context"}.
"""

import argparse
import json
import sys

from training import InputError, needs, run, texts_of

PAD, END = "<|pad|>", "<|end|>"
ROLES = ["<|system|>", "<|user|>", "<|assistant|>"]

# A turn is its role's token, its words, and the end token. The end token of the assistant is learned with its words.
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>' }}"
    "{% if message['role'] == 'assistant' %}"
    "{% generation %}{{ message['content'] + '<|end|>' }}{% endgeneration %}"
    "{% else %}{{ message['content'] + '<|end|>' }}{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)


def new_tokenizer(paths, vocabulary, context):
    """A tokenizer trained on all texts of the JSONL files; at most `vocabulary` tokens."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
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
        min_frequency=2,
        special_tokens=[PAD, END, *ROLES],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts_of(paths), trainer)
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


def new_model(tokenizer, flags):
    """A Llama with random weights for this tokenizer."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(flags.seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=flags.hidden,
        intermediate_size=flags.inner or -(-flags.hidden * 8 // 3 // 32) * 32,
        num_hidden_layers=flags.layers,
        num_attention_heads=flags.heads,
        num_key_value_heads=flags.kv_heads or flags.heads,
        max_position_embeddings=flags.context,
        tie_word_embeddings=not flags.untied,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
    )
    return LlamaForCausalLM(config)


def main():
    parser = argparse.ArgumentParser(description="Make a tokenizer and a small Llama with random weights.")
    parser.add_argument("--text", action="append", required=True, help="JSONL file to train the tokenizer on; may be repeated")
    parser.add_argument("--out", required=True, help="folder of the model")
    parser.add_argument("--hidden", type=int, default=128, help="width (default: 128)")
    parser.add_argument("--layers", type=int, default=4, help="layers (default: 4)")
    parser.add_argument("--heads", type=int, default=4, help="attention heads (default: 4)")
    parser.add_argument("--kv-heads", type=int, help="key and value heads (default: as many as heads)")
    parser.add_argument("--inner", type=int, help="width inside the MLP (default: 8/3 of the width)")
    parser.add_argument("--context", type=int, default=2048, help="tokens of context (default: 2048)")
    parser.add_argument("--vocabulary", type=int, default=4096, help="tokens of the vocabulary at most (default: 4096)")
    parser.add_argument("--untied", action="store_true", help="separate output embeddings")
    parser.add_argument("--seed", type=int, default=1, help="seed of the weights (default: 1)")
    flags = parser.parse_args()
    if flags.hidden % flags.heads or (flags.hidden // flags.heads) % 2:
        raise InputError(
            f"{flags.heads} heads do not divide a width of {flags.hidden} into even parts",
            "For example --hidden 128 --heads 4.",
        )
    if flags.heads % (flags.kv_heads or flags.heads):
        raise InputError(f"{flags.kv_heads} key and value heads do not divide {flags.heads} heads", "For example --kv-heads 2.")
    if flags.vocabulary < 300:
        raise InputError(f"--vocabulary must be 300 or more, not {flags.vocabulary}", "256 bytes and the special tokens need room.")
    needs("torch", "transformers", "tokenizers")
    tokenizer = new_tokenizer(flags.text, flags.vocabulary, flags.context)
    model = new_model(tokenizer, flags)
    model.save_pretrained(flags.out)
    tokenizer.save_pretrained(flags.out)
    made = {
        "out": flags.out,
        "parameters": model.num_parameters(),
        "vocabulary": len(tokenizer),
        "context": flags.context,
    }
    print(json.dumps(made), flush=True)


if __name__ == "__main__":
    sys.exit(run(main))
