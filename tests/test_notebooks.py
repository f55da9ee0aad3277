"""The form of the notebooks, and a guard for their checked outputs.

Each rule takes a Chapter and yields a sentence for what breaks it. The rules are tried first
on a made-up chapter that keeps them all, spoiled in one place for each; then on every notebook.
A line of code here is a line that is not blank and not the marker of nbval; a word of Markdown
is what stands between white space and holds a letter or a digit.
"""

import ast
import asyncio
import copy
import inspect
import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
import store
from corpora import write_corpora
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from framebook import cli
from framebook.report.execution import execute, with_parameters, without_cells

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOKS = PROJECT / "notebooks"
CHAPTERS = [
    "00_start_here",
    "01_loading",
    "02_tokenising",
    "03_sentiment",
    "04_framing",
    "05_voices",
    "06_visualisation",
    "07_validation",
    "08_robustness",
    "09_machine_coders",
]
CARD = [
    "Question",
    "For",
    "Reading time",
    "Running time",
    "Reads",
    "Writes",
    "Place in the series",
    "Read first",
]
FOOLED = "What are we measuring, and what would fool us?"
ENDING = ["Key points", "Limits of the method", "Exercises", "Next"]
# The learner's path, on which each chapter's last cell links to the following one.
PATH = {
    "00_start_here": "03_sentiment",
    "01_loading": "02_tokenising",
    "02_tokenising": "03_sentiment",
    "03_sentiment": "04_framing",
    "04_framing": "05_voices",
    "05_voices": "07_validation",
    "06_visualisation": "08_robustness",
    "07_validation": "06_visualisation",
    "08_robustness": "09_machine_coders",
    "09_machine_coders": "00_start_here",
    "07_made_up": "08_more",
}
FRONTS = re.compile(
    r"framebook(\.(chain|tables|common\.\w+|[a-z]+))?"
)  # where a chapter imports from
MARKER = "# NBVAL_CHECK_OUTPUT"
SEED_WORDS = ("Kursk", "Masharipov", "Russia", "Gerasimov")
NETWORK = {"urllib", "urllib3", "requests", "http", "httpx", "aiohttp", "socket", "ftplib", "ssl"}
# "[22 rows x 3 columns]", "dtype: int64", or a line of names above lines that begin 0, 1, …
TABLE_REPR = r"\[\d+ rows x \d+ columns\]|\bdtype: |\A\s+\S.*\n0 +\S"
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass
class Chapter:
    """A notebook, its name (NN_name), and the folder that its links start from."""

    name: str
    notebook: nbformat.NotebookNode
    folder: Path = NOTEBOOKS

    @property
    def cells(self):
        return self.notebook.cells

    @property
    def code(self):
        return [cell for cell in self.cells if cell.cell_type == "code"]

    @property
    def prose(self):
        return [cell for cell in self.cells if cell.cell_type == "markdown"]


def tags(cell):
    return set(cell.metadata.get("tags", []))


def lines_of(cell):
    """Return the lines of code of a cell, by the rule at the head of this file."""
    lines = [line for line in cell.source.splitlines() if line.strip()]
    return [line for line in lines if line.strip() != MARKER]


def is_checked(cell):
    return MARKER in cell.source.splitlines()


def tree(cell):
    """Return the syntax tree of a code cell; one with magics counts as empty (see `no_magic`)."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return ast.parse("")


def headings(chapter):
    """Return [(level, text)] of the Markdown headings, in order, outside of code fences."""
    text = "\n\n".join(cell.source for cell in chapter.prose)
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"^(#+) +(.+?) *#*$", text, flags=re.MULTILINE)
    return [(len(marks), title) for marks, title in found]


def card_of(chapter):
    """Return {row: value} of the header card."""
    if not chapter.cells:
        return {}
    rows = re.findall(r"^\|([^|\n]*)\|(.*)\|\s*$", chapter.cells[0].source, flags=re.MULTILINE)
    rows = {name.strip().strip("*"): value.strip() for name, value in rows}
    return {name: value for name, value in rows.items() if name and not set(name) <= set("-: ")}


# The form


def begins_with_its_title(chapter):
    first = chapter.cells[0]
    number = chapter.name[:2]
    if first.cell_type != "markdown" or not re.match(rf"# {number} \S", first.source):
        yield f"The first cell is not Markdown that begins with “# {number} Title”."
    if [level for level, _ in headings(chapter)].count(1) != 1:
        yield "There is not exactly one heading of the first level."


def has_its_header_card(chapter):
    card = card_of(chapter)
    if list(card) != CARD:
        yield f"The header card has the rows {list(card)}, not {CARD}."
    for name, unit in (("Reading time", "minute"), ("Running time", "second")):
        if not re.match(rf"(about )?\d+ {unit}s?\b", card.get(name, "")):
            yield f"{name} is {card.get(name)!r}, not a number of {unit}s."
    for name in (name for name, value in card.items() if not value):
        yield f"The row {name} of the header card is empty."


def has_its_question(chapter):
    question = chapter.notebook.metadata.get("framebook", {}).get("question", "")
    if not re.fullmatch(r"[A-Z][^?\n]+\?", question):
        yield f"The metadata framebook.question is {question!r}, not one question."


def says_first_what_would_fool_us(chapter):
    before = itertools.takewhile(lambda cell: cell.cell_type != "code", chapter.cells)
    text = "\n\n".join(cell.source for cell in before)
    if not re.search(rf"^## {re.escape(FOOLED)}$", text, re.MULTILINE):
        yield f"No section “{FOOLED}” stands before the first code."


def says_what_you_will_be_able_to_do(chapter):
    aims = chapter.cells[0].source.partition("**You will be able to**")[2]
    if len(re.findall(r"^- \S", aims, re.MULTILINE)) < 3:
        yield "The first cell does not list three things that you will be able to do."


def lets_the_reader_predict_and_change(chapter):
    text = "\n".join(cell.source for cell in chapter.prose)
    for word in ("**Predict", "**Change"):
        if word not in text:
            yield f"No cell asks the reader with {word}."


def imports_in_one_cell_from_fronts(chapter):
    """All imports are in the second code cell, after the parameters."""
    for place, cell in enumerate(chapter.code):
        names = list(imported(cell))
        if names and place != 1:
            yield f"The cell {cell.id} imports {names[0]}; imports belong into the second code cell."
        for name in names:
            if name.startswith("framebook") and not FRONTS.fullmatch(name):
                yield f"The cell {cell.id} imports {name}, which is no front of a room."
    if len(chapter.code) > 1 and not list(imported(chapter.code[1])):
        yield "The second code cell imports nothing."


def computes_no_ids(chapter):
    """Ids and negative zeros are the package's business."""
    for cell in chapter.code:
        if re.search(r"2 ?\*\* ?20|_STRIDE|//|\+ 0\b(?!\.)", cell.source):
            yield f"The cell {cell.id} computes with ids or adds 0."


def shows_tables_and_figures(chapter):
    shown = sum(map(is_shown, chapter.code))
    if 3 * shown < len(chapter.code):
        yield f"{shown} of {len(chapter.code)} code cells end in a table or figure, not a third."


def is_shown(cell):
    kinds = {kind for output in cell.outputs for kind in output.get("data", {})}
    return bool(kinds & {"text/html", "image/png"})


def keeps_lessons_apart(chapter):
    """A report leaves out the cells tagged lesson, and of other corpora those on the seed."""
    if not {"lesson", "seed-reading"} & set().union(*map(tags, chapter.cells)):
        yield "No cell is tagged lesson."
    for cell in chapter.cells:
        head = re.search(r"^#+ (.+)$", cell.source, re.MULTILINE)
        teaches = cell is chapter.cells[0] or head and head[1] in (FOOLED, "Exercises", "Next")
        if teaches and "lesson" not in tags(cell):
            yield f"The cell {cell.id} is not tagged lesson."
    apart, set_here = set(), set()
    for cell in chapter.code:
        names = [node for node in ast.walk(tree(cell)) if isinstance(node, ast.Name)]
        stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        if {"lesson", "seed-reading"} & tags(cell):
            apart |= stored
            continue
        for name in sorted({node.id for node in names} & (apart - set_here - stored)):
            yield f"The cell {cell.id} uses {name}, which only a lesson sets."
        set_here |= stored


def has_one_parameters_cell(chapter):
    cells = [cell for cell in chapter.cells if "parameters" in tags(cell)]
    if len(cells) != 1 or cells[0].cell_type != "code":
        yield f"{len(cells)} cells are tagged parameters, not one code cell."
        return
    if cells[0] is not chapter.code[0]:
        yield "The parameters cell is not the first code cell."
    values = {}
    for node in tree(cells[0]).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)):
                values[name] = value
            case _:
                yield f"The parameters cell holds {ast.unparse(node)!r}, not NAME = constant."
    if (values.get("corpus"), values.get("tables")) != ("seeds", ""):
        yield f"The parameters are {values}; corpus should be 'seeds' and tables ''."


def has_twelve_to_thirty_short_cells(chapter):
    sizes = [len(lines_of(cell)) for cell in chapter.code]
    if not 12 <= len(sizes) <= 30:
        yield f"There are {len(sizes)} code cells, not 12 to 30."
    if sizes and statistics.median(sizes) > 4:
        yield f"The median code cell has {statistics.median(sizes)} lines, more than 4."
    for cell, size in zip(chapter.code, sizes, strict=True):
        if not 1 <= size <= 25:
            yield f"The cell {cell.id} has {size} lines, not 1 to 25."


def has_more_prose_than_code(chapter):
    cells, code = len(chapter.prose), len(chapter.code)
    if cells < 1.2 * code:
        yield f"There are {cells} Markdown cells to {code} code cells, less than 1.2 to one."
    words = [w for cell in chapter.prose for w in cell.source.split() if re.search(r"[^\W_]", w)]
    if not 800 <= len(words) <= 1900:
        yield f"There are {len(words)} words of Markdown, not 800 to 1,900."


def defines_nothing(chapter):
    for cell in chapter.code:
        for node in ast.walk(tree(cell)):
            if isinstance(node, DEFINITIONS):
                yield f"The cell {cell.id} defines {node.name}."


def uses_no_magic_and_no_input(chapter):
    for cell in chapter.code:
        if re.search(r"^\s*[!%?]|\bget_ipython\b|^\s*\w+\s*=\s*[!%]", cell.source, re.MULTILINE):
            yield f"The cell {cell.id} holds a shell command or a magic."
        calls = {
            node.func.id
            for node in ast.walk(tree(cell))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        for name in sorted(calls & {"input", "exec", "eval", "__import__"}):
            yield f"The cell {cell.id} calls {name}()."


def compiles(chapter):
    for cell in chapter.code:
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            if "raises-exception" not in tags(cell):
                yield f"The cell {cell.id} is not Python: {error.msg}."


def imported(cell):
    """Return the names of the modules that a cell imports."""
    for node in ast.walk(tree(cell)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def needs_no_network_and_no_other_notebook(chapter):
    for cell in chapter.code:
        for name in imported(cell):
            if name.split(".")[0] in NETWORK:
                yield f"The cell {cell.id} imports {name}."
            if re.match(r"\.|\w*nb(format|client|convert|importer)|import_ipynb|papermill", name):
                yield f"The cell {cell.id} imports {name}: a notebook uses no other."
        for node in ast.walk(tree(cell)):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.search(r"\w+://|\.ipynb\b", text):
                yield f"The cell {cell.id} names {text!r}."


def names_the_seed_in_its_reading_only(chapter):
    for cell in chapter.cells:
        named = [word for word in SEED_WORDS if word in cell.source]
        if named and "seed-reading" not in tags(cell):
            yield f"The cell {cell.id} names {', '.join(named)} and is not tagged seed-reading."
    if any(word in str(chapter.notebook.metadata) for word in SEED_WORDS):
        yield "The metadata of the notebook name the seed."


def reads_the_seed_in_one_place(chapter):
    """The cells tagged seed-reading are a section of their own, just before the limits."""
    places = [n for n, cell in enumerate(chapter.cells) if "seed-reading" in tags(cell)]
    after = chapter.cells[places[-1] + 1 :] if places else []
    if after and not any(cell.source.startswith("## Limits") for cell in after):
        yield "The cells tagged seed-reading do not come before the limits."
    if places and places != list(range(places[0], places[-1] + 1)):
        yield "The cells tagged seed-reading are not in one piece."
    if places and not chapter.cells[places[0]].source.startswith("## "):
        yield "The first cell tagged seed-reading has no heading."


def was_executed_in_order(chapter):
    counts = [cell.execution_count for cell in chapter.code]
    if counts != list(range(1, len(counts) + 1)):
        yield f"The code cells were executed in the order {counts}."


def stores_nothing_of_the_machine(chapter):
    """No stderr, no error that is not expected, no absolute path, no time stamp."""
    yield from store.find_faults(chapter.notebook)
    for cell in chapter.cells:
        if "execution" in cell.metadata:
            yield f"The cell {cell.id} holds time stamps."


def stores_the_error_it_announces(chapter):
    for cell in chapter.code:
        kinds = [output.output_type for output in cell.outputs]
        if "raises-exception" in tags(cell) and "error" not in kinds:
            yield f"The cell {cell.id} is tagged raises-exception and stored no error."


def describes_its_figures(chapter):
    for cell in chapter.code:
        for output in cell.outputs:
            images = [kind for kind in output.get("data", {}) if kind.startswith("image/")]
            if images and "image/png" not in images:
                yield f"The cell {cell.id} stores an image, but no PNG."
            for kind in images:
                alt = output.metadata.get(kind, {}).get("alt", "")
                if len(alt.split()) < 5:
                    yield f"The image of the cell {cell.id} has no alternative text: {alt!r}."
            for image in re.findall(r"<img\b[^>]*>", str(output.get("data", {}).get("text/html"))):
                if not re.search(r"\balt=[\"'][^\"']", image):
                    yield f"An <img> of the cell {cell.id} has no alternative text."
    for cell in chapter.prose:
        if re.search(r"!\[\s*\]\(", cell.source):
            yield f"The cell {cell.id} shows a picture without alternative text."


def ends_with_key_points_limits_exercises_and_next(chapter):
    last = [title for level, title in headings(chapter) if level == 2][-4:]
    if last != ENDING:
        yield f"The last sections are {last}."
        return
    place = next(
        n
        for n, cell in enumerate(chapter.cells)
        if re.search(r"^## Key points", cell.source, re.MULTILINE)
    )
    if any(cell.cell_type == "code" for cell in chapter.cells[place:]):
        yield "Code follows on the key points."
    text = "\n".join(cell.source for cell in chapter.cells[place:])
    asked, _, answers = text.partition("## Exercises")[2].partition("<details>")
    exercises = re.findall(r"^\d+\. ", asked, re.MULTILINE)
    if not 3 <= len(exercises) <= 4 or "before you run" not in asked:
        yield f"There are {len(exercises)} numbered exercises, not 3 or 4 to guess before a run."
    if len(re.findall(r"^\d+\. ", answers, re.MULTILINE)) != len(exercises):
        yield "The exercises do not have one folded answer each."


def links_to_what_is_there(chapter):
    for cell in chapter.prose:
        for link in re.findall(r"\]\(([^)\s]+)\)", cell.source):
            path, _, place = link.partition("#")
            if re.match(r"\w+:", link) or not path:
                continue
            if not (chapter.folder / path).exists():
                yield f"The cell {cell.id} links to {link}, which is not there."
            elif path.endswith(".md") and place and place not in anchors(chapter.folder / path):
                yield f"The cell {cell.id} links to {link}, which is not a heading there."
    following = PATH.get(chapter.name)
    if following and f"]({following}.ipynb" not in chapter.cells[-1].source:
        yield f"The last cell does not link to {following}."


def anchors(page):
    """Return the names by which the headings of a Markdown page can be linked to."""
    found = re.findall(r"^#+ +(.+?) *$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in found}


def explains_its_terms(chapter):
    if not any("docs/glossary.md" in cell.source for cell in chapter.prose):
        yield "No term is linked to the glossary."


def has_readable_ids(chapter):
    ids = [cell.get("id", "") for cell in chapter.cells]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"The id {name!r} stands twice."
    for name in ids:
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or (
            re.fullmatch(r"[0-9a-f]{8}|[0-9a-f-]{36}", name)
        ):
            yield f"The id {name!r} is not made of words."


# The guard of the outputs that nbval compares


def has_its_checked_cells(chapter):
    checked = [cell for cell in chapter.code if is_checked(cell)]
    if len(checked) < 6:
        yield f"{len(checked)} cells are checked, fewer than 6."
    for cell in chapter.code:
        spoken = [line for line in cell.source.splitlines() if "NBVAL" in line]
        if spoken not in ([], [MARKER]) or spoken and not cell.source.startswith(MARKER):
            yield f"The cell {cell.id} has {spoken}; only a first line {MARKER!r} counts."
        if any("nbval" in tag for tag in tags(cell)):
            yield f"The cell {cell.id} has a tag of nbval; only the line {MARKER!r} is used."


def checked_cells_hold_an_output(chapter):
    """nbval compares nothing where nothing is stored."""
    for cell in chapter.code:
        if is_checked(cell) and not printed(cell).strip():
            yield f"The checked cell {cell.id} holds no printed output and no table."


def printed(cell):
    """Return what a cell printed, and the text of the plain table that it ends in."""
    texts = [o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stdout"]
    return "".join(texts + [o.data["text/plain"] for o in cell.outputs if is_plain_table(o)])


def is_plain_table(output):
    html = str(output.get("data", {}).get("text/html", ""))
    return output.output_type == "execute_result" and 'class="dataframe' in html


def checked_cells_compare_text_and_plain_tables(chapter):
    for cell in chapter.code:
        if not is_checked(cell):
            continue
        for output in cell.outputs:
            if output.output_type != "stream" and not is_plain_table(output):
                yield f"The checked cell {cell.id} stores {output.output_type}: no text, no table."
            elif is_plain_table(output) and 'id="T_' in output.data["text/html"]:
                yield f"The checked cell {cell.id} ends in a styled table."
        text = "".join(output.get("text", "") for output in cell.outputs)
        if re.search(TABLE_REPR, text):
            yield f"The checked cell {cell.id} prints the repr of a table."
        if re.search(r"<[\w.]+ (object )?at 0x|<[a-z]+[ >/]", text):
            yield f"The checked cell {cell.id} prints an object or HTML."


def checked_cells_round_their_numbers(chapter):
    for cell in chapter.code:
        text = re.sub(r"\b10\.\d{4,9}/\S+", "", printed(cell)) if is_checked(cell) else ""
        for number in re.findall(r"(?<![\w.])\d+\.\d{4,}\b|\d(?:\.\d+)?e[-+]\d\d\b", text):
            yield f"The checked cell {cell.id} shows {number}: more than three decimals."


RULES = [
    begins_with_its_title,
    has_its_header_card,
    has_its_question,
    says_first_what_would_fool_us,
    says_what_you_will_be_able_to_do,
    lets_the_reader_predict_and_change,
    imports_in_one_cell_from_fronts,
    computes_no_ids,
    shows_tables_and_figures,
    keeps_lessons_apart,
    explains_its_terms,
    has_one_parameters_cell,
    has_twelve_to_thirty_short_cells,
    has_more_prose_than_code,
    defines_nothing,
    uses_no_magic_and_no_input,
    compiles,
    needs_no_network_and_no_other_notebook,
    names_the_seed_in_its_reading_only,
    reads_the_seed_in_one_place,
    was_executed_in_order,
    stores_nothing_of_the_machine,
    stores_the_error_it_announces,
    describes_its_figures,
    ends_with_key_points_limits_exercises_and_next,
    links_to_what_is_there,
    has_readable_ids,
    has_its_checked_cells,
    checked_cells_hold_an_output,
    checked_cells_compare_text_and_plain_tables,
    checked_cells_round_their_numbers,
]


# The rules, tried on a made-up chapter


def print_cell(name, text, *more, checked=True):
    source = f"print({text!r})"
    return new_code_cell(
        f"{MARKER}\n{source}" if checked else source,
        id=name,
        outputs=[new_output("stream", name="stdout", text=f"{text}\n"), *more],
    )


AIMS = "**You will be able to**\n\n- read\n- write\n- count"
ASKED = """## Exercises

Guess before you run.

1. One
2. Two
3. Three

<details><summary>Answers</summary>

1. One
2. Two
3. Three

</details>"""


def made_up(folder):
    """Return a chapter that keeps every rule."""
    card = "\n".join(f"| **{name}** | something |" for name in CARD)
    card = card.replace("| **Reading time** | something", "| **Reading time** | 10 minutes")
    card = card.replace("| **Running time** | something", "| **Running time** | 5 seconds")
    figure = new_output(
        "display_data",
        data={"image/png": "AAAA", "text/plain": "<Figure>"},
        metadata={"image/png": {"alt": "Tone. Bars, in words: one is 3."}},
    )
    error = new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])
    table = new_output(
        "execute_result",
        data={
            "text/html": '<table border="1" class="dataframe"></table>',
            "text/plain": "  n\n0 1",
        },
        execution_count=1,
    )
    prose = [
        new_markdown_cell(f"### Step {n}\n\n" + "word " * 55, id=f"prose-{n}") for n in range(14)
    ]
    code = [
        print_cell(f"code-{n}", f"{n} sentences, mean 0.12, doi:10.1146/x.12345") for n in range(8)
    ]
    code[0] = new_code_cell("import pandas as pd\nfrom framebook.chain import x", id="imports")
    for n in (2, 3, 4, 5):
        code[n].outputs.append(copy.deepcopy(table))
    code += [
        new_code_cell("show(ax)", id="figure", outputs=[figure]),
        new_code_cell(
            "raise ValueError('no')",
            id="failing",
            outputs=[error],
            metadata={"tags": ["raises-exception"]},
        ),
    ]
    cells = [
        new_markdown_cell(
            f"# 07 Made up\n\nWhat is it?\n\n| | |\n|---|---|\n{card}\n\n{AIMS}",
            id="title",
            metadata={"tags": ["lesson"]},
        ),
        new_markdown_cell(
            f"## {FOOLED}\n\nA [word](docs/glossary.md#cue), and *Rus* as such. **Predict** and "
            "**Change it:** too.",
            id="fooled",
            metadata={"tags": ["lesson"]},
        ),
        new_code_cell(
            'corpus = "seeds"  # which\ntables = ""',
            id="parameters",
            metadata={"tags": ["parameters"]},
        ),
        *(cell for pair in zip(prose, code, strict=False) for cell in pair),
        *prose[len(code) :],
        new_markdown_cell(
            "## Reading the seed\n\nKursk.", id="seed", metadata={"tags": ["seed-reading"]}
        ),
        print_cell("seed-count", "Kursk: 5"),
        new_markdown_cell("## Key points\n\n- It is made up.", id="points"),
        new_markdown_cell("## Limits of the method\n\n- It is made up.", id="limits"),
        new_markdown_cell(ASKED, id="exercises", metadata={"tags": ["lesson"]}),
        new_markdown_cell(
            "## Next\n\n[08 More](08_more.ipynb#Step-1)", id="next", metadata={"tags": ["lesson"]}
        ),
    ]
    cells[-5].metadata["tags"] = ["seed-reading"]
    notebook = new_notebook(cells=cells, metadata={"framebook": {"question": "What is it?"}})
    chapter = Chapter("07_made_up", notebook, folder)
    for number, cell in enumerate(chapter.code, start=1):
        cell.execution_count = number
    for name in ("07_made_up", "08_more"):
        (folder / f"{name}.ipynb").write_text("{}")
    (folder / "docs").mkdir()
    (folder / "docs" / "glossary.md").write_text("# Glossary\n\n### Cue\n")
    return chapter


@pytest.fixture
def good(tmp_path):
    return made_up(tmp_path)


def test_a_chapter_that_keeps_every_rule_passes(good):
    assert [said for rule in RULES for said in rule(good)] == []


def cell(chapter, name):
    return next(one for one in chapter.cells if one.id == name)


def set_source(name, source):
    return lambda chapter: cell(chapter, name).update(source=source)


def change(name, old, new):
    def spoil(chapter):
        one = cell(chapter, name)
        assert old in one.source
        one.source = one.source.replace(old, new)

    return spoil


def set_tags(name, *given):
    return lambda chapter: cell(chapter, name).metadata.update(tags=list(given))


def remove(*names):
    def spoil(chapter):
        chapter.notebook.cells = [one for one in chapter.cells if one.id not in names]

    return spoil


def output(name, *outputs):
    return lambda chapter: cell(chapter, name).update(outputs=[new_output(**o) for o in outputs])


def say(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def data(kind="display_data", metadata=None, **found):
    found = {key.replace("_", "/"): value for key, value in found.items()}
    return {"output_type": kind, "data": found, "metadata": metadata or {}}


def insert(place, *cells):
    def spoil(chapter):
        chapter.cells[place:place] = copy.deepcopy(list(cells))

    return spoil


def question(text):
    return lambda chapter: chapter.notebook.metadata.update(framebook={"question": text})


PLAIN = [new_code_cell("x = 1", id=f"plain-{n}") for n in range(20)]
SPOILED = [
    (says_what_you_will_be_able_to_do, change("title", "\n- count", "")),
    (says_what_you_will_be_able_to_do, change("title", "will be", "are")),
    (lets_the_reader_predict_and_change, change("fooled", "**Predict**", "Guess")),
    (lets_the_reader_predict_and_change, change("fooled", "**Change it:**", "Change it")),
    (imports_in_one_cell_from_fronts, set_source("code-2", "import re")),
    (imports_in_one_cell_from_fronts, set_source("imports", "x = 1")),
    (
        imports_in_one_cell_from_fronts,
        change("imports", "framebook.chain", "framebook.voices.actors"),
    ),
    (computes_no_ids, set_source("code-2", "doc_id = sent_id // 2**20")),
    (computes_no_ids, set_source("code-2", "x = mean + 0")),
    (computes_no_ids, set_source("code-2", "x = SENTENCE_STRIDE")),
    (
        shows_tables_and_figures,
        lambda chapter: [one.update(outputs=[]) for one in chapter.code[3:6]],
    ),
    (keeps_lessons_apart, set_tags("title")),
    (keeps_lessons_apart, set_tags("fooled")),
    (keeps_lessons_apart, set_tags("exercises")),
    (keeps_lessons_apart, lambda chapter: [one.metadata.update(tags=[]) for one in chapter.cells]),
    (
        keeps_lessons_apart,
        lambda chapter: [
            cell(chapter, "code-1").update(source="only_here = 1", metadata={"tags": ["lesson"]}),
            cell(chapter, "code-2").update(source="print(only_here)"),
        ],
    ),
    (explains_its_terms, change("fooled", "docs/glossary.md", "glossary.md")),
    (links_to_what_is_there, change("fooled", "#cue", "#frame")),
    (ends_with_key_points_limits_exercises_and_next, remove("points")),
    (
        ends_with_key_points_limits_exercises_and_next,
        change("exercises", "1. One\n2. Two\n3. Three\n\n</details>", "1. One\n\n</details>"),
    ),
    (
        checked_cells_compare_text_and_plain_tables,
        output("code-1", data("execute_result", text_html='<table id="T_1a" class="dataframe">')),
    ),
    (
        checked_cells_round_their_numbers,
        output(
            "code-1",
            data("execute_result", text_html='<table class="dataframe">', text_plain="0.12345"),
        ),
    ),
    (begins_with_its_title, change("title", "# 07", "# 06")),
    (begins_with_its_title, change("title", "# 07", "## 07")),
    (begins_with_its_title, set_source("limits", "# Another title")),
    (begins_with_its_title, insert(0, new_markdown_cell("Before.", id="before"))),
    (has_its_header_card, change("title", "| **Writes** | something |\n", "")),
    (has_its_header_card, change("title", "**Writes**", "**Makes**")),
    (has_its_header_card, change("title", "**Read first** | something", "**Read first** | ")),
    (has_its_header_card, change("title", "10 minutes", "not long")),
    (has_its_header_card, change("title", "5 seconds", "5 minutes")),
    (has_its_question, question("")),
    (has_its_question, question("No question.")),
    (has_its_question, lambda chapter: chapter.notebook.metadata.pop("framebook")),
    (says_first_what_would_fool_us, change("fooled", "fool us?", "fool you?")),
    (says_first_what_would_fool_us, insert(0, PLAIN[0])),
    (says_first_what_would_fool_us, change("fooled", "## ", "")),
    (has_one_parameters_cell, set_tags("parameters")),
    (has_one_parameters_cell, set_tags("code-1", "parameters")),
    (has_one_parameters_cell, set_tags("limits", "parameters")),
    (has_one_parameters_cell, insert(2, PLAIN[0])),
    (has_one_parameters_cell, change("parameters", '"seeds"', '"my-news"')),
    (has_one_parameters_cell, change("parameters", 'tables = ""', "import pandas")),
    (has_one_parameters_cell, change("parameters", '""', "str()")),
    (has_one_parameters_cell, change("parameters", "tables =", "tables = more =")),
    (has_twelve_to_thirty_short_cells, remove("code-1")),
    (has_twelve_to_thirty_short_cells, insert(5, *PLAIN)),
    (has_twelve_to_thirty_short_cells, set_source("code-1", "x = 1\n" * 26)),
    (has_twelve_to_thirty_short_cells, set_source("code-1", MARKER)),
    (
        has_twelve_to_thirty_short_cells,
        lambda chapter: [one.update(source="x = 1\n" * 5) for one in chapter.code],
    ),
    (has_more_prose_than_code, insert(5, *PLAIN[:9])),
    (has_more_prose_than_code, remove("prose-1", "prose-2")),
    (has_more_prose_than_code, set_source("prose-1", "word " * 2000)),
    (defines_nothing, set_source("code-1", "def count(x):\n    return x")),
    (defines_nothing, set_source("code-1", "if True:\n    class Count: pass")),
    (uses_no_magic_and_no_input, set_source("code-1", "!pip install x")),
    (uses_no_magic_and_no_input, set_source("code-1", "x = 1\n  %pip install x")),
    (uses_no_magic_and_no_input, set_source("code-1", "%%bash\nls")),
    (uses_no_magic_and_no_input, set_source("code-1", "files = !ls")),
    (uses_no_magic_and_no_input, set_source("code-1", "get_ipython().system('ls')")),
    (uses_no_magic_and_no_input, set_source("code-1", "name = input('Your name? ')")),
    (compiles, set_source("code-1", "print(")),
    (needs_no_network_and_no_other_notebook, set_source("code-1", "import urllib.request")),
    (needs_no_network_and_no_other_notebook, set_source("code-1", "from requests import get")),
    (
        needs_no_network_and_no_other_notebook,
        set_source("code-1", "pd.read_csv('https://example.org/x.csv')"),
    ),
    (needs_no_network_and_no_other_notebook, set_source("code-1", "import nbformat")),
    (needs_no_network_and_no_other_notebook, set_source("code-1", "from . import helpers")),
    (needs_no_network_and_no_other_notebook, set_source("code-1", "run_path('01_loading.ipynb')")),
    (names_the_seed_in_its_reading_only, set_source("prose-1", "In Kursk.")),
    (names_the_seed_in_its_reading_only, change("code-1", "sentences", "Gerasimov")),
    (names_the_seed_in_its_reading_only, set_source("prose-1", "The Russian text.")),
    (names_the_seed_in_its_reading_only, set_tags("seed-count")),
    (names_the_seed_in_its_reading_only, question("What of Masharipov?")),
    (reads_the_seed_in_one_place, set_tags("prose-1", "seed-reading")),
    (reads_the_seed_in_one_place, set_source("seed", "Kursk.")),
    (
        reads_the_seed_in_one_place,
        lambda chapter: chapter.cells.insert(
            1, chapter.cells.pop(chapter.cells.index(cell(chapter, "limits")))
        ),
    ),
    (was_executed_in_order, lambda chapter: cell(chapter, "code-3").update(execution_count=3)),
    (was_executed_in_order, lambda chapter: cell(chapter, "code-3").update(execution_count=None)),
    (was_executed_in_order, insert(6, PLAIN[0])),
    (stores_nothing_of_the_machine, output("code-1", say("Warning: old", "stderr"))),
    (stores_nothing_of_the_machine, set_tags("failing")),
    (
        stores_nothing_of_the_machine,
        output("code-1", say("/".join(["", "home", "someone", "news", "a.txt"]))),
    ),
    (stores_nothing_of_the_machine, output("code-1", say(f"in {PROJECT}"))),
    (stores_nothing_of_the_machine, output("code-1", data(text_html="<p>C:\\news\\a.txt</p>"))),
    (
        stores_nothing_of_the_machine,
        lambda chapter: cell(chapter, "code-1").metadata.update(execution={"iopub.status": "now"}),
    ),
    (
        stores_nothing_of_the_machine,
        output("code-1", data(**{"application_vnd.jupyter.widget-view+json": {"model_id": "0"}})),
    ),
    (stores_the_error_it_announces, output("failing")),
    (stores_the_error_it_announces, set_tags("code-1", "raises-exception")),
    (describes_its_figures, output("figure", data(image_png="AAAA"))),
    (
        describes_its_figures,
        output("figure", data(image_png="AAAA", metadata={"image/png": {"alt": "Figure"}})),
    ),
    (
        describes_its_figures,
        output(
            "figure",
            {
                "output_type": "display_data",
                "data": {"image/svg+xml": "<svg/>"},
                "metadata": {"image/svg+xml": {"alt": "One two three four five."}},
            },
        ),
    ),
    (describes_its_figures, output("figure", data(text_html="<p><img src='x'></p>"))),
    (describes_its_figures, set_source("prose-1", "See ![](figure.png)")),
    (ends_with_key_points_limits_exercises_and_next, remove("limits")),
    (ends_with_key_points_limits_exercises_and_next, change("next", "## Next", "## Further")),
    (ends_with_key_points_limits_exercises_and_next, change("exercises", "\n3. Three", "")),
    (ends_with_key_points_limits_exercises_and_next, change("exercises", "before you run", "well")),
    (ends_with_key_points_limits_exercises_and_next, insert(-1, PLAIN[0])),
    (
        ends_with_key_points_limits_exercises_and_next,
        lambda chapter: chapter.cells.insert(0, chapter.cells.pop()),
    ),
    (links_to_what_is_there, set_source("prose-1", "[It](09_missing.ipynb)")),
    (links_to_what_is_there, set_source("prose-1", "[It](../README.md#install)")),
    (links_to_what_is_there, set_source("next", "## Next\n\n[07 Made up](07_made_up.ipynb)")),
    (has_readable_ids, lambda chapter: cell(chapter, "code-1").update(id="code-2")),
    (has_readable_ids, lambda chapter: cell(chapter, "code-1").update(id="1f0c9a3b")),
    (has_readable_ids, lambda chapter: cell(chapter, "code-1").update(id="Code_1")),
    (has_readable_ids, lambda chapter: cell(chapter, "code-1").pop("id")),
    (
        has_its_checked_cells,
        lambda chapter: [
            one.update(source=one.source.replace(MARKER, "")) for one in chapter.code[3:7]
        ],
    ),
    (has_its_checked_cells, change("code-1", MARKER, "x = 1  " + MARKER)),
    (has_its_checked_cells, change("code-1", MARKER, "  " + MARKER)),
    (has_its_checked_cells, change("code-1", MARKER, MARKER + " please")),
    (has_its_checked_cells, change("code-1", MARKER, "# NBVAL_SKIP")),
    (has_its_checked_cells, change("code-1", MARKER, "x = 1\n" + MARKER)),
    (has_its_checked_cells, set_tags("code-1", "nbval-skip")),
    (checked_cells_hold_an_output, output("code-1")),
    (checked_cells_hold_an_output, output("code-1", say(" \n"))),
    (checked_cells_hold_an_output, output("code-1", say("x", "stderr"))),
    (checked_cells_hold_an_output, output("code-1", data(text_plain="x"))),
    (
        checked_cells_compare_text_and_plain_tables,
        output("code-1", say("1"), data("execute_result", text_plain="x")),
    ),
    (
        checked_cells_compare_text_and_plain_tables,
        output("code-1", say("1"), data(text_html="<b>1</b>")),
    ),
    (
        checked_cells_compare_text_and_plain_tables,
        output("code-1", say("   a  b\n0  1  2\n1  3  4\n")),
    ),
    (
        checked_cells_compare_text_and_plain_tables,
        output("code-1", say("0    1\n1    2\ndtype: int64\n")),
    ),
    (
        checked_cells_compare_text_and_plain_tables,
        output("code-1", say("...\n[22 rows x 3 columns]\n")),
    ),
    (checked_cells_compare_text_and_plain_tables, output("code-1", say("<Axes object at 0x7f00>"))),
    (checked_cells_compare_text_and_plain_tables, output("code-1", say("<table border=1>"))),
    (checked_cells_round_their_numbers, output("code-1", say("mean 0.1234"))),
    (checked_cells_round_their_numbers, output("code-1", say("[-0.33333333333]"))),
    (checked_cells_round_their_numbers, output("code-1", say("1.5e-07"))),
]


@pytest.mark.parametrize(
    ("rule", "spoil"), SPOILED, ids=[f"{rule.__name__}-{n}" for n, (rule, _) in enumerate(SPOILED)]
)
def test_each_rule_fails_on_a_spoiled_chapter(good, rule, spoil):
    spoil(good)
    said = list(rule(good))
    assert said and all(isinstance(one, str) for one in said)


def test_the_chapters_teach_to_merge_to_group_and_to_pivot():
    code = "\n".join(cell.source for chapter in FOUND for cell in chapter.code)
    for word in (".merge(", ".groupby(", ".pivot_table("):
        assert code.count(word) >= 2, word


def test_every_rule_was_tried():
    assert {rule for rule, _ in SPOILED} == set(RULES)


@pytest.mark.parametrize(
    "text",
    [
        "mean 0.123, n 22, doi:10.1146/annurev.x.1234",
        "in 1,234.5 words",
        "0.333\n",
        "2031.01.06",
        "2:40 a.m. is “12.5 per cent”; a < b > c",
    ],
)
def test_harmless_numbers_and_signs_may_be_printed(good, text):
    output("code-1", say(text))(good)
    assert [said for rule in RULES for said in rule(good)] == []


def test_stored_outputs_may_name_the_seed(good):
    output("code-1", say("Kursk 5"))(good)
    assert list(names_the_seed_in_its_reading_only(good)) == []


# The notebooks


def read_chapters():
    """Return the chapters that are there."""
    return [
        Chapter(path.stem, nbformat.read(path, as_version=4))
        for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    ]


FOUND = read_chapters()


def test_the_chapters_are_there():
    assert [chapter.name for chapter in FOUND][: len(CHAPTERS)] == CHAPTERS


@pytest.mark.parametrize("chapter", FOUND, ids=lambda chapter: chapter.name)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_notebook_keeps_the_rule(chapter, rule):
    assert list(rule(chapter)) == []


@pytest.mark.parametrize("chapter", FOUND, ids=lambda chapter: chapter.name)
def test_a_notebook_is_valid_and_stored_as_it_is_written(chapter):
    nbformat.validate(chapter.notebook)
    assert (chapter.notebook.nbformat, chapter.notebook.nbformat_minor) == (4, 5)
    assert chapter.notebook.metadata.kernelspec == store.KERNEL
    text = (NOTEBOOKS / f"{chapter.name}.ipynb").read_text(encoding="utf-8")
    assert text == nbformat.writes(chapter.notebook).rstrip("\n") + "\n"


@pytest.mark.parametrize("chapter", FOUND, ids=lambda chapter: chapter.name)
def test_opening_a_notebook_in_jupyterlab_changes_nothing_in_it(chapter, tmp_path):
    """As Jupyter’s server saves it, with what JupyterLab writes into the metadata on opening."""
    from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
    from traitlets.config import Config

    place = tmp_path / f"{chapter.name}.ipynb"
    shutil.copy(NOTEBOOKS / place.name, place)
    hook = next(word for word in inspect.getsource(cli.run_lab).split('"') if "pre_save" in word)
    name, _, value = hook.removeprefix("--ContentsManager.").partition("=")
    manager = AsyncLargeFileManager(
        root_dir=str(tmp_path), config=Config({"ContentsManager": {name: value}})
    )

    async def open_and_save():
        model = await manager.get(place.name)
        model["content"]["metadata"]["kernelspec"]["display_name"] = "Python 3 (ipykernel)"
        model["content"]["metadata"]["language_info"] |= {"version": "3.99", "pygments_lexer": "x"}
        await manager.save(model, place.name)

    asyncio.run(open_and_save())
    assert place.read_bytes() == (NOTEBOOKS / place.name).read_bytes()


# On any corpus

SHAPES = "one_sentence transcript no_dates no_full_stop no_outlets many no_cue".split()
FEW = 2  # of them that every run of the tests takes, each for every second chapter


@pytest.mark.parametrize(
    "name", [*SHAPES[:FEW], *(pytest.param(name, marks=pytest.mark.full) for name in SHAPES[FEW:])]
)
def test_every_chapter_runs_to_its_end_on(name, tmp_path, size):
    """Nothing outside the cells tagged seed-reading knows the seed."""
    found = write_corpora(tmp_path) | {"no_cue": tmp_path / "no_cue.txt"}
    (tmp_path / "no_cue.txt").write_text(
        "Grey stones lay by the path. Snow fell.", encoding="utf-8"
    )
    assert set(found) == set(SHAPES)
    corpus = found[name]
    left_out = ["seed-reading", *(["lesson"] if name == "one_sentence" else [])]
    values = {"corpus": str(corpus), "figures": str(tmp_path / "figures")}
    chapters = {
        chapter.name: with_parameters(without_cells(chapter.notebook, *left_out), values)
        for chapter in size(FOUND[SHAPES.index(name) :: FEW], FOUND)
    }
    execute(chapters, NOTEBOOKS)
    for chapter in chapters.values():
        faults = [said for said in store.find_faults(chapter) if "path of this machine" not in said]
        assert faults == []


# The guard, tried on a real notebook


def fastest():
    """Return the chapter whose header card promises the shortest run."""

    def seconds(chapter):
        found = re.search(r"\d+", card_of(chapter).get("Running time", ""))
        return (int(found.group()) if found else 1000, chapter.name)

    assert FOUND, "there is no notebook"
    return min(FOUND, key=seconds)


def spoil_a_digit(notebook):
    """Change the first digit that a checked cell has stored; return the cell's place in code."""
    code = [one for one in notebook.cells if one.cell_type == "code"]
    for place, one in enumerate(code):
        for stored in one.outputs if is_checked(one) else []:
            where, key = (stored, "text") if "text" in stored else (stored.data, "text/plain")
            if re.search(r"\d", where[key]):
                where[key] = re.sub(
                    r"\d", lambda m: str((int(m.group()) + 1) % 10), where[key], count=1
                )
                return place
    raise AssertionError("no checked cell prints a digit")


def test_nbval_sees_a_spoiled_output(tmp_path):
    chapter = fastest()
    shutil.copy(NOTEBOOKS / f"{chapter.name}.ipynb", tmp_path / "whole.ipynb")
    spoiled = copy.deepcopy(chapter.notebook)
    place = spoil_a_digit(spoiled)
    nbformat.write(spoiled, tmp_path / "spoiled.ipynb")
    record = tmp_path / "record.xml"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--nbval-lax",
            "--nbval-current-env",
            "-c",
            os.devnull,
            "-p",
            "no:cacheprovider",
            f"--rootdir={tmp_path}",
            f"--junitxml={record}",
            "-q",
            "whole.ipynb",
            "spoiled.ipynb",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    cases = list(ElementTree.parse(record).getroot().iter("testcase"))
    assert done.returncode == 1 and len(cases) == 2 * len(chapter.code), done.stdout[-3000:]
    failed = [(case.get("classname"), case.get("name")) for case in cases if len(case)]
    assert failed == [("spoiled.ipynb", f"Cell {place}")]


def test_a_notebook_without_outputs_is_seen_by_the_guard():
    chapter = copy.deepcopy(fastest())
    for one in chapter.code:
        one.outputs, one.execution_count = [], None
    said = [*checked_cells_hold_an_output(chapter), *was_executed_in_order(chapter)]
    assert len(said) == 1 + sum(map(is_checked, chapter.code))
