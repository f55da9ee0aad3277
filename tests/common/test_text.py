"""Sizes, characters that nobody sees, formulas, numbers and plurals: exact values."""

import hashlib
import json
import platform
import sys
from base64 import b64decode
from importlib.metadata import version

import pytest

import framebook
from framebook.common import program, text
from framebook.common.errors import InputError, show
from framebook.common.sparse_nltk import SparseNLTK


def test_a_list_of_five_megabytes_is_read_and_one_byte_more_is_not(tmp_path):
    path = tmp_path / "words.toml"
    path.write_bytes(b" " * 5_000_000)
    assert text.check_size(path) is None
    path.write_bytes(b" " * 5_000_001)
    with pytest.raises(InputError) as error:
        text.check_size(path)
    assert str(error.value) == f"{path} is larger than 5 MB; part it."


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("a\ud7ffb", "a\ud7ffb"),
        ("a\ud800b", "a\ufffdb"),
        ("a\udfffb\ufffe\uffff", "a\ufffdb\ufffd\ufffd"),
        ("\ue000\ufffd\U0001f642", "\ue000\ufffd\U0001f642"),
    ],
)
def test_what_no_file_holds_is_replaced(given, stored):
    assert text.storable(given) == stored


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@a", "'tis", "\ta", "\ra", "\na", "＝1", "＋1", "－1", "＠a"]
)
def test_a_formula_is_guarded_and_found_again(cell):
    assert text.guard(cell) == f"'{cell}"
    assert text.unguard(text.guard(cell)) == cell


@pytest.mark.parametrize("cell", ["", "a", "a=1", " =1", "’tis", "1"])
def test_what_is_no_formula_stays(cell):
    assert text.guard(cell) == text.unguard(cell) == cell
    assert text.unguard("'" + cell) == "'" + cell


def test_a_name_that_is_not_unicode_is_text():
    assert text.writable("a\udce9b") == "a?b"
    assert text.writable("Ärger") == "Ärger"


def test_a_policy_names_a_script_by_its_hash():
    kind, _, mark = text.hash_for_policy("f()").partition("-")
    assert kind == "sha256"
    assert b64decode(mark) == hashlib.sha256(b"f()").digest()


def test_a_page_in_a_cell():
    assert text.frame_page("Map", '<p id="a">') == (
        '<div><iframe title="Map" style="width:100%;height:46rem;border:0" '
        'srcdoc="&lt;p id=&quot;a&quot;&gt;"></iframe></div>'
    )


def test_numbers_and_plurals():
    assert [text.count_of(n, "article") for n in (0, 1, 2, 1000)] == [
        "0 articles",
        "1 article",
        "2 articles",
        "1,000 articles",
    ]
    assert [text.number(x) for x in (-0.004, -0.006, 0, 1, 2.345, "-3.5")] == [
        "0.00",
        "−0.01",
        "0.00",
        "1.00",
        "2.35",
        "−3.50",
    ]
    assert text.lower_case("It’s Ada's") == "it's ada's"


def test_characters_that_print_as_nothing_are_shown():
    assert show("a\x1b[2Jé\u200b'\n") == "a\\x1b[2Jé\\u200b'\\n"


def test_the_program_is_named_by_its_versions_and_files(tmp_path, monkeypatch):
    versions = program.list_versions()
    assert versions["framebook"] == framebook.__version__
    assert versions["Python"] == platform.python_version()
    names = ["pandas", "numpy", "pyarrow", "matplotlib", "nltk", "textblob", "vaderSentiment"]
    assert list(versions) == ["framebook", "Python", *names]
    assert [versions[name] for name in names] == [version(name) for name in names]
    package, notebooks = tmp_path / "package", tmp_path / "notebooks"
    for folder in (package / "common", notebooks):
        folder.mkdir(parents=True)
    (package / "common" / "program.py").write_text("x")
    (package / "common" / "program.pyc").write_text("y")
    (notebooks / "01.ipynb").write_text("z")
    monkeypatch.setattr(program, "__file__", str(package / "common" / "program.py"))
    monkeypatch.setattr(program, "PROJECT", tmp_path)
    parts = {
        "common/program.py": hashlib.sha256(b"x").hexdigest(),
        "01.ipynb": hashlib.sha256(b"z").hexdigest(),
    }
    assert program.identify_program() == {
        "system": f"{sys.platform} {platform.machine()}",
        "program": hashlib.sha256(json.dumps(parts).encode()).hexdigest(),
    }


def test_nltk_gets_neither_scipy_nor_scikit_learn_while_it_is_imported(monkeypatch):
    path = [finder for finder in sys.meta_path if finder is not SparseNLTK]
    monkeypatch.setattr(sys, "meta_path", path)
    SparseNLTK.enter()
    SparseNLTK.enter()
    assert sys.meta_path.count(SparseNLTK) == 1 and sys.meta_path[0] is SparseNLTK

    class Nltk:
        class __spec__:
            _initializing = True

    monkeypatch.setitem(sys.modules, "nltk", Nltk)
    for name in ("scipy", "sklearn"):
        with pytest.raises(ModuleNotFoundError, match=f"No module named '{name}'") as error:
            SparseNLTK.find_spec(name)
        assert error.value.name == name
    assert SparseNLTK.find_spec("numpy") is None
    Nltk.__spec__._initializing = False
    assert SparseNLTK.find_spec("scipy") is None
    del Nltk.__spec__._initializing
    assert SparseNLTK.find_spec("scipy") is None
