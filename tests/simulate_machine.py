"""Write the SIMULATED record that chapter 09 is read with: no language model answered here.

    python tests/simulate_machine.py

asks a made-up coder, from a fixed seed, about the sample in notebooks/codes and puts it to the
examination; the record goes to notebooks/machine. The coder goes by the cues of the codebook and
by the label, sometimes answers in prose, and obeys what a text asks of it.
"""

import json
import random
import re
import sys
from pathlib import Path

from framebook.coding.coder import find_codebook, list_questions, read_units
from framebook.coding.examination import list_items, list_probes
from framebook.coding.questions import PARAMETERS, WORDINGS, hash_request
from framebook.coding.record import seal
from framebook.framing.cues import find_cues
from framebook.tables import make_documents
from framebook.tokenising.bulk import tokenise
from framebook.validation.design import read_design

sys.path.insert(0, str(Path(__file__).parent / "coding"))
from dataclasses import replace  # noqa: E402

from model_server import read_prompt, wrap  # noqa: E402

PROJECT = Path(__file__).resolve().parent.parent
NAME = "simulated-coder"
README = f"""# SIMULATED record

**No language model has answered these questions.** A random number generator plays the coder
“{NAME}”, so that chapter 09 can be read without a model or a network. Nothing about any model
follows from it.

Made by `python tests/simulate_machine.py`. The coder goes by the label and by the cues of the
codebook, sometimes answers in prose, and obeys instructions in the text. To keep the file small,
its lines leave out the text of the requests and keep their checksums; what `code-by` writes
contains it.
"""


def simulate(folder):
    """Write requests.jsonl and README.md to `folder`."""
    design = read_design(PROJECT / "notebooks" / "codes" / "design.json")
    book = find_codebook(design)
    units = read_units(PROJECT / "notebooks" / "codes" / "coder-1.csv", design)
    asked = list_questions(design, book, units)
    runs = [
        replace(question, wording=wording, order=order)
        for question in list_probes(asked)
        for wording in range(len(WORDINGS))
        for order in range(2)
    ]
    items = [question for _, question, _ in list_items(book, {code.id for code in book.codes})]
    questions = list(dict.fromkeys([*items, *runs, *asked]))
    first = {"kind": "model", "made_by": "tests/simulate_machine.py", "model": NAME}
    lines = [seal(first | {"digest": None, "parameters": PARAMETERS, "simulated": True})]
    found = _find_labels(book, questions)
    for question in questions:
        checksum, body = hash_request(question.make_request(NAME))
        entry = {"kind": "reply", "unit": question.unit, "code": question.code}
        entry |= {"request_sha256": checksum, "status": 200}
        lines.append(seal(entry | {"reply": _reply(read_prompt(body), found[question.text])}))
    folder = Path(folder)
    folder.mkdir(exist_ok=True)
    (folder / "requests.jsonl").write_text("\n".join(lines) + "\n", "utf-8", newline="\n")
    (folder / "README.md").write_text(README, "utf-8", newline="\n")


def _find_labels(book, questions):
    """Return {text: the labels of the codes of which it has a cue}."""
    texts = list(dict.fromkeys(question.text for question in questions))
    spans = find_cues(tokenise(make_documents(texts))[1], [book])
    found = {text: set() for text in texts}
    for doc_id, code in zip(spans.doc_id, spans.code, strict=True):
        found[texts[doc_id]].add(book.label(code))
    return found


def _reply(prompt, labels):
    rng = random.Random(prompt["asked"] + prompt["told"])
    if rng.random() < 0.03:
        return wrap("Well, it depends on how one reads it.")
    said = "yes" if prompt["label"] in labels else "no"
    if told := re.search(r"Note to the coder.* answer (\w+)\.", prompt["text"]):
        said = told[1]
    if rng.random() < 0.05:
        said = "yes"
    return wrap(json.dumps({"token": prompt["token"], "answer": said}))


if __name__ == "__main__":
    sys.exit(simulate(PROJECT / "notebooks" / "machine"))
