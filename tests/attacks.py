"""A corpus of attack strings: texts, their fields, file names, codebooks and coders' sheets."""

import json
import os
import re
import tomllib
from pathlib import Path

import pandas as pd

STRINGS = tomllib.loads(Path(__file__).with_name("attack_strings.toml").read_text("utf-8"))
ALL = [string for kind in STRINGS.values() for string in kind]
CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")  # no text file holds these

REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")  # in a codebook


def write_corpus(folder):
    """Write articles (a table, and files with hostile names) whose every field is an attack."""
    folder.mkdir(parents=True)
    rows = [
        {"headline": own[0], "outlet": own[1], "byline": own[2], "date": own[3], "body": tell(own)}
        for own in STRINGS.values()
    ]
    rows += [
        {
            "headline": string,
            "outlet": string,
            "byline": string,
            "id": string,
            "date": f"2031-03-{n % 28 + 1:02}",
            "body": f"No{n} was told.\n\n{tell([string])}",
        }
        for n, string in enumerate(ALL)
    ]
    pd.DataFrame(rows).to_json(folder / "articles.jsonl", orient="records", lines=True)
    for n, string in enumerate(ALL):
        name = os.fsencode(re.sub("[/\x00]", "∕", string))[:200].decode("utf-8", "ignore")
        (folder / f"{name}.txt").write_text(f"Ms. No{n} said that the bridge was safe.", "utf-8")
    for name in (b"\xff\xfe no Unicode.txt", b"lone \xed\xa0\x80 half.txt"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text("It was said to be safe.")
    return folder


def tell(strings):
    """Return an article with the strings, one a sentence, as far as a text file may hold them."""
    told = (
        f"The mayor said that {CONTROL.sub('', string)} was unsafe on day {n}."
        for n, string in enumerate(strings)
    )
    return "A bridge was closed on Monday, and residents were angry.\n\n" + "\n\n".join(told)


def write_codebook(path, layer="frame"):
    """Write a codebook with an attack in each of its fields, a code a kind of attack.

    Less those that a codebook is refused for: control characters, and a colon in an id.
    """
    lines = ["[codebook]", 'name = "attacks"', f'layer = "{layer}"']
    for n, key in enumerate(("title", "version", "licence", "citation")):
        lines.append(f"{key} = {quote(' '.join(STRINGS['script'][n::4]))}")
    words = ["mayor", "said", "unsafe", "day", "bridge", "closed", "residents", "angry", "safe"]
    for n, (kind, own) in enumerate(STRINGS.items()):
        own = [string for string in own if not REFUSED.search(string)] or [kind]
        own += own[:1] * (7 - len(own))
        code_id = own[1].replace(":", "∶")
        lines += [
            "[[code]]",
            f"id = {quote(code_id)}",
            f"label = {quote(own[0])}",
            f"definition = {quote(' '.join(own))}",
            f"examples = [{quote(own[2])}]",
            f"exclude = [{quote('x ' + own[3])}]",
            f"patterns = [{quote(words[n % len(words)])}, {quote('b ' + own[4])}]",
            "[[code.indicator]]",
            f"id = {quote(own[5])}",
            f"question = {quote(own[6])}",
            f'patterns = ["{kind}"]',
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def quote(text):
    """Return a text as a basic string of TOML."""
    return json.dumps(text).replace("\x7f", "\\u007f")
