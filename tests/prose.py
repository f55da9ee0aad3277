"""The style step for prose: words and forms that a British news editor would change.

    python tests/prose.py

reads README.md, CONTRIBUTING.md, docs/*.md (the generated reference aside), the Markdown of the
notebooks and the messages of the package, and prints each place with what to write instead; the exit status is 1 if there is
one. Code, in fences, in single ticks or indented by four spaces, is left out, and so is what
stands between the two comments `<!-- prose: off -->` and `<!-- prose: on -->`.
"""

import ast
import json
import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
# What to look for (words in lower case), and what to write instead.
EVERYWHERE = {
    r"\bnoughts?\b": "zero or 0",
    r"\bpart(?:s|ed|ing)? (?:the|every|each|into|from|by)\b(?! of)": "split, separate",
    r"\banew\b": "again",
    r"\bmend(?:s|ed|ing)?\b": "repair, fix, correct",
    r"\bstrewn\b": "scattered",
    r"\bbeneath\b": "under, below",
    r"\bbesides?\b": "next to, with",
    r"\bhence\b": "so",
    r"\bwhom\b": "who",
    r"\btell?s of\b|\btold of\b|\btold as\b|\btold to feel\b|\bspeaks? of\b|\bspoken of\b": "is about",
    r"(?<!there )\b(?:is|are) no (?!longer|more|less|one|doubt|wonder)": "is not a",
    r"\ba (?:row|sign|dot|line|column|page|point|sheet) an? ": "one … per …",
    r"\b(?:by|for) 100 words\b": "per 100 words",
    r"\bless the\b": "minus the",
    r"\b(?:of|by) (?:ours|somebody’s)\b": "our own, attributed",
    r"\bmiddle half\b": "interquartile range",
    r"\bverbs? of saying\b|\bwords? of saying\b": "reporting verb",
    r"\bpassed over\b|\bpasses over\b": "skipped, ignored",
    r"\bstands? (?:in|on|at|behind it|below|above)\b(?! for)": "is, occurs, appears",
    r"\bhangs? on\b": "depends on",
    r"\bleave to (?!it|them|you)": "permission to",
    r"\b\d+ %": "25%, without a space",
    r"\bper cent\b(?! agreement|\*\*)": "25%, or a percentage",
    r"\barticle\(s\)|\bsentence\(s\)|\b1 articles\b|\b1 sentences\b": "1 article, 2 articles",
    r"(?<![\w.])[-−]?\.\d+\b(?!\w)": "0.20, with the zero",
    r"\bpython run\.py\b": "python3 run.py",
    r"(?<=[a-z])'(?=[a-z])": "a curly apostrophe",
    r"(?<![\w=(])\"(?=\w)": "curly quotation marks",
}
OF_MESSAGES = ("nought", "anew", "mend", "strewn", "hence", "whom", "told of", "are) no ")
MESSAGES = {p: better for p, better in EVERYWHERE.items() if any(w in p for w in OF_MESSAGES)}
NOT_IN_EXERCISES = {
    r"\b(?:can|don|won|isn|aren|doesn|didn|wasn|couldn|wouldn|shouldn|haven)[’']t\b": "cannot, do not",
}
QUOTED = re.compile(r"“[^”]*”")  # what is quoted may be anybody's words
SKIPPED = re.compile(r"<!-- prose: off -->.*?<!-- prose: on -->", re.DOTALL)
CODE = re.compile(
    r"^```.*?^```|`[^`\n]+`|^    .*$|\]\([^)]*\)|doi:\S+|^- [A-Z][^\n]*doi:[^\n]*$",
    re.MULTILINE | re.DOTALL,
)


def find_faults(text, exercise=False):
    """Yield (line, words found, what to write instead) for each place in Markdown."""
    plain = text
    for pattern in (SKIPPED, CODE, QUOTED):
        plain = pattern.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), plain)
    plain = plain.replace("can and can’t say", "can and cannot say")  # a title, as it is linked
    for pattern, better in (EVERYWHERE | ({} if exercise else NOT_IN_EXERCISES)).items():
        for found in re.finditer(pattern, plain, re.IGNORECASE):
            yield plain.count("\n", 0, found.start()) + 1, found.group().strip(), better


def read_pages(project=PROJECT):
    """Yield (name, Markdown, whether it is an exercise) of what readers read."""
    generated = {"reference.md"}
    docs = [page for page in sorted((project / "docs").glob("*.md")) if page.name not in generated]
    for page in [project / "README.md", project / "CONTRIBUTING.md", *docs]:
        yield page.relative_to(project).as_posix(), page.read_text("utf-8"), False
    for path in sorted((project / "notebooks").rglob("[0-9][0-9]_*.ipynb")):
        if ".ipynb_checkpoints" in path.parts or path.parent.name == "exercises":
            continue  # exercises are made from the solutions
        name, solution = path.relative_to(project).as_posix(), path.parent.name == "solutions"
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield f"{name}, {cell['id']}", "".join(cell["source"]), solution


def read_messages(project=PROJECT):
    """Yield (file and line, text) of what the package raises or prints, its values left out."""
    for path in sorted((project / "framebook").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            printed = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
            if printed or isinstance(node, ast.Raise):
                parts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
                text = "".join(part for part in parts if isinstance(part, str))
                yield f"{path.relative_to(project).as_posix()}:{node.lineno}", text


def main():
    """Print every fault of every page; return 1 if there is one."""
    faults = 0
    for name, text, exercise in read_pages():
        for line, found, better in find_faults(text, exercise):
            print(f"{name}:{line}: {found!r}; write: {better}")
            faults += 1
    for place, text in read_messages():
        for pattern, better in MESSAGES.items():
            for found in re.findall(pattern, text, re.IGNORECASE):
                print(f"{place}: {found!r}; write: {better}")
                faults += 1
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
