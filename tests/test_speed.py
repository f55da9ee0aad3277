"""The only timed test: the engine is at least 8 times the naive loop, and stays so."""

import random
import subprocess
import sys

import pandas as pd

from framebook.common.folders import PROJECT
from framebook.loading.articles import load_documents
from framebook.tables import text_of
from framebook.tokenising.bulk import tokenise


def test_the_engine_is_at_least_eight_times_the_naive_loop(tmp_path):
    documents, _ = load_documents(PROJECT / "seeds" / "teaching")
    texts = text_of(documents, tokenise(documents)[0])
    rng = random.Random(1)
    articles = [" ".join(rng.choices(texts, k=20)) for _ in range(200)]
    pd.DataFrame({"text": articles}).to_parquet(tmp_path / "articles.parquet")
    command = [sys.executable, PROJECT / "benchmarks" / "engine.py", tmp_path / "articles.parquet"]
    ran = subprocess.run([*command, "--small"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
