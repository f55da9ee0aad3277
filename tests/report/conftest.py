"""Three corpora and their reports, made once: one article, two outlets, many outlets."""

import random
from pathlib import Path

import pandas as pd
import pytest

from framebook.chain import load_codebooks
from framebook.report.found import Corpus
from framebook.report.report import make_report

PEOPLE = ["President Ada Crane", "Gil Starke, a fisherman,", "The ministry", "Critics", "Police",
          "Professor Rosa Venn", "Somebody nearby", "Company director Tom Pell"]  # fmt: skip
SAID = ["said that the dam would hold", "warned that jobs may be lost",
        "told reporters that the attack was a disgrace", "claimed that taxes must fall",
        "demanded that the mayor take responsibility"]  # fmt: skip
PLAIN = ["It rained all day.", "The old harbour burned and two men died.",
         "Prices rose again, and nobody knows why.", "Families wept at the bridge.",
         "Nothing happened on Tuesday."]  # fmt: skip


def invent(n, outlets, dated=True, seed=1):
    """Return a table of invented articles; the first two are copies, the last has no outlet."""
    draw, rows = random.Random(seed), []
    for number in range(n):
        parts = [f"Story {number} of the valley."]
        for _ in range(draw.randint(3, 9)):
            if draw.random() < 0.6:
                parts.append(f"{draw.choice(PEOPLE)} {draw.choice(SAID)}.")
            else:
                parts.append(draw.choice(PLAIN))
            if draw.random() < 0.2:
                parts.append(f"“We will win {number} times,” said {draw.choice(PEOPLE)[:-1]}.")
        day = f"20{draw.randint(29, 33)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"
        rows.append({
            "id": f"k{number}", "title": f"Valley {number} <b>& more", "date": day if dated else "",
            "source": outlets[number % len(outlets)] if number < n - 1 else "",
            "text": "\n\n".join(parts[k] for k in range(len(parts)))})  # fmt: skip
    if n > 2:
        rows[1]["text"] = rows[0]["text"]
    return pd.DataFrame(rows)


CORPORA = {
    "one": invent(1, ["Quay News"]),
    "two": invent(26, ["Quay News", "<i>Dam & Co</i>"]),
    "many": invent(150, [f"Outlet {n}" for n in range(30)] + ["OUTLET 1"], dated=False, seed=2),
}


@pytest.fixture(scope="session")
def reports(tmp_path_factory):
    """{name: folder of the report} of the three corpora."""
    place, made = tmp_path_factory.mktemp("reports"), {}
    for name, table in CORPORA.items():
        table.to_csv(place / f"{name}.csv", index=False)
        made[name] = make_report(place / f"{name}.csv", place / name).parent
    return made


@pytest.fixture(scope="session")
def corpora(reports):
    """{name: what the report counted}, read again from its tables."""
    return {name: Corpus(Path(path), name, load_codebooks()) for name, path in reports.items()}
