"""What a model was asked and what it answered, to look at: from a record, without a network."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from framebook.coding.coder import Replies, list_questions, read_units
from framebook.coding.examination import examine
from framebook.coding.questions import Question, read_answer
from framebook.coding.record import keep_last, read_record
from framebook.common.errors import InputError
from framebook.framing.codebook import Code
from framebook.loading.articles import find_path
from framebook.validation.design import find_codebook, read_design, word_for


def show_request(code: Code, text: str, wording: int = 0, order: int = 0) -> str:
    """Return what a model is asked about one code of one text, as plain text.

    `wording` is 0 to 2 and `order` 0 or 1, as in the examination.

    >>> from framebook.framing import Code
    >>> flood = Code("flood", "Flood", "Water where it should not be.", ["flood*"])
    >>> "Definition: Water" in show_request(flood, "The river rose.")
    True
    """
    question = Question("example", code.id, code.label, word_for(code.definition, "sentence"), text)
    request = replace(question, wording=wording, order=order).make_request("")
    return "\n\n".join(message["content"] for message in request["messages"])


def judge_replies(code: Code, text: str, replies: Sequence[str]) -> pd.DataFrame:
    """Return what each reply of a model counts as: columns reply, answer (1, 0 or null), reason.

    The word TOKEN in a reply stands for the token of the request; reason is "" for an answer.

    >>> from framebook.framing import Code
    >>> flood = Code("flood", "Flood", "Water where it should not be.", ["flood*"])
    >>> judge_replies(flood, "It rose.", ['{"token": "TOKEN", "answer": "no"}', "No."]).reason[1]
    'not one JSON object'
    """
    question = Question("example", code.id, code.label, word_for(code.definition, "sentence"), text)
    rows = []
    for reply in replies:
        content = reply.replace("TOKEN", question.token)
        choice = {"message": {"content": content}, "finish_reason": "stop"}
        rows.append((reply, *read_answer(question, 200, json.dumps({"choices": [choice]}))))
    return pd.DataFrame(rows, columns=["reply", "answer", "reason"])


def replay(
    record: str | Path, codes: str | Path, codebook: str | None = None
) -> tuple[pd.DataFrame, dict]:
    """Return (a model's codes, its examination) from the record of `code_by`, without a network.

    `codes` is the folder of the sample: design.json and a sheet. The codes have one row per unit
    and one column per code: 1, 0, or null where there is no answer. The examination is what
    `table_examination` shows. Raises InputError when the files do not belong together.

    >>> codes, examination = replay("notebooks/machine/requests.jsonl", "notebooks/codes")
    >>> codes.shape, examination["passed"]
    ((100, 5), False)
    """
    folder, entries = find_path(codes), read_record(find_path(record))
    design = read_design(folder / "design.json")
    book = find_codebook(design, codebook)
    sheets = sorted([*folder.glob("*.csv"), *folder.glob("for-coders/*.csv")])
    if not sheets:
        raise InputError(f"There is no sheet (.csv) in {codes}; name the folder of the sample.")
    questions = list_questions(design, book, read_units(sheets[0], design))
    asker = Replies(entries[0]["model"], keep_last(entries))
    answers = asker.answer(questions)
    rows = [(one.unit, one.code, answers[one][0]) for one in questions]
    table = pd.DataFrame(rows, columns=["unit", "code", "value"]).pivot(
        index="unit", columns="code", values="value"
    )
    table = table.astype(float).loc[[row["unit"] for row in design["units"]]]
    return table[[code["id"] for code in design["codes"]]], examine(book, design, questions, asker)


def table_examination(examination: dict) -> pd.DataFrame:
    """Return an examination (`replay`), one row per test: test, right, n, unanswered, passed.

    right and unanswered are of the n answers; passed is null where there were too few.

    >>> test = {"title": "a", "right": 3, "n": 4, "unanswered": 0, "passed": True}
    >>> table_examination({"tests": [test]}).passed.tolist()
    [True]
    """
    rows = pd.DataFrame(examination["tests"]).rename(columns={"title": "test"})
    return rows[["test", "right", "n", "unanswered", "passed"]]
