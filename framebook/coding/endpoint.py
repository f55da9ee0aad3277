"""The one place where Framebook asks another program: an address that the user has named.

Requests go to that address and nowhere else: no proxy of the environment is used and no redirect
is followed. Addresses of other machines need the user's word.
"""

import http.client
import ipaddress
import json
import os
import socket
import time
from urllib.parse import urlsplit

from framebook.common.errors import InputError

DEFAULT = "http://localhost:11434/v1"  # Ollama's
LONGEST = 10**6  # bytes of a reply
PATIENCE = 600  # seconds for one reply


class Endpoint:
    """An OpenAI-compatible server: `ask` sends one request, `find_model` says which model it is."""

    def __init__(self, url=DEFAULT, allow_remote=False, patience=PATIENCE):
        parts = _split(url)
        self.host, self.port, self.secure = parts.hostname, parts.port, parts.scheme == "https"
        self.path = parts.path.rstrip("/").removesuffix("/chat/completions")
        self.url, self.patience = url, patience
        if not (allow_remote or _is_loopback(self.host)):
            raise InputError(
                f"{url} is not on this machine, and the articles would be sent there; "
                "add --allow-remote if you may and want to."
            )

    def ask(self, body):
        """Return (status, text) of the reply to a request body; raises OSError."""
        return self._send("POST", f"{self.path}/chat/completions", body)

    def find_model(self, name):
        """Return the checksum that the server gives for a model, or None.

        Raises InputError where nothing answers, and where Ollama lists its models without this.
        """
        try:
            found, text = self._send("GET", f"{self.path.removesuffix('/v1')}/api/tags")
        except OSError as error:
            raise InputError(
                f"Nothing answers at {self.url} ({type(error).__name__}); start the program that "
                "serves the model, or name its address."
            ) from None
        try:
            models = {one["name"]: one["digest"] for one in json.loads(text)["models"]}
        except (ValueError, KeyError, TypeError, RecursionError):
            return None  # not Ollama
        if found != 200:
            return None
        if name not in models and f"{name}:latest" not in models:
            raise InputError(
                f"The server has no model {name!r}; it lists {', '.join(sorted(models)) or 'none'}."
            )
        return str(models.get(name) or models[f"{name}:latest"])

    def _send(self, method, path, body=None):
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        connection = kind(self.host, self.port, timeout=self.patience)
        head = {"Content-Type": "application/json", "Accept": "application/json"}
        if key := os.environ.get("FRAMEBOOK_API_KEY"):
            head["Authorization"] = f"Bearer {key}"
        until = time.monotonic() + self.patience
        try:
            connection.request(method, path, body, head)
            reply = connection.getresponse()
            return reply.status, _read(reply, connection, until)
        except http.client.HTTPException as error:
            raise OSError(f"not a reply of a web server ({type(error).__name__})") from None
        finally:
            connection.close()


def _split(url):
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.username or parts.query or parts.fragment or not url.isprintable():
        raise InputError(f"{url} is not an address such as {DEFAULT}.")
    return parts


def _is_loopback(host):
    """Return whether every address that a name has is one of this machine."""
    try:
        found = {one[4][0] for one in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(one.split("%")[0]).is_loopback for one in found)


def _read(reply, connection, until):
    """Return the text of a reply; raises OSError where it is endless, slow or cut off."""
    data = b""
    while part := reply.read1(65_536):
        data += part
        left = until - time.monotonic()
        if len(data) > LONGEST or left <= 0:
            raise OSError("the reply does not end")
        if connection.sock:
            connection.sock.settimeout(left)
    if reply.length:
        raise OSError("the reply was cut off")
    return data.decode("utf-8", "backslashreplace")
