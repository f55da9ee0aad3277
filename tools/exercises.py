"""Make what participants get from what teachers have: for whoever changes an exercise.

    python tools/exercises.py [--execute]

makes notebooks/exercises (stubs without outputs, and in room/ the sheets of the coding exercise),
notebooks/solutions/simulated-room and framebook/classroom/exercises.json (checksums and hints) from
notebooks/solutions and `SENTENCES` below. `--execute` first executes the solutions and stores
their outputs. In a notebook of solutions a cell tagged

- `solution` is the teacher's: of code its comments and last check stay, with three dots for the
  answer; Markdown is left out;
- `answer` is left out: a block of TOML with name, answer, hint and, where they apply, kind,
  decimals, form, and [wrong] with hints for answers that are known to come.

Everything else is given to the participants as it is. After INRIA's scikit-learn MOOC.
"""

import ast
import json
import re
import shutil
import sys
import tempfile
import tomllib
from copy import deepcopy
from dataclasses import replace
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "tests")]

import store  # noqa: E402

from framebook.chain import derive_from  # noqa: E402
from framebook.classroom.exercises import KEYS, hash_answer, judge, spell  # noqa: E402
from framebook.common.resampling import cluster  # noqa: E402
from framebook.framing.codebook import load_codebook  # noqa: E402
from framebook.loading.articles import load_documents  # noqa: E402
from framebook.report.execution import has_tag, read_notebooks  # noqa: E402
from framebook.validation.design import describe_design, list_asked  # noqa: E402
from framebook.validation.sampling import list_units  # noqa: E402
from framebook.validation.sheets import _write_workbook, read_cells  # noqa: E402

NOTEBOOKS = PROJECT / "notebooks"
SOLUTIONS, EXERCISES = NOTEBOOKS / "solutions", NOTEBOOKS / "exercises"
SIMULATED = SOLUTIONS / "simulated-room"
FORMS = {"number": "one number", "set": "a list or set of words or numbers", "text": "a text"}
CODE = "responsibility"
QUESTION = (
    "Does the sentence say that somebody or something is responsible for a problem, or "
    "should or could remedy it?"
)
# How each begins, and how often a simulated participant says yes: some clear, some to quarrel over.
SENTENCES = {
    "The army blamed the Ministry": 0.97,
    "It was noted that the dam had passed": 0.3,
    "Beet prices at the Castrel exchange rose": 0.03,
    "The cause of the breach": 0.5,
    "Garrow Tressock should not have died": 0.4,
    "She wept as she read": 0.03,
    "Mines were allegedly left": 0.6,
    "The cost, she stressed, will be met": 0.5,
    "The source, who asked not to be named": 0.95,
    "“It was luck, not the government": 0.45,
}
STYLE = """@page { size: A4; margin: 14mm 15mm }
body { font: 11pt/1.35 Georgia, "DejaVu Serif", serif; color: #000; max-width: 180mm; margin: 0
auto; padding: 1em }
h1 { font-size: 15pt; margin: 0 0 2mm } p { margin: 0 0 2mm }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 }
th, td { border: 0.3mm solid #555; padding: 1.5mm 2mm; text-align: left; vertical-align: middle }
th { font-size: 9.5pt } td.box { font-size: 17pt; line-height: 1; text-align: center }
td.n { text-align: right; font-weight: bold } .small { font-size: 9pt }
@media print { body { padding: 0; max-width: none } }"""


def main(options):
    """Make all of it in its place; return 1 if a solution can't be stored."""
    put_in_place()
    if "--execute" not in options:
        return 0
    status = store.main([], SOLUTIONS)
    put_in_place()
    return status


def put_in_place():
    """Make everything anew and put it where it belongs."""
    with tempfile.TemporaryDirectory() as made:
        make(Path(made))
        keep_workbook(Path(made, "exercises", "room", "sheet.xlsx"))
        for name, place in (("exercises", EXERCISES), ("simulated-room", SIMULATED)):
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(Path(made, name), place)
        shutil.copyfile(Path(made, KEYS.name), KEYS)


def make(folder):
    """Write exercises/, simulated-room/ and exercises.json to a folder."""
    keys = {}
    (folder / "exercises").mkdir()
    for name, notebook in read_notebooks(SOLUTIONS).items():
        keys |= read_keys(notebook)
        store.write(folder / "exercises" / f"{name}.ipynb", to_exercise(notebook))
    text = json.dumps(keys, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / KEYS.name).write_text(text + "\n", "utf-8", newline="\n")
    make_room(folder / "exercises" / "room", folder / "simulated-room")


def to_exercise(notebook):
    """Return a copy of a notebook of solutions with stubs for the answers and without outputs."""
    notebook, cells = deepcopy(notebook), []
    for cell in notebook.cells:
        if has_tag(cell, "answer") or cell.cell_type == "markdown" and has_tag(cell, "solution"):
            continue
        if cell.cell_type == "code":
            source = cell.source.removeprefix("# NBVAL_CHECK_OUTPUT\n").lstrip("\n")
            cell.update(
                source=stub(source) if has_tag(cell, "solution") else source,
                outputs=[],
                execution_count=None,
            )
        if has_tag(cell, "solution"):
            del cell.metadata["tags"]
        cells.append(cell)
    notebook.cells = cells
    return notebook


def stub(source):
    """Return the comments at the head of a solution, NAME = ... for its answer, and its check.

    Without a check, every name that the solution sets is the participant's to set.
    """
    head = re.match(r"(#.*\n)*", source).group()
    body = ast.parse(source).body
    match body[-1]:
        case ast.Expr(value=ast.Call(func=ast.Name(id="check"), args=[_, ast.Name(id=name)])):
            names, tail = [name], "\n" + ast.get_source_segment(source, body[-1])
        case _:
            set_here = [
                name
                for one in body
                for name in ast.walk(one)
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
            ]
            names, tail = [name.id for name in set_here], ""
    return head + "\n".join(f"{name} = ..." for name in names) + tail


def read_keys(notebook):
    """Return {name: key} of the cells tagged answer, as `framebook.classroom.exercises` reads them."""
    keys = {}
    for cell in notebook.cells:
        if not has_tag(cell, "answer"):
            continue
        said = tomllib.loads(re.search(r"```toml\n(.*)```", cell.source, re.DOTALL).group(1))
        name, kind, decimals = said["name"], said.get("kind", "number"), said.get("decimals", 0)
        coded = [
            hash_answer(name, spell(answer, kind, decimals))
            for answer in (said["answer"], *said.get("wrong", {}))
        ]
        keys[name] = {
            "kind": kind,
            "decimals": decimals,
            "form": said.get("form", FORMS[kind]),
            "answer": coded[0],
            "hint": said["hint"],
            "wrong": dict(zip(coded[1:], said.get("wrong", {}).values(), strict=True)),
        }
        assert judge(name, said["answer"], keys) == f"{name}: right."
    return keys


def make_room(folder, simulated):
    """Write the room's sheet, its key and the paper to `folder`; made-up answers to another."""
    documents, loading = load_documents("seeds/teaching")
    book = load_codebook("generic-news-frames")
    book = replace(book, codes=[code for code in book.codes if code.id == CODE])
    made = derive_from(documents, [book], {"sentences", "spans"})
    units = list_units(documents, made["sentences"], made["spans"], book)
    at = [units.index[units.text.str.startswith(start)][0] for start in SENTENCES]
    units["cluster"] = cluster(units, loading)
    drawn = units.loc[at].assign(
        inclusion_probability=1.0, unit=[f"s{n}" for n in range(1, len(at) + 1)]
    )
    design = describe_design(documents, units, drawn, book, "sentence", 0)
    design |= {"note": "Ten sentences chosen to divide a room: no sample of anything."}
    for place in (folder, simulated):
        place.mkdir()
    text = json.dumps(design, indent=1, ensure_ascii=False) + "\n"
    (folder / "design.json").write_text(text, "utf-8", newline="\n")
    head = ["unit", "coder", "text", CODE, "memo"]
    cells = [
        head,
        *(
            [unit, "the name of this file", text, "", ""]
            for unit, text in zip(drawn.unit, drawn.text, strict=True)
        ),
    ]
    write_csv(folder / "sheet.csv", cells)
    _write_workbook(folder / "sheet.xlsx", cells, list_asked(book, "sentence"))
    (folder / "coding-sheet.html").write_text(make_paper(book, drawn.text), "utf-8", newline="\n")
    simulate(simulated, cells)


def simulate(folder, cells, seed=11):
    """Write three sheets and a grid of nine rows, filled in by chance and labelled so."""
    generator = np.random.default_rng(seed)
    answers = (generator.random((12, len(SENTENCES))) < list(SENTENCES.values())).astype(int)
    answers = answers.astype(str)
    answers[4, 3] = answers[9, 7] = ""
    for n in range(3):
        rows = [
            [*row[:3], answer, "SIMULATED"]
            for row, answer in zip(cells[1:], answers[n], strict=True)
        ]
        write_csv(folder / f"simulated-{n + 1}.csv", [cells[0], *rows])
    rows = [[f"simulated-{n + 4}", *row] for n, row in enumerate(answers[3:])]
    write_csv(folder / "simulated-paper.csv", [["name", *range(1, len(SENTENCES) + 1)], *rows])


def write_csv(path, cells):
    pd.DataFrame(cells).to_csv(
        path, header=False, index=False, encoding="utf-8-sig", lineterminator="\r\n"
    )


def make_paper(book, texts):
    """Return the coding sheet for print, one side of A4, as HTML."""
    rows = "\n".join(
        f'<tr><td class="n">s{n}</td><td>{escape(text)}</td><td class="box">☐</td>'
        f'<td class="box">☐</td></tr>'
        for n, text in enumerate(texts, start=1)
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Ten sentences to code</title><style>{STYLE}</style></head>
<body>
<h1>Ten sentences to code: {escape(book.codes[0].label.lower())}</h1>
<p>Name or number: ______________________</p>
<p><strong>{QUESTION}</strong> Tick yes if it does, no if it does not. Answer for the sentence
alone, in order, without talking. If you can’t say, tick nothing.</p>
<table>
<thead><tr><th scope="col">No.</th><th scope="col">Sentence</th><th scope="col">yes, 1</th>
<th scope="col">no, 0</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p class="small">The codebook’s definition: {escape(list_asked(book, "sentence")[0][1])}
({escape(book.title)}, version {escape(str(book.version))}.)</p>
<p class="small">The sentences are from twelve INVENTED articles; no person, place or outlet in them
exists. Framebook, seeds/teaching, CC0.</p>
</body>
</html>
"""


def keep_workbook(new):
    """Put the stored workbook in place of a new one with the same cells: a new one is dated."""
    old = EXERCISES / "room" / new.name
    if old.exists() and read_cells(old) == read_cells(new):
        shutil.copyfile(old, new)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
