"""What is wrong in a codebook, with the line, the code and the pattern: `framebook codebook check`.

Wrong is what keeps the codebook from being read or from finding what its author says it finds;
a warning is worth a look. Neither says whether the patterns measure what the code means.
"""

import json
import re
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from framebook.common.errors import InputError, show
from framebook.common.text import check_size
from framebook.framing.codebook import load_codebook, parse_toml, read_code
from framebook.framing.cues import find_cues
from framebook.framing.matching import TokenIndex, parse_pattern
from framebook.framing.problems import find_problems
from framebook.loading.articles import load_documents
from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.tokenising.rules import token_spans

MIN_CUES_TO_JUDGE = 20  # fewer cues of a code say too little about its patterns
MANY, MOST = 0.1, 0.5  # share of the sentences; share of a code's cues


@dataclass
class Finding:
    """One thing found: its line in the file (from 1), the words, and whether it is wrong."""

    line: int
    text: str
    wrong: bool = True

    def describe(self, path):
        """Return the finding as one line to print, control characters escaped."""
        line = f"{path}:{self.line}: {'' if self.wrong else 'warning: '}{self.text}"
        return show(line)


class Lines:
    """The lines of a TOML file, to find again what `tomllib` read without saying where."""

    def __init__(self, text):
        self.lines = text.splitlines()
        self.codes = [
            n for n, line in enumerate(self.lines) if re.match(r"\s*\[\[\s*code\s*\]\]", line)
        ]

    def find(self, code=None, text=None, after="", nth=0):
        """Return the number of the nth line of a code with `text`, at or behind a line `after`."""
        known = code is not None and code < len(self.codes)
        first = self.codes[code] if known else 0
        end = (self.codes + [len(self.lines)])[code + 1] if known else len(self.lines)
        here = range(first, end)
        begin = next((n for n in here if re.match(rf"\s*[\"']?{after}\b", self.lines[n])), first)
        shapes = [] if text is None else [json.dumps(text, ensure_ascii=False), f"'{text}'"]
        found = [
            n
            for n in range(begin, end)
            for shape in shapes
            for _ in range(self.lines[n].count(shape))
        ]
        return (found[min(nth, len(found) - 1)] if found else begin if after else first) + 1

    def place(self, problem):
        """Return a problem of the format as a Finding with its line."""
        key = problem.key and rf"(?:\[+(?:code\.)?)?{re.escape(problem.key)}"
        line = self.find(problem.code, after=key) if key or problem.code is not None else 1
        return Finding(line, problem.text, problem.wrong)


def check_codebook(path, corpus=None):
    """Return the Findings in a codebook file, in order of its lines.

    With `corpus` (a file or folder of articles) also the patterns that never match in it, that
    match in more than a tenth of its sentences, or make more than half of a code's cues. Raises
    InputError when the file or the corpus cannot be read.
    """
    try:
        check_size(path)
        text = Path(path).read_text(encoding="utf-8")
        data = parse_toml(text)
    except FileNotFoundError:
        raise InputError(f"There is no codebook {path}; check the spelling.") from None
    except UnicodeDecodeError as error:
        line = Path(path).read_bytes()[: error.start].count(b"\n") + 1
        return [Finding(line, "not UTF-8; save the file in that encoding.")]
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        end = text.count("\n") + 1
        return [Finding(int(line[1]) if line else end, f"not valid TOML: {error}.")]
    lines = Lines(text)
    findings = [lines.place(problem) for problem in find_problems(data)]
    entries = data.get("code") if isinstance(data.get("code"), list) else []
    wrong = {problem.code for problem in find_problems(data) if problem.wrong}
    codes = [(n, read_code(entry)) for n, entry in enumerate(entries) if n not in wrong]
    ids = [entry.get("id") for entry in entries if isinstance(entry, dict)]
    for n, code in codes:
        findings += _check_code(n, code, ids, lines)
        findings += _check_patterns(n, code, lines)
    if not any(finding.wrong for finding in findings):
        book = load_codebook(Path(path))
        findings += _check_examples(book, lines)
        findings += _check_corpus(book, lines, corpus) if corpus else []
    return sorted(findings, key=lambda finding: finding.line)


def _check_code(n, code, ids, lines):
    here = f"code {code.id}"
    found = []
    if code.parent and (
        code.parent == code.id
        or code.parent not in ids
        and code.parent not in {one.id for one in load_codebook("generic-news-frames").codes}
    ):
        found.append(
            Finding(
                lines.find(n, after="parent"),
                f"{here}: the parent {code.parent!r} "
                "is neither another code of this codebook nor a generic frame.",
            )
        )
    missing = [
        key for key in ("definition", "examples", "counterexamples") if not getattr(code, key)
    ]
    if missing:
        found.append(Finding(lines.find(n), f"{here} has no {' and no '.join(missing)}.", False))
    return found


def why_never(pattern):
    """Return why a pattern can never match, or None: each word must be one token."""
    for word in (word for phrase in parse_pattern(pattern) for word in phrase):
        # A wildcard may stand for a letter, a figure, a hyphen or nothing.
        tries = [re.sub(r"[*?]", fill, word) for fill in ("a", "1", "-", "")]
        if not any(
            len(token_spans(one)) == 1 and token_spans(one)[0] == (0, len(one))
            for one in tries
            if one
        ):
            parts = " ".join(word[a:b] for a, b in token_spans(word))
            return f"{word!r} is never one word in a text, where it is read as “{parts}”"
    return None


def _words(pattern):
    return [word for phrase in parse_pattern(pattern) for word in (*phrase, "...")][:-1]


def _covers(wide, narrow):
    return len(wide) == len(narrow) and all(
        a == b or fnmatchcase(b.replace("[", ""), a.replace("[", ""))
        for a, b in zip(wide, narrow, strict=True)
    )


def _check_patterns(n, code, lines):
    found, seen = [], {}

    def add(key, pattern, why, wrong=False, nth=0):
        line = lines.find(n, pattern, "exclude" if key == "exclude" else "", nth)
        found.append(Finding(line, f'code {code.id}, {key} "{pattern}": {why}.', wrong))

    excluded = [_words(pattern) for pattern in code.exclude]
    for key, patterns in (("pattern", code.patterns), ("exclude", code.exclude)):
        words = [_words(pattern) for pattern in patterns]
        wild = [(p, w) for p, w in zip(patterns, words, strict=True) if "*" in p or "?" in p]
        for k, pattern in enumerate(patterns):
            mine = words[k]
            if why := why_never(pattern):
                add(key, pattern, why, True)
            elif re.search(r"(^|\s)(\.\.\.|…)\s+(\.\.\.|…)", pattern):
                add(key, pattern, "two gaps side by side are one, of at most 12 words")
            if (key, tuple(mine)) in seen:
                seen[key, tuple(mine)] += 1
                add(
                    key,
                    pattern,
                    "listed twice; it counts for the first",
                    nth=seen[key, tuple(mine)],
                )
                continue
            seen[key, tuple(mine)] = 0
            wide = next(
                (p for p, w in wild if w != mine and _covers(w, mine) and not _covers(mine, w)),
                None,
            )
            if wide:
                add(key, pattern, f'covered by "{wide}"')
            swallowed = next(
                (
                    e
                    for e, w in zip(code.exclude, excluded, strict=True)
                    for a in range(len(mine) - len(w) + 1)
                    if _covers(w, mine[a : a + len(w)])
                ),
                None,
            )
            if key == "pattern" and swallowed:
                add(
                    key, pattern, f'never gives a cue, for the exclude "{swallowed}" holds it', True
                )
    return found


def _check_examples(book, lines):
    found = []
    for n, code in enumerate(book.codes):
        for key, wanted in (("examples", True), ("counterexamples", False)):
            given = getattr(code, key)
            if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
                found.append(
                    Finding(
                        lines.find(n, after=key), f"code {code.id}: {key} must be a list of texts."
                    )
                )
                continue
            if not given:
                continue
            spans = find_cues(tokenise(make_documents(given))[1], [book])
            rules = spans[spans.code == f"{book.name}:{code.id}"].groupby("doc_id")["rule"].first()
            for k, text in enumerate(given):
                if (k in rules) != wanted:
                    why = "no pattern matches" if wanted else f'pattern "{rules[k]}" matches'
                    found.append(
                        Finding(
                            lines.find(n, text, key),
                            f'code {code.id}: {why} the {key[:-1]} "{text}".',
                        )
                    )
    return found


def _check_corpus(book, lines, corpus):
    """Patterns are counted as they stand; in cues the longest hit of a code has won."""
    sentences, tokens = tokenise(load_documents(corpus)[0])
    index, cues, found = TokenIndex(tokens), find_cues(tokens, [book]), []
    for n, code in enumerate(book.codes):
        pattern, first, _ = index.match(code.patterns)
        mine = cues[cues.code == f"{book.name}:{code.id}"]["rule"].value_counts()
        for k, text in enumerate(code.patterns):
            share = len(np.unique(index.sent[first[pattern == k]])) / max(len(sentences), 1)
            part = mine.get(text, 0) / max(mine.sum(), 1)
            for true, why in (
                (share == 0, "never matches in this corpus"),
                (share > MANY, f"matches in {share:.0%} of the sentences"),
                (
                    part > MOST and mine.sum() >= MIN_CUES_TO_JUDGE and len(code.patterns) > 1,
                    f"makes {part:.0%} of the code's cues",
                ),
            ):
                if true:
                    found.append(
                        Finding(
                            lines.find(n, text), f'code {code.id}, pattern "{text}": {why}.', False
                        )
                    )
    return found
