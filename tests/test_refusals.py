"""Hostile files and codebooks are read or refused at once, in little memory; nothing is run."""

import ast
import json
import os
import re
import subprocess
import sys
import zipfile
from fnmatch import fnmatchcase
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from attacks import ALL, REFUSED, write_codebook, write_corpus
from hypothesis import given
from hypothesis import strategies as st

from framebook import cli
from framebook.common.errors import InputError
from framebook.common.folders import PROJECT
from framebook.framing.codebook import load_codebook
from framebook.framing.matching import _shape

MEMORY = 3 * 2**30  # bytes of addresses: Arrow and numpy take the first
CODEBOOK = '[codebook]\nname = "c"\n[[code]]\nid = "x"\npatterns = ["a"]\n'


# ---- in seconds, and in bounded memory


def limited(*arguments, seconds=300):
    """Run a command with a limit on memory; return what it came to."""
    import resource

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", "framebook", *map(str, arguments)],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=seconds,
        preexec_fn=limit,
    )


def bomb(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on memory here")
def test_a_folder_of_bombs_leaves_the_one_article(tmp_path):
    """Over 50 MB, lines of 10 million characters, noughts, halves, zip and entity bombs, links."""
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "good.txt").write_text("The mayor said that it rained.")
    (texts / "large.txt").write_bytes(b"It sails. " * 5_500_000)
    (texts / "line.txt").write_bytes(b"a" * 10_000_000)
    (texts / "line.csv").write_bytes(b"text\n" + b"a" * 10_000_000)
    (texts / "line.jsonl").write_bytes(b'{"text": "' + b"a" * 10_000_000 + b'"}')
    (texts / "nought.txt").write_bytes(b"It \0 sails.")
    (texts / "half.jsonl").write_text('{"text": "It \\ud800 sails."}')
    bomb(texts / "bomb.zip", {"a.txt": bytes(300_000_000)})
    bomb(texts / "out.zip", {"../../pwned.txt": "It sails.", "/pwned.txt": "It sails."})
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb(
        texts / "entities.docx",
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><x>&l9;</x>',
        },
    )
    (tmp_path / "secret.txt").write_text("The secret of the mayor.")
    (texts / "link.txt").symlink_to(tmp_path / "secret.txt")
    done = limited("tables", texts, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    loading = pd.read_parquet(tmp_path / "out" / "loading.parquet").set_index("path")
    assert loading.index[loading.status != "rejected"].tolist() == ["good.txt", "half.jsonl"]
    assert "leads out" in loading.reason["link.txt"]
    assert sorted(os.listdir(tmp_path)) == ["out", "secret.txt", "texts"]


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on memory here")
def test_catastrophic_patterns_take_no_time(tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text(f"The mayor said that {'a' * 900_000} was so.")
    (texts / "b.txt").write_text(f"The mayor said {'a ' * 100_000} so.")
    patterns = [
        f"{'*a' * 20}*b",
        f"{'?*' * 20}b",
        f"a{'*a' * 20}b",
        f"{'(a+)+' * 5}b",
        " ... ".join("a" * 20),
        " ".join("a" * 20) + " ... b",
        "* ... * ... *" + " a" * 9,
    ]
    (tmp_path / "c.toml").write_text(CODEBOOK.replace('["a"]', json.dumps(patterns)))
    done = limited("tables", texts, "--out", tmp_path / "out", "--codebook", tmp_path / "c.toml")
    assert (done.returncode, done.stderr) == (0, "")


@given(
    st.lists(st.text("ab", min_size=1, max_size=7), min_size=1, max_size=4),
    st.text("ab*?", min_size=1, max_size=7),
)
def test_a_pattern_word_matches_what_a_shell_would(words, pattern):
    lines = "\n".join(words)
    found = {
        lines[: match.start()].count("\n")
        for match in re.compile(_shape(pattern), re.M).finditer(lines)
    }
    assert found == {n for n, word in enumerate(words) if fnmatchcase(word, pattern)}


# ---- codebooks that no figure or page could show


@pytest.mark.parametrize(
    "old, new, said",
    [
        ('"x"', '"x:y"', "an id without a colon"),
        ('"c"', '"c:d"', "a name without a colon"),
        ('"x"', "7", "needs an id"),
        ('id = "x"', 'id = "x"\nlabel = 7', "label must be a text"),
        ('id = "x"', 'id = "x"\ndefinition = ["a"]', "definition must be a text"),
        ('name = "c"', 'name = "c"\ntitle = 1.5', "title must be a text"),
        ('name = "c"', 'name = "c"\ncitation = {}', "citation must be a text"),
        ('id = "x"', 'id = "x"\nlabel = "\\u001b[31mred"', "characters, in '\\x1b[31mred"),
        ('id = "x"', 'id = "x"\nlabel = "\\uffff"', "holds control characters"),
        ('["a"]', '["a\\u0000b"]', "holds control characters"),
        ('id = "x"', 'id = "x"\nmine = [{deep = "\\u009b"}]', "holds control characters"),
        ("[codebook]", "a = " + "[" * 100_000, "is not valid TOML"),
        ("[codebook]", "[" + "a ." * 500_000 + "a]", "a key has more than 50 parts"),
        ("[codebook]", '"a". ' * 500_000 + "a = 1", "a key has more than 50 parts"),
        ("[codebook]", "a = " + "9" * 5000, "is not valid TOML"),
        ("[codebook]", "#" * 5_000_000, "is larger than 5 MB; part it"),
    ],
)
def test_a_codebook_is_refused_in_one_sentence(tmp_path, capsys, old, new, said):
    path = tmp_path / "c.toml"
    path.write_text(CODEBOOK.replace(old, new))
    with pytest.raises(InputError, match=re.escape(said)):
        load_codebook(path)
    (tmp_path / "a.txt").write_text("It sails.")
    arguments = ["tables", tmp_path / "a.txt", "--codebook", path, "--out", tmp_path / "out"]
    assert cli.main([str(one) for one in arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


# ---- names that are no Unicode


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="every name is Unicode here")
def test_a_name_that_is_no_unicode_is_read_and_never_written(tmp_path, capsys):
    name = os.fsdecode(b"caf\xe9")
    pd.DataFrame({"text": ["It sails."]}).to_parquet(tmp_path / "a")
    file = (tmp_path / "a").rename(tmp_path / f"{name}.parquet")
    assert cli.main(["tables", str(file), "--out", str(tmp_path / "out")]) == 0
    paths = pd.read_parquet(tmp_path / "out" / "documents.parquet").path
    assert paths.tolist() == ["caf\ufffd.parquet"]
    assert cli.main(["tables", str(file), "--out", str(tmp_path / name)]) == 2
    assert "caf\\udce9 has a name that is not text" in capsys.readouterr().err


# ---- terminals and spreadsheets


def test_no_command_lets_a_name_or_a_text_speak_to_the_terminal(tmp_path, capsys):
    escape = "\x1b]0;pwned\x07\x9b31m\r\nline"
    folder = tmp_path / escape
    folder.mkdir()
    book = folder / "b.toml"
    book.write_text(CODEBOOK.replace("[codebook]", '[codebook]\n"\\u001b[31m\\n" = 1'))
    (folder / "list.dic").write_text("%\n1 sun\n%\nsun* 1\n\x1b[31m(\n")
    (folder / "empty.txt").write_text("")
    out = folder / "out"
    for arguments in (
        ["tables", folder / "nothing", "--out", out],
        ["tables", folder, "--out", out],
        ["report", folder / "empty.txt", "--out", out],
        ["codebook", "check", book],
        ["codebook", "import", folder / "list.dic", "--out", folder / "new.toml"],
        ["sample", folder, "--codebook", book, "--out", out],
        ["agree", folder / "a.csv", folder / "b.csv", "--key", book, "--out", out],
        ["compare", folder / "empty.txt", folder / "empty.txt", "--out", out],
        ["tables", "seeds", "--out", out],
    ):
        cli.main([str(one) for one in arguments])
        said = capsys.readouterr()
        assert said.out + said.err and not REFUSED.search(said.out + said.err), arguments
        lines = [line for line in said.err.splitlines() if not line.startswith("Framebook: ")]
        assert len(lines) <= 1  # less those on progress
    assert "\\x1b]0;pwned\\x07\\x9b31m" in said.out


def test_what_a_terminal_cannot_write_is_escaped(tmp_path):
    name = os.fsdecode(b"caf\xe9 \xc5\x81")
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "framebook", "tables", name, "--out", "x"],
        env=environment,
        capture_output=True,
        encoding="ascii",
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 2 and "caf\\udce9 \\u0141" in done.stderr


def test_no_cell_that_is_written_is_a_formula(tmp_path):
    write_corpus(tmp_path / "texts")
    write_codebook(tmp_path / "attacks.toml")
    arguments = [
        "sample",
        tmp_path / "texts",
        "--codebook",
        tmp_path / "attacks.toml",
        "--out",
        tmp_path / "out",
        "--n",
        "150",
    ]
    assert cli.main([str(one) for one in arguments]) == 0
    cells = []
    for path in (tmp_path / "out").rglob("*.csv"):
        table = pd.read_csv(path, dtype="str", header=None, keep_default_na=False)
        cells += table.to_numpy().ravel().tolist()
    for path in (tmp_path / "out").rglob("*.xlsx"):
        for sheet in openpyxl.load_workbook(path):
            found = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
            assert {cell.data_type for cell in found} <= {"s", "n"}
            cells += [cell.value for cell in found if cell.data_type == "s"]
    assert len(cells) > 1000 and sum(any(own in cell for own in ALL) for cell in cells) > 100
    assert [cell for cell in cells if re.match("[=+\\-@\t\r\n＝＋－＠]", cell)] == []


def test_no_formula_is_set_in_the_tables_of_a_notebook():
    """Tried in JupyterLab: "$x$" in HTML becomes a formula where no class forbids it."""
    assert "mathjax_ignore" in pd.DataFrame({"$x$": ["$y$"]})._repr_html_()


# ---- nothing is run


FORBIDDEN = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "system",
    "popen",
    "unsafe_load",
    "full_load",
    "load_all",
}
MODULES = {
    "pickle",
    "cPickle",
    "marshal",
    "shelve",
    "dill",
    "joblib",
    "cloudpickle",
    "urllib.request",
    "http.client",
    "requests",
    "httpx",
    "ftplib",
    "smtplib",
    "telnetlib",
    "xml.sax",
    "xml.dom.minidom",
}


def calls_of(source):
    """Yield (line, what is wrong) of a module: what runs text as code, a shell, the network."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [one.name for one in node.names]
            module = getattr(node, "module", None) or ""
            for name in [module, *names, *(f"{module}.{name}" for name in names)]:
                if name in MODULES:
                    yield node.lineno, f"imports {name}"
        if isinstance(node, ast.Call):
            of = node.func
            owner = (
                of.value.id
                if isinstance(of, ast.Attribute) and isinstance(of.value, ast.Name)
                else ""
            )
            name = of.id if isinstance(of, ast.Name) else getattr(of, "attr", "")
            if name in FORBIDDEN and not (name == "compile" and owner == "re"):
                yield node.lineno, f"calls {name}"
            if (owner, name) in {("yaml", "load"), ("np", "load")} and any(
                word.arg in ("Loader", "allow_pickle") for word in node.keywords
            ):
                yield node.lineno, f"calls {owner}.{name}"
            if owner in ("pd", "pandas") and name in ("read_pickle", "eval"):
                yield node.lineno, f"calls {name}"
            if any(word.arg == "shell" for word in node.keywords):
                yield node.lineno, "names a shell"


# What reads XML or starts a module, each with its reason.
ALLOWED = {
    ("code_exchange.py", "xml.etree"): "the name of an error alone",
}
# The one module that asks another program: the model that a user names for code-by.
ASKS = {"framebook/coding/endpoint.py": "imports http.client"}


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "framebook").rglob("*.py")), ids=lambda path: path.stem
)
def test_no_module_runs_text_or_asks_the_network(path):
    source = path.read_text("utf-8")
    asks = ASKS.get(path.relative_to(PROJECT).as_posix())
    assert {wrong for _, wrong in calls_of(source)} == ({asks} if asks else set())
    if re.search(r"\bxml\.etree|\blxml\b", source):
        assert "defusedxml" in source or (path.name, "xml.etree") in ALLOWED, path.name


@pytest.mark.parametrize(
    "line",
    [
        "import pickle",
        "from pickle import loads",
        "eval('1')",
        "exec('1')",
        "os.system('x')",
        "subprocess.run('x', shell=True)",
        "yaml.load(text, Loader=yaml.Loader)",
        "pd.read_pickle('x')",
        "np.load('x', allow_pickle=True)",
        "from urllib import request",
        "import urllib.request",
    ],
)
def test_the_walk_sees(line):
    assert list(calls_of(line))
    assert Path(__file__).name not in line
