"""Everything that was asked and answered: JSON lines, each with the SHA-256 of what it holds."""

import json
import os
from hashlib import sha256
from pathlib import Path

from framebook.common.errors import InputError
from framebook.common.folders import lock


def seal(entry):
    """Return a line of the record: the entry as JSON, with its checksum as the last key."""
    text = json.dumps(entry, ensure_ascii=True, sort_keys=True)
    return json.dumps(entry | {"sha256": sha256(text.encode()).hexdigest()}, ensure_ascii=True)


def read_record(path):
    """Return the entries of a record in their order; a last line without its end is left out.

    Raises InputError where a line is not as it was written.
    """
    try:
        lines = Path(path).read_bytes().split(b"\n")[:-1]
    except OSError as error:
        raise InputError(f"The record {path} can't be opened: {error.strerror}.") from None
    entries = []
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            told = entry.pop("sha256")
            good = sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest() == told
            good = good and (entry["kind"] == "model" or {"request_sha256", "status"} <= set(entry))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            good = False
        if not good:
            raise InputError(
                f"{path}, line {number}, is not as it was written; use the record as it was made."
            )
        entries.append(entry)
    if not entries or entries[0]["kind"] != "model":
        raise InputError(f"{path} is not a record; name the requests.jsonl that code-by wrote.")
    return entries


class Record:
    """A record that is written, one line at a time, each on the disk before the next is asked."""

    def __init__(self, path, first):
        self.path, self.replies = Path(path), {}
        entries = read_record(path) if self.path.exists() and self.path.stat().st_size else []
        self.file = self.path.open("ab")
        if not lock(self.file):
            self.file.close()
            raise InputError(f"Another run is writing {path}; wait for its end.")
        if entries:
            self._cut_torn_line()
        old = {key: entries[0][key] for key in ("model", "digest")} if entries else None
        if old and old != {key: first[key] for key in old}:
            self.file.close()
            raise InputError(
                f"{path} is of {old['model']} ({old['digest'] or 'no checksum given'}), which is "
                "another model; name another folder."
            )
        if not entries:
            self.write(first)
        self.replies = keep_last(entries)

    def write(self, entry):
        """Add one entry."""
        self.file.write(seal(entry).encode() + b"\n")
        self.file.flush()
        os.fsync(self.file.fileno())
        if entry["kind"] == "reply":
            self.replies[entry["request_sha256"]] = entry

    def _cut_torn_line(self):
        """Take off what a killed run left of a line."""
        data = self.path.read_bytes()
        self.file.truncate(data.rfind(b"\n") + 1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()


def keep_last(entries):
    """Return {checksum of a request: the last reply to it}."""
    return {one["request_sha256"]: one for one in entries if one["kind"] == "reply"}
