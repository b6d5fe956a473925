# /// script
# requires-python = ">=3.10"
# dependencies = ["torch>=2.6,<3", "transformers>=5.0,<6", "gguf>=0.17,<1"]
# ///
"""Writes a Llama of a Hugging Face folder into one GGUF file that llama.cpp and node-llama-cpp read.

    python to_gguf.py MODEL_FOLDER OUT.gguf [--type q8_0|f16|f32] [--name NAME]

For models made by new_model.py or miniature_model.py: Llama architecture, byte-level BPE with SmolLM's pre-tokenizer,
which llama.cpp has as "smollm". Special tokens become control tokens, other added tokens (phrases) user-defined ones; the
chat template goes along. Other architectures and tokenizers are refused: llama.cpp's own converter takes those. Prints one
JSON line: {"out", "bytes", "parameters", "type"}.
"""

import argparse
import json
import os
import sys

from training import InputError, needs, run

SMOLLM = [{"type": "Digits", "individual_digits": True}, {"type": "ByteLevel", "add_prefix_space": False, "use_regex": True}]


def tokens_of(tokenizer, backend):
    """Texts and kinds of all tokens in the order of their ids, and the merges."""
    from gguf import TokenType

    model = backend["model"]
    parts = (backend.get("pre_tokenizer") or {}).get("pretokenizers") or []
    kept = [{key: part.get(key) for key in want} for part, want in zip(parts, SMOLLM)]
    if model["type"] != "BPE" or len(parts) != 2 or kept != SMOLLM or backend.get("normalizer"):
        raise InputError(
            "the tokenizer is not byte-level BPE with SmolLM's pre-tokenizer",
            "Use llama.cpp's convert_hf_to_gguf.py for models that were not made by new_model.py.",
        )
    count = len(tokenizer)
    texts, kinds = [None] * count, [TokenType.NORMAL] * count
    for text, number in model["vocab"].items():
        texts[number] = text
    for added in backend["added_tokens"]:
        texts[added["id"]] = added["content"]
        kinds[added["id"]] = TokenType.CONTROL if added["special"] else TokenType.USER_DEFINED
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    return texts, kinds, merges


def permuted(weight, heads):
    """Rows of a query or key matrix in the order that llama.cpp's rotary embedding takes: pairs beside each other."""
    rows = weight.shape[0]
    return weight.reshape(heads, 2, rows // heads // 2, weight.shape[1]).swapaxes(1, 2).reshape(weight.shape)


def tensors_of(model):
    """(name in GGUF, array) of every tensor."""
    config = model.config
    names = {
        "model.embed_tokens.weight": "token_embd.weight",
        "model.norm.weight": "output_norm.weight",
        "lm_head.weight": "output.weight",
    }
    inside = {
        "input_layernorm.weight": "attn_norm.weight",
        "self_attn.q_proj.weight": "attn_q.weight",
        "self_attn.k_proj.weight": "attn_k.weight",
        "self_attn.v_proj.weight": "attn_v.weight",
        "self_attn.o_proj.weight": "attn_output.weight",
        "post_attention_layernorm.weight": "ffn_norm.weight",
        "mlp.gate_proj.weight": "ffn_gate.weight",
        "mlp.up_proj.weight": "ffn_up.weight",
        "mlp.down_proj.weight": "ffn_down.weight",
    }
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        array = tensor.detach().float().cpu().numpy()
        if name.endswith("q_proj.weight"):
            array = permuted(array, config.num_attention_heads)
        if name.endswith("k_proj.weight"):
            array = permuted(array, config.num_key_value_heads)
        if name in names:
            yield names[name], array
        else:
            _, _, layer, rest = name.split(".", 3)
            yield f"blk.{layer}.{inside[rest]}", array


def write(folder, out, kind, name):
    import gguf
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder)
        model = AutoModelForCausalLM.from_pretrained(folder)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot load a model from {folder}: {str(error).splitlines()[0]}", "Give the folder model/ of a training.") from None
    config = model.config
    if config.model_type != "llama":
        raise InputError(f"{folder} holds a {config.model_type} model, not a llama", "Use llama.cpp's convert_hf_to_gguf.py.")
    texts, kinds, merges = tokens_of(tokenizer, json.loads(tokenizer.backend_tokenizer.to_str()))
    types = {"q8_0": gguf.GGMLQuantizationType.Q8_0, "f16": gguf.GGMLQuantizationType.F16, "f32": gguf.GGMLQuantizationType.F32}
    files = {"q8_0": gguf.LlamaFileType.MOSTLY_Q8_0, "f16": gguf.LlamaFileType.MOSTLY_F16, "f32": gguf.LlamaFileType.ALL_F32}

    writer = gguf.GGUFWriter(out, "llama")
    writer.add_name(name)
    writer.add_file_type(files[kind])
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
    writer.add_rope_freq_base(rope_base(config))
    writer.add_vocab_size(len(texts))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(texts)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_eos_token_id(tokenizer.eos_token_id)
    writer.add_pad_token_id(tokenizer.pad_token_id)
    writer.add_add_bos_token(False)
    writer.add_chat_template(plain_template(tokenizer.chat_template))
    for tensor, array in tensors_of(model):
        wanted = types[kind] if array.ndim > 1 else types["f32"]
        if wanted == types["q8_0"] and array.shape[-1] % 32:
            wanted = types["f16"]
        writer.add_tensor(tensor, gguf.quantize(array, wanted), raw_dtype=wanted)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(json.dumps({"out": out, "bytes": os.path.getsize(out), "parameters": model.num_parameters(), "type": kind}))


def rope_base(config):
    """Where transformers keeps it: in rope_parameters since 5.0."""
    parameters = getattr(config, "rope_parameters", None) or {}
    return float(parameters.get("rope_theta") or getattr(config, "rope_theta", 10_000.0))


def plain_template(template):
    """Without the marks of what is learned, which only trainers know."""
    return template.replace("{% generation %}", "").replace("{% endgeneration %}", "")


def main():
    parser = argparse.ArgumentParser(description="Write a small Llama into a GGUF file.")
    parser.add_argument("model", help="Hugging Face folder")
    parser.add_argument("out", help="file to write")
    parser.add_argument("--type", choices=["q8_0", "f16", "f32"], default="q8_0", help="of the matrices (default: q8_0)")
    parser.add_argument("--name", default="miniature", help="name kept in the file")
    flags = parser.parse_args()
    needs("torch", "transformers", "gguf")
    write(flags.model, flags.out, flags.type, flags.name)


if __name__ == "__main__":
    sys.exit(run(main))
