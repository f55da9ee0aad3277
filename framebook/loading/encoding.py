"""From bytes to letters: which encoding a file is in."""

from io import BytesIO, TextIOWrapper

from framebook.common.errors import InputError
from framebook.common.text import CONTROL

PIECE = 2**20  # characters that are read at once
ENCODINGS = {
    "utf-16": "read as UTF-16",
    **{
        code: f"read as {name}, for it is not UTF-8"
        for code, name in (
            ("cp1252", "Windows-1252"),
            ("mac_roman", "Mac Roman"),
            ("gb18030", "GB 18030"),
        )
    },
}


def decode(data):
    """Return (text, repair or None) of bytes, in the encoding that `find_encoding` finds."""
    encoding, repair = find_encoding(lambda: BytesIO(data))
    return data.decode(encoding), repair


def find_encoding(opened):
    """Return (encoding, repair or None) of the binary stream `opened()`, read in pieces.

    It is UTF-8, UTF-16 with a mark, or what charset-normalizer thinks likeliest among the
    older codes in which English news is kept.
    """
    with opened() as stream:
        marked = stream.read(2) in (b"\xff\xfe", b"\xfe\xff")
    for find in [lambda: "utf-16"] if marked else [lambda: "utf-8-sig", lambda: _guess(opened)]:
        encoding = find()
        try:
            # Python's utf-8-sig passes over half of a mark at the end of a stream.
            name = encoding.removesuffix("-sig")
            with TextIOWrapper(opened(), encoding=name, newline="") as text:
                while piece := text.read(PIECE):
                    if CONTROL.search(piece):
                        raise InputError("is not a text file (it holds control characters)")
            return encoding, ENCODINGS.get(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError("cannot be decoded as text; save it as UTF-8")


def _guess(opened):
    """Return Windows-1252, unless there is enough to see that it is another encoding."""
    with opened() as stream:
        lines = stream.read(PIECE).split(b"\n")
    sample = b"\n".join(line for line in lines if not line.isascii())[:20_000]
    if len(sample) < 100:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=["cp1252", "mac_roman", "gb18030"]).best()
    return best.encoding if best else "cp1252"
