"""Zip archives, and the Word and Excel files that are such: looked at before they are opened."""

import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

from framebook.common.errors import InputError

OLDER_OFFICE = b"\xd0\xcf\x11\xe0"  # how the container of .doc and .xls begins

MEMBERS = 10_000  # files in a Word, Excel or zip file
TAGS = 2_000_000  # XML tags of a Word or Excel file; each costs microseconds and bytes
UNPACKED, RATIO = 10**9, 100  # bytes; unpacked to packed, where that is more than 10 MB
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error)


def open_zip(file, largest=UNPACKED):
    """Return the ZipFile of a path, once it is known to be harmless.

    Raises InputError when it is no archive, or is too large in members, bytes or ratio.
    `zipfile` reads no more of a member than the size that was checked here.
    """
    _check_directory(file)
    try:
        packed = zipfile.ZipFile(file)
    except BROKEN:
        raise InputError("cannot be opened: it is damaged or was cut short") from None
    members = packed.infolist()
    size, of = (sum(getattr(m, name) for m in members) for name in ("file_size", "compress_size"))
    methods = {member.compress_type for member in members}
    for wrong, reason in (
        (len(members) > MEMBERS, f"holds more than {MEMBERS:,} files"),
        (size > largest, f"would be larger than {largest // 10**6} MB when unpacked"),
        (size > RATIO * of and size > 10**7, "unpacks to over a hundred times its size"),
        (methods - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}, "is packed in an unusual way"),
    ):
        if wrong:
            packed.close()
            raise InputError(f"{reason}; pack it again in smaller parts")
    return packed


def open_xml(file, largest):
    """Return the ZipFile of a Word or Excel file, or of a project, as `open_zip` does.

    Raises InputError also when the XML in it has too many tags to be read.
    """
    packed, tags = open_zip(file, largest), 0
    try:
        for member in packed.infolist():
            with packed.open(member) as stream:
                while tags <= TAGS and (piece := stream.read(2**20)):
                    tags += piece.count(b"<")
    except (*BROKEN, RuntimeError):
        packed.close()
        raise InputError("cannot be opened: it is damaged or protected") from None
    if tags > TAGS:
        packed.close()
        raise InputError(f"holds more than {TAGS:,} tags; save it as text or .csv, or part it")
    return packed


def _check_directory(file):
    """Raise InputError when the list of members is absent or too long to be read at all."""
    with file.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - 65_557))
        tail = stream.read()
    end = tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) < end + 22:
        raise InputError("cannot be opened: it is damaged or was cut short")
    members, length = struct.unpack("<HI", tail[end + 10 : end + 16])
    zip64 = tail[max(0, end - 20) : end].startswith(b"PK\6\7")
    if members > MEMBERS or length > 500 * MEMBERS or zip64:
        raise InputError(f"holds more than {MEMBERS:,} files; pack it again in smaller parts")


def unpack(file, passed_over, largest):
    """Yield (name, path of the unpacked member, error that refuses it or None) of an archive.

    Members are unpacked one at a time under a name of our own, so that none can lead out of
    its place; `passed_over` tells by the name which have no row; `largest` by the kind
    (.docx) how many bytes a member may have. Raises InputError for the archive as a whole.
    """
    with open_zip(file) as packed, TemporaryDirectory() as folder:
        for member in sorted(packed.infolist(), key=lambda m: m.filename):
            name = member.filename.replace("\\", "/")
            if name.endswith("/") or passed_over(name):
                continue
            kind = Path(name).suffix.lower()
            path = Path(folder, f"member{kind if re.fullmatch('[.][a-z0-9]+', kind) else ''}")
            try:
                _refuse(member, name, kind, largest(kind))
                with packed.open(member) as source, path.open("wb") as target:
                    copyfileobj(source, target)
                yield name, path, None
            except InputError as error:
                yield name, path, error
            except (*BROKEN, RuntimeError):
                yield name, path, InputError("cannot be unpacked: the archive is damaged")


def _refuse(member, name, kind, largest):
    for wrong, reason in (
        (
            ".." in name.split("/") or name.startswith("/") or ":" in name,
            "its name leads out of the archive",
        ),
        (stat.S_ISLNK(member.external_attr >> 16), "a link; links are not followed"),
        (kind == ".zip", "an archive inside an archive; unpack it"),
        (member.flag_bits & 1, "is protected with a password"),
        (member.file_size > largest, f"is larger than {largest // 10**6} MB"),
    ):
        if wrong:
            raise InputError(reason)
