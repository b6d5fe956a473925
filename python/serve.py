# /// script
# requires-python = ">=3.10"
# dependencies = ["torch>=2.6,<3", "transformers>=5.0,<6"]
# ///
"""Serves a small model over the OpenAI chat protocol: POST /v1/chat/completions, GET /v1/models.

    python serve.py --model DIR --name my-coach --port 8001

One request is worked on at a time, the others wait. Understood of a request: messages, temperature (0 is greedy), top_p,
max_tokens or max_completion_tokens, stop, seed, stream. For models of billions of parameters take vLLM or llama.cpp. The
first line on standard output is {"type": "serving", "url", "model", "context"}. SIGTERM and Ctrl-C end it.
"""

import argparse
import json
import signal
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from training import InputError, end_with_parent, needs, run

BODY_BYTES_AT_MOST = 8 << 20
TOKENS_UNLESS_SAID = 512


class Refusal(Exception):
    """A request that cannot be served: HTTP status, OpenAI's error code, message."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


class Chat:
    """The model and its tokenizer."""

    def __init__(self, folder, device):
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        try:
            self.tokenizer = AutoTokenizer.from_pretrained(folder)
            self.model = AutoModelForCausalLM.from_pretrained(folder, dtype="auto").to(self.device).eval()
        except (OSError, ValueError) as error:
            reason = str(error).strip().splitlines()[0]
            raise InputError(f"cannot load a model from {folder}: {reason}", "Give the folder model/ of a training.") from None
        if self.tokenizer.chat_template is None:
            raise InputError(f"the tokenizer in {folder} has no chat template", "Take the folder that the training wrote.")
        self.context = self.model.config.max_position_embeddings
        self.turn = threading.Lock()

    def complete(self, request, on_text=None):
        """Text, why it ended, and how many tokens went in and out. `on_text` gets the pieces as they come."""
        import torch

        prompt = self.tokenizer.apply_chat_template(
            messages_of(request), tokenize=True, return_dict=True, add_generation_prompt=True, return_tensors="pt"
        ).to(self.device)
        size = prompt["input_ids"].shape[1]
        room = self.context - size
        if room < 1:
            raise Refusal(
                400,
                "context_length_exceeded",
                f"This model's maximum context length is {self.context} tokens; the messages have {size}.",
            )
        wanted = number(request, "max_completion_tokens") or number(request, "max_tokens") or TOKENS_UNLESS_SAID
        temperature = number(request, "temperature", 1.0)
        options = {"max_new_tokens": int(min(wanted, room)), "do_sample": temperature > 0}
        if temperature > 0:
            options.update(temperature=float(temperature), top_p=float(number(request, "top_p", 1.0)), top_k=0)
        stops = stops_of(request)
        if stops:
            options.update(stop_strings=stops, tokenizer=self.tokenizer)
        if on_text:
            options["streamer"] = pieces(self.tokenizer, stops, on_text)
        with self.turn, torch.no_grad():
            seed = number(request, "seed")
            if seed is not None:
                torch.manual_seed(int(seed))
            output = self.model.generate(**prompt, **options, pad_token_id=self.tokenizer.pad_token_id)[0, size:]
        text = self.tokenizer.decode(output, skip_special_tokens=True)
        text, cut = cut_at(text, stops)
        ended = cut or (len(output) > 0 and output[-1].item() in end_tokens(self.model))
        return text, "stop" if ended else "length", size, len(output)


def messages_of(request):
    messages = request.get("messages")
    if not isinstance(messages, list) or not messages:
        raise Refusal(400, "invalid_request", "messages must be a list with at least one message")
    plain = []
    for message in messages:
        content = message.get("content") if isinstance(message, dict) else None
        if isinstance(content, list):
            content = "".join(part.get("text", "") for part in content if isinstance(part, dict))
        if not isinstance(content, str) or message.get("role") not in ("system", "user", "assistant"):
            raise Refusal(400, "invalid_request", "a message has a role (system, user, assistant) and a text as its content")
        plain.append({"role": message["role"], "content": content})
    return plain


def number(request, name, default=None):
    value = request.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise Refusal(400, "invalid_request", f"{name} must be a number, 0 or above")
    return value


def stops_of(request):
    stop = request.get("stop") or []
    stops = [stop] if isinstance(stop, str) else stop
    if not all(isinstance(one, str) and one for one in stops):
        raise Refusal(400, "invalid_request", "stop must be a text or a list of texts")
    return stops


def cut_at(text, stops):
    """The text before the first stop, and whether there was one."""
    at = min((found for stop in stops if (found := text.find(stop)) >= 0), default=None)
    return (text, False) if at is None else (text[:at], True)


def end_tokens(model):
    ends = model.generation_config.eos_token_id
    return ends if isinstance(ends, list) else [ends]


def pieces(tokenizer, stops, on_text):
    """A streamer that hands on text; with stops it waits for the end, since a stop may be cut in two."""
    from transformers import TextStreamer

    class Pieces(TextStreamer):
        kept = ""

        def on_finalized_text(self, text, stream_end=False):
            if stops:
                self.kept += text
                text = cut_at(self.kept, stops)[0] if stream_end else ""
            if text:
                on_text(text)

    return Pieces(tokenizer, skip_prompt=True, skip_special_tokens=True)


def handler_of(chat, name):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def do_GET(self):
            if self.path.rstrip("/") != "/v1/models":
                return self.refuse(Refusal(404, "not_found", f"nothing at {self.path}"))
            self.answer(200, {"object": "list", "data": [{"id": name, "object": "model", "created": 0, "owned_by": "codesteer"}]})

        def do_POST(self):
            try:
                size = int(self.headers.get("content-length") or 0)
                if size > BODY_BYTES_AT_MOST:
                    self.close_connection = True
                    raise Refusal(413, "too_large", f"the request has more than {BODY_BYTES_AT_MOST} bytes")
                body = self.rfile.read(size)
                if self.path.rstrip("/") != "/v1/chat/completions":
                    raise Refusal(404, "not_found", f"nothing at {self.path}")
                request = read_json(body)
                if request.get("model") not in (None, name):
                    raise Refusal(404, "model_not_found", f"no model {request['model']!r}; there is {name!r}")
                if request.get("stream"):
                    return self.stream(request)
                text, why, prompt, completion = chat.complete(request)
                message = {"role": "assistant", "content": text}
                self.answer(
                    200,
                    {
                        **head("chat.completion"),
                        "choices": [{"index": 0, "message": message, "finish_reason": why}],
                        "usage": usage(prompt, completion),
                    },
                )
            except Refusal as refusal:
                self.refuse(refusal)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def stream(self, request):
            facts = head("chat.completion.chunk")
            begun = False

            def send(event):
                nonlocal begun
                if not begun:
                    # Only now: a request that is refused gets its status.
                    self.send_response(200)
                    self.send_header("content-type", "text/event-stream")
                    self.send_header("connection", "close")
                    self.end_headers()
                    self.close_connection = begun = True
                self.wfile.write(b"data: " + (event if isinstance(event, bytes) else json.dumps(event).encode()) + b"\n\n")
                self.wfile.flush()

            def chunk(delta, why=None):
                return {**facts, "choices": [{"index": 0, "delta": delta, "finish_reason": why}]}

            _, why, prompt, completion = chat.complete(
                request, on_text=lambda text: send(chunk({"role": "assistant", "content": text}))
            )
            send(chunk({}, why))
            if (request.get("stream_options") or {}).get("include_usage"):
                send({**facts, "choices": [], "usage": usage(prompt, completion)})
            send(b"[DONE]")

        def refuse(self, refusal):
            error = {"message": str(refusal), "type": "invalid_request_error", "code": refusal.code}
            self.answer(refusal.status, {"error": error})

        def answer(self, status, value):
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def head(kind):
        return {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": int(time.time()), "model": name}

    return Handler


def usage(prompt, completion):
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def read_json(body):
    try:
        request = json.loads(body)
    except ValueError:
        request = None
    if not isinstance(request, dict):
        raise Refusal(400, "invalid_request", "the body must be a JSON object")
    return request


def main():
    parser = argparse.ArgumentParser(description="Serve a small model over the OpenAI chat protocol.")
    parser.add_argument("--model", required=True, help="folder of the model")
    parser.add_argument("--name", default="coach", help="the model's name in requests (default: coach)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8001, help="port; 0 takes a free one (default: 8001)")
    parser.add_argument("--threads", type=int, help="threads of the CPU (default: as torch has it)")
    parser.add_argument("--device", help="cpu or cuda (default: cuda where there is one)")
    parser.add_argument("--end-with-parent", action="store_true", help="end when the starter ends")
    flags = parser.parse_args()
    if flags.end_with_parent:
        end_with_parent()
    needs("torch", "transformers")
    import torch

    if flags.threads:
        torch.set_num_threads(flags.threads)
    chat = Chat(flags.model, flags.device)
    try:
        server = ThreadingHTTPServer((flags.host, flags.port), handler_of(chat, flags.name))
    except OSError as error:
        raise InputError(f"cannot listen on {flags.host}:{flags.port}: {error.strerror}", "Choose another --port; 0 takes a free one.") from None
    server.daemon_threads = True
    # shutdown() waits for serve_forever(), which this very thread is in.
    end = lambda *_: threading.Thread(target=server.shutdown).start()
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    host, port = server.server_address[:2]
    told = {"type": "serving", "url": f"http://{host}:{port}/v1", "model": flags.name, "context": chat.context}
    print(json.dumps(told), flush=True)
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    sys.exit(run(main))
