"""A small server on the loopback address that plays a model, and mischief."""

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WATER = re.compile("flood|wet|river", re.IGNORECASE)
QUARREL = re.compile("quarrel|row over|clash", re.IGNORECASE)


def read_prompt(body):
    """Return what a request asks: label, definition, text, token, and the options in their order."""
    body = json.loads(body) if isinstance(body, bytes | str) else body
    asked = body["messages"][1]["content"]
    return {
        "label": re.search("^Code: (.*)$", asked, re.M)[1],
        "definition": re.search("^Definition: (.*)$", asked, re.M)[1],
        "text": json.loads(re.search("^To code: (.*)$", asked, re.M)[1]),
        "token": re.search(r'"token": "(\w+)"', asked)[1],
        "options": re.findall(r'^- "(\w+)":', asked, re.M),
        "asked": asked,
        "told": body["messages"][0]["content"],
    }


def decide(prompt):
    """Return the answer of a coder who follows the definition."""
    text = re.sub("Note to the coder.*", "", prompt["text"])
    if quoted := re.search("“(.*)”", prompt["definition"]):
        return "yes" if quoted[1] == text else "no"
    pattern = WATER if "Water" in prompt["definition"] else QUARREL
    return "yes" if pattern.search(text) else "no"


def wrap(content, **more):
    """Return the body of a reply with this content."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}}
    return json.dumps({"model": "m", "choices": [choice | {"finish_reason": "stop"} | more]})


def reply(prompt, answer):
    """Return the body of a good reply."""
    return wrap(json.dumps({"token": prompt["token"], "answer": answer}))


def honest(body):
    prompt = read_prompt(body)
    return 200, reply(prompt, decide(prompt)).encode()


@contextmanager
def serve(answer=honest, models=None, headers=()):
    """Yield a server with `url` and `asked` (the bodies it got); `answer` gives (status, bytes)."""

    class Handler(BaseHTTPRequestHandler):
        def send(self, status, data):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self):
            server.seen.append(self.path)
            self.send(404 if models is None else 200, json.dumps({"models": models}).encode())

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.asked.append(body)
            server.seen.append(self.path)
            given = answer(body)
            if given is None:  # hang up without a word
                self.close_connection = True
            else:
                self.send(*given)

        def log_message(self, *_):
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.seen = [], []
    server.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
