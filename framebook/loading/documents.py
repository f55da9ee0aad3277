"""Articles from web pages, Word, PDF and RTF files, as raw fields.

Nothing is fetched; what a library cannot read is refused in one sentence. What a file says of
itself (a PDF's or Word file's author and date) is of the file and not of the article, so it
is left aside.
"""

import logging
import re
from textwrap import shorten
from types import SimpleNamespace

from framebook.common.errors import InputError
from framebook.loading.archives import OLDER_OFFICE, open_xml
from framebook.loading.databases import page_lines, split_export
from framebook.loading.encoding import decode

MEGABYTE = 10**6  # bytes
SIZES = {
    ".rtf": 10,
    ".html": 10,
    ".htm": 10,
    ".mhtml": 10,
    ".csv": 1000,
    ".tsv": 1000,
    ".jsonl": 1000,
    ".parquet": 1000,
    ".zip": 1000,
}  # the rest 40
PAGES, DRAWN = 500, 10 * MEGABYTE  # of a PDF: its pages, and what draws them
FONTS = 50_000  # characters of an RTF file's list of fonts
TAGS = 50_000  # tags of a web page
UNPACKED = 200 * MEGABYTE  # bytes of a Word or Excel file when unpacked
CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w-]+)""", re.IGNORECASE)
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SKIPPED = {"del", "moveFrom", "Fallback", "instrText", "pPr"}  # no text that a reader sees
MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def largest(kind):
    """Return how many bytes a file of a kind (.docx) may have."""
    return SIZES.get(kind, 40) * MEGABYTE


def read_document(file):
    """Return [(fields, repairs)] of the articles of one document file, by its ending.

    Raises InputError, also when a library that reads it is missing.
    """
    kind = file.suffix.lower()
    read, name = READERS[kind]
    for library in ("pypdf", "trafilatura", "htmldate"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    try:
        return read(file)
    except (InputError, OSError):
        raise
    except ImportError as error:
        raise InputError(
            f"needs the readers of further formats ({error.name or 'a library'} is not installed); "
            "type: python3 run.py add formats"
        ) from None
    except Exception as error:  # of a library, on input that it was not made for
        said = shorten(f"{type(error).__name__}: {error}", 100, placeholder="…")
        raise InputError(f"cannot be read as {name} ({said})") from None


def read_lines(lines):
    """Return [(fields, repairs)] of a document's lines: one article, or those of an export."""
    lines = [line.replace("\0", " ") for line in lines]
    return split_export(lines) or [({"text": "\n".join(lines)}, [])]


def read_html(file):
    """Return a web page's article, without its menus and comments, and what its head says."""
    return _read_page(file.read_bytes())


def read_mhtml(file):
    """Return the article of a web page that was saved as one file (MIME)."""
    from email import message_from_bytes

    for part in message_from_bytes(file.read_bytes()).walk():
        if part.get_content_type() == "text/html":
            data, charset = part.get_payload(decode=True), part.get_content_charset()
            return _read_page(data.decode(charset, "replace").encode() if charset else data)
    raise InputError("holds no web page")


def _read_page(data):
    source = _decode_page(data)
    if articles := split_export(page_lines(source)):  # before an extractor takes one for all
        return articles
    from trafilatura import bare_extraction

    if source.count("<") > TAGS:
        raise InputError(f"has more than {TAGS:,} tags, so it is not the page of an article")
    page = bare_extraction(
        source,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        # Otherwise today's date would decide which dates are believed.
        date_extraction_params={
            "extensive_search": False,
            "original_date": True,
            "min_date": "1990-01-01",
            "max_date": "2100-01-01",
        },
    )
    if page is None or not page.text:
        raise InputError("holds no article that could be told from the rest of the page")
    fields = {name: getattr(page, name) for name in ("text", "title", "date", "author")}
    return [({**fields, "source": page.sitename or page.hostname}, [])]


def _decode_page(data):
    if data.startswith(b"PK\3\4") or b"\0" in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("is not a web page (it holds control characters)")
    named = CHARSET.search(data[:4096])
    for encoding in ("utf-8", named and named[1].decode()):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError, TypeError):
            continue
    return decode(data)[0]


def read_docx(file):
    """Return a Word file's paragraphs, tables among them; not headers, notes, deleted text."""
    check_start(file, b"PK", "a Word file (.docx)")
    with open_xml(file, UNPACKED) as packed:
        names = set(packed.namelist())
        if "word/document.xml" not in names:
            raise InputError("is not a Word file (.docx)")
        with packed.open("word/document.xml") as stream:
            lines = list(_paragraphs(stream))
    return read_lines(lines)


def _paragraphs(stream):
    """Yield the texts of a WordprocessingML document's paragraphs, in little memory."""
    from defusedxml.ElementTree import iterparse

    # In large pieces, for older expat begins a long tag anew with each piece (CVE-2023-52425).
    large = SimpleNamespace(read=lambda size: stream.read(16 * MEGABYTE))
    open_paragraphs, skipped = [], 0
    for event, element in iterparse(large, ("start", "end"), forbid_dtd=True):
        name = element.tag.rpartition("}")[2]
        if name in SKIPPED:
            skipped += 1 if event == "start" else -1
        elif element.tag == WORD + "p" and event == "start":
            open_paragraphs.append([])
        elif event == "end" and not skipped and element.tag.startswith(WORD) and open_paragraphs:
            if name == "p":
                yield "".join(open_paragraphs.pop())
            elif name == "t":
                open_paragraphs[-1].append(element.text or "")
            elif name in MARKS:
                open_paragraphs[-1].append(MARKS[name])
        if event == "end":
            element.clear()


def read_pdf(file):
    """Return the text layer of a PDF; raises InputError when it has none, as a scan."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    with file.open("rb") as stream:
        if b"%PDF" not in stream.read(1024):
            raise InputError("is not a PDF")
        reader = PdfReader(stream)
        try:
            opened = not reader.is_encrypted or reader.decrypt("")
        except DependencyError:
            opened = False
        if not opened:
            raise InputError("is protected with a password; save a copy without one")
        if len(reader.pages) > PAGES:
            raise InputError(f"has more than {PAGES} pages; part it into articles")
        drawn, pages = 0, []
        for page in reader.pages:
            contents = page.get_contents()
            drawn += len(contents.get_data()) if contents is not None else 0
            if drawn > DRAWN:
                raise InputError("has pages that are too large to be read")
            pages.append(page.extract_text().strip())
    empty = sum(not page for page in pages)
    if empty == len(pages):
        raise InputError("holds no text (a scan?); have its text recognised first (OCR)")
    lines = "\n".join(pages).split("\n")
    split_export(lines, is_pdf=True)
    return [({"text": "\n".join(lines)}, [f"no text on {empty} of {len(pages)} pages"][:empty])]


def read_rtf(file):
    """Return the text of an RTF file."""
    from striprtf.striprtf import font_table_group, rtf_to_text

    check_start(file, b"{\\rtf", "an RTF file")
    text = file.read_bytes().rstrip(b"\0 \r\n\t").decode("latin-1")
    if not text.endswith("}"):
        raise InputError("is damaged or was cut short")
    if len(font_table_group(text)) > FONTS:
        raise InputError("has a list of fonts that is too long to be read")
    # The address of a link is no part of the sentence that it is in.
    return read_lines(rtf_to_text(text.replace("HYPERLINK", ""), errors="replace").split("\n"))


def check_start(file, start, name):
    """Raise InputError when a file does not start as its kind does."""
    with file.open("rb") as stream:
        found = stream.read(8)
    if found.startswith(OLDER_OFFICE):
        raise InputError(f"is protected with a password, or an older file and not {name}")
    if not found.startswith(start):
        raise InputError(f"is not {name}")


READERS = {
    ".html": (read_html, "a web page"),
    ".htm": (read_html, "a web page"),
    ".mhtml": (read_mhtml, "a web page"),
    ".docx": (read_docx, "a Word file"),
    ".pdf": (read_pdf, "a PDF"),
    ".rtf": (read_rtf, "an RTF file"),
}
