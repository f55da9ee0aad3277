"""A language model codes a sample, one question per code and unit, and hands in a coder's sheet.

A reply that is not exactly one of the options is a failure: it is counted, listed and left empty
in the sheet, never read as “no”. Everything is kept in requests.jsonl, from which the same sheet
is made again without a network.
"""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tqdm import tqdm

from framebook import __version__
from framebook.coding.endpoint import DEFAULT, Endpoint
from framebook.coding.examination import describe_examination, examine
from framebook.coding.questions import PARAMETERS, Question, hash_request, read_answer
from framebook.coding.record import Record, keep_last, read_record
from framebook.common.errors import InputError
from framebook.common.folders import hash_file, write_json
from framebook.common.text import count_of, guard
from framebook.validation.design import UNITS, digest, find_codebook, list_asked, read_design
from framebook.validation.sheets import MACHINE, read_cells, write_cells

TRIES = 3  # of one request that gets no reply, or that a busy server turns away
PAUSE = 0.5  # seconds before the second try; twice as many before the third
UNANSWERED = ("not asked", "no reply", "the server said")  # asked again by every further run
BUSY = {408, 425, 429, 500, 502, 503, 504}


def code_by(
    key,
    out,
    url=DEFAULT,
    model=None,
    replay=None,
    codebook=None,
    sheet=None,
    examined=False,
    most=None,
    workers=1,
    again=False,
    allow_remote=False,
):
    """Let a model code the sample of `key`; write its sheet and the record to `out`; return lines.

    `replay` is the requests.jsonl of an earlier run, asked in place of a model. `most` bounds the
    requests, `again` asks once more what failed; a run with the same `out` goes on where the last
    one ended. `examined` asks the questions of `examine`, too. Raises InputError when the key,
    sheet, codebook or record do not belong together, or the address may not be asked.
    """
    design = read_design(key)
    book = find_codebook(design, codebook)
    units = read_units(sheet or Path(key).parent / "for-coders" / "coder-1.csv", design)
    if most is not None and most < 1 or workers < 1:
        raise InputError("--most and --workers are numbers from 1 up.")
    questions, out = list_questions(design, book, units), prepare(out)
    design_sha256 = hash_file(key)
    if replay:
        entries = read_record(replay)
        model, checksum = entries[0]["model"], entries[0]["digest"]
        asker = Replies(model, keep_last(entries))
        result = answer_all(design, book, questions, asker, examined, again=False)
    else:
        if not model:
            raise InputError("Name the model that is to code: --model NAME.")
        endpoint = Endpoint(url, allow_remote)
        checksum = endpoint.find_model(model)
        first = {"kind": "model", "made_by": f"framebook {__version__}", "model": model}
        first |= {"digest": checksum, "parameters": PARAMETERS, "url": url}
        first["design_sha256"] = design_sha256
        with Record(out / "requests.jsonl", first) as record:
            asker = Asker(model, endpoint.ask, record, most, workers)
            result = answer_all(design, book, questions, asker, examined, again)
    coder = f"{MACHINE}{model}"
    lines = hand_in(out, coder, questions, units, design, result["answers"])
    about = {"made_by": f"framebook {__version__}", "kind": "machine coder", "coder": coder}
    about |= {"model": model, "digest": checksum, "parameters": PARAMETERS}
    about |= {"design_sha256": design_sha256, "codebook_sha256": book.sha256}
    if result["examination"]:
        write_json(about | result["examination"], out / "examination.json")
        lines += describe_examination(about | result["examination"])
    write_json(about | {"failures": count_failures(result["answers"])}, out / "coder.json")
    return "\n".join([*lines, f"The sheet is {out / 'sheet.csv'}"])


def answer_all(design, book, questions, asker, examined, again):
    """Return {"answers": {question: (value, reason)}, "examination": its result or None}."""
    probes = questions if examined else []
    return {
        "examination": examine(book, design, probes, asker, again) if examined else None,
        "answers": asker.answer(questions, again),
    }


def prepare(out):
    """Return the folder to write as a Path: new, empty, or that of a run of ours."""
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file; name a folder.")
    if out.is_dir() and any(out.iterdir()) and not (out / "requests.jsonl").exists():
        raise InputError(f"{out} holds files of something else; name another folder.")
    out.mkdir(parents=True, exist_ok=True)
    return out


def read_units(path, design):
    """Return {unit: (before, text, after)} of a sheet as it was given to coders."""
    head, *rows = read_cells(Path(path))
    wanted = {row["unit"]: row["text_sha256"] for row in design["units"]}
    if not {"unit", "before", "text", "after"} <= set(head):
        raise InputError(f"{path} is not a coder’s sheet; name one with --sheet.")
    places = [head.index(name) for name in ("unit", "before", "text", "after")]
    found = {row[places[0]]: tuple(row[n] for n in places[1:]) for row in rows if any(row)}
    for unit, checksum in wanted.items():
        if unit not in found or digest(found[unit][1]) != checksum:
            raise InputError(
                f"{path} lacks the unit {unit}, or its text was altered; name a sheet of this "
                "sample with --sheet."
            )
    return {unit: found[unit] for unit in wanted}


def list_questions(design, book, units):
    """Return one Question per unit and code, in the order of the key."""
    known = {one["id"] for one in design["codes"]}
    asked = [one for one in list_asked(book, design["unit"]) if one[0].id in known]
    kind, salt = UNITS[design["unit"]], design["corpus"]["sha256"]
    return [
        Question(unit, code.id, code.label, definition, text, before, after, tuple(hints), kind,
                 salt=salt)
        for unit, (before, text, after) in units.items()
        for code, definition, hints in asked
    ]  # fmt: skip


class Replies:
    """Answers from a record; what it does not hold was not asked."""

    def __init__(self, model, replies):
        self.model, self.replies = model, replies

    def answer(self, questions, again=False):
        """Return {question: (1.0, 0.0 or None, the reason why there is no answer)}."""
        answers = {}
        for question in questions:
            entry = self.replies.get(hash_request(question.make_request(self.model))[0])
            answers[question] = (
                read_answer(question, entry["status"], entry["reply"])
                if entry
                else (None, "not asked")
            )
        return answers


class Asker(Replies):
    """Answers from a model: what the record does not hold yet is asked, within the budget."""

    def __init__(self, model, ask, record, most=None, workers=1):
        super().__init__(model, record.replies)
        self.ask, self.record, self.workers = ask, record, workers
        self.left, self.lock = most, threading.Lock()

    def answer(self, questions, again=False):
        known = super().answer(questions)
        wanted = [
            question
            for question in questions
            if known[question][1].startswith(UNANSWERED) or again and known[question][1]
        ]
        with ThreadPoolExecutor(self.workers) as pool, tqdm(total=len(wanted)) as bar:
            bar.set_description("Questions")
            try:
                for _ in pool.map(self._ask_once, wanted):
                    bar.update()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return super().answer(questions)

    def _ask_once(self, question):
        """Ask until there is a reply, at most three times, and keep what came."""
        request = question.make_request(self.model)
        checksum, body = hash_request(request)
        for attempt in range(TRIES):
            if not self._may_ask():
                return
            status, reply, error = None, None, None
            try:
                status, reply = self.ask(body)
            except OSError as failure:
                error = f"{type(failure).__name__}: {failure}"[:200]
            entry = {"kind": "reply", "unit": question.unit, "code": question.code}
            entry |= {"request": request, "request_sha256": checksum, "attempt": attempt + 1}
            with self.lock:
                self.record.write(entry | {"status": status, "reply": reply, "error": error})
            if status is not None and status not in BUSY:
                return
            time.sleep(PAUSE * 2**attempt)

    def _may_ask(self):
        """Return whether the budget allows one more request, and take it off."""
        with self.lock:
            if self.left is None:
                return True
            self.left -= 1
            return self.left >= 0


def count_failures(answers):
    """Return {reason: number of questions without an answer}, the most frequent first."""
    return dict(Counter(reason for _, reason in answers.values() if reason).most_common())


def hand_in(out, coder, questions, units, design, answers):
    """Write sheet.csv and failures.csv; return lines that say how many answers there are."""
    codes = [code["id"] for code in design["codes"]]
    values = {(one.unit, one.code): answers[one] for one in questions}
    rows = []
    for unit, around in units.items():
        given = [values[unit, code] for code in codes]
        failed = [f"{code}: {why}" for code, (_, why) in zip(codes, given, strict=True) if why]
        cells = ["" if value is None else str(int(value)) for value, _ in given]
        rows.append([unit, coder, *around, *cells, "; ".join(failed)])
    head = ["unit", "coder", "before", "text", "after", *codes, "memo"]
    _write_table(out / "sheet.csv", head, rows)
    failures = [[one.unit, one.code, answers[one][1]] for one in questions if answers[one][1]]
    _write_table(out / "failures.csv", ["unit", "code", "reason"], failures)
    n, failed = len(questions), len(failures)
    lines = [
        f"{coder} answered {n - failed:,} of {count_of(n, 'question')} "
        f"({count_of(len(units), design['unit'])}, {count_of(len(codes), 'code')})."
    ]
    if failed:
        reasons = ", ".join(f"{why} {k:,}" for why, k in count_failures(answers).items())
        lines.append(
            f"Without an answer: {reasons}. They are empty in the sheet and listed in failures.csv; "
            "run the command again to ask what was not asked, with --again also what failed."
        )
    return lines


def _write_table(path, head, rows):
    write_cells([[guard(cell) for cell in row] for row in [head, *rows]], path, "replace")
