"""Write the SIMULATED codes that chapter 07 is read with: no person has coded anything here.

    python tests/simulate_codes.py

draws 100 sentences of the invented articles (seeds/teaching) for the five generic news frames
and fills the sheets of two made-up coders by chance, from a fixed seed, into notebooks/codes.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from framebook.validation.agreement import list_undecided
from framebook.validation.design import read_design
from framebook.validation.sampling import sample
from framebook.validation.sheets import read_coders

PROJECT = Path(__file__).resolve().parent.parent
SEED = 7
MARKED, UNMARKED = 0.7, 0.08  # how often a unit with, without a cue is taken to have the code
SEES, INVENTS = 0.88, 0.03  # how often a coder finds a code that is there, one that isn't
README = f"""# SIMULATED codes

**No person has coded these sentences.** A random number generator has filled in the sheets, so
that chapter 07 can be read before anybody has coded. Nothing about the codebook, the articles
or any coder follows from them.

Made by `python tests/simulate_codes.py` (seed {SEED}): 100 sentences of the twelve invented
articles in `seeds/teaching`, drawn by `framebook sample` for *Five generic news frames*. A
sentence with a cue of a code was given the code with probability {MARKED}, one without with
{UNMARKED}; a simulated coder finds a code that is there with probability {SEES}, and one that
isn't with {INVENTS}. `adjudicated.csv` decides where the two differ. `design.json` is the key.
"""


def simulate(folder):
    """Write design.json, coder-1.csv, coder-2.csv, adjudicated.csv and README.md to `folder`."""
    folder, generator = Path(folder), np.random.default_rng(SEED)
    with tempfile.TemporaryDirectory() as made:
        drawn = sample(
            "seeds/teaching", "generic-news-frames", Path(made, "sample"), n=100, seed=SEED
        )
        design = read_design(drawn / "design.json") | {"simulated": True}
        sheets = {
            n: pd.read_csv(
                drawn / "for-coders" / f"coder-{n}.csv", dtype="str", keep_default_na=False
            )
            for n in (1, 2)
        }
    codes = [code["id"] for code in design["codes"]]
    marked = pd.DataFrame(
        {code: [code in row["codes"] for row in design["units"]] for code in codes},
        [row["unit"] for row in design["units"]],
    )
    truth = generator.random(marked.shape) < np.where(marked, MARKED, UNMARKED)
    truth = pd.DataFrame(truth, marked.index, codes)
    text = json.dumps(design, indent=1, ensure_ascii=False) + "\n"
    (folder / "design.json").write_text(text, encoding="utf-8", newline="\n")
    for n, sheet in sheets.items():
        chance = np.where(truth.loc[sheet.unit], SEES, INVENTS)
        sheet[codes] = (generator.random(chance.shape) < chance).astype(int).astype(str)
        write(sheet.assign(coder=f"simulated-{n}", memo="SIMULATED"), folder / f"coder-{n}.csv")
    files = [folder / "coder-1.csv", folder / "coder-2.csv"]
    blank = dict.fromkeys(codes, "")
    last = sheets[1].assign(coder="simulated-decision", memo="SIMULATED", **blank)
    for unit, code in list_undecided(read_coders(files, design)):
        last.loc[last.unit == unit, code] = str(int(truth.loc[unit, code]))
    write(last, folder / "adjudicated.csv")
    (folder / "README.md").write_text(README, encoding="utf-8", newline="\n")


def write(sheet, path):
    sheet.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


if __name__ == "__main__":
    sys.exit(simulate(PROJECT / "notebooks" / "codes"))
