"""The doctor: whatever is changed in a finished result is found, or named as not known."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from framebook import cli, scaling, tables
from framebook.chain import load_codebooks
from framebook.common.errors import InputError
from framebook.common.folders import hash_files
from framebook.comparison.comparison import compare
from framebook.framing.codebook import FOLDER
from framebook.report import doctor, report
from framebook.scaling import make_tables
from framebook.validation.agreement import agree
from framebook.validation.design import read_design
from framebook.validation.sampling import sample

TEXTS = {
    "a.txt": "Levees held.\n\n“The river rose in the night,” said Ada Crane, the mayor of Orrin. "
    "The army accused the ministry of a delay. It was a terrible and costly disaster.",
    "b.txt": "An engineer said that the bridge was safe. Families praised the wonderful rescue. "
    "The union blamed the government for the loss.",
    "c.txt": " ",
    "corpus.toml": 'sampling = "All of <b>both</b>"',
}


@pytest.fixture(scope="module", autouse=True)
def remembered(tmp_path_factory):
    """Have what was made of the same inputs before copied: tables and pages take time."""
    known, store = {}, tmp_path_factory.mktemp("known")

    def remember(function, folder_at, inputs_of):
        def make(*told, **more):
            folder = told[folder_at]
            key = repr([function.__name__, inputs_of(*told, **more), more])
            if key in known:
                shutil.copytree(known[key], folder, dirs_exist_ok=True)
            else:
                function(*told, **more)
                known[key] = shutil.copytree(folder, store / str(len(known)))

        return make

    def texts_of(corpus, out, codebooks, **_):
        named = [Path(book).read_text("utf-8") if "." in str(book) else book for book in codebooks]
        return corpus.name, hash_files(corpus), named, scaling.BLOCK

    def tables_of(folder, *told, **_):
        return hash_files(folder), (folder / "tables" / "manifest.json").read_bytes(), told

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doctor, "make_tables", remember(doctor.make_tables, 1, texts_of))
        patch.setattr(doctor, "make_pages", remember(doctor.make_pages, 0, tables_of))
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A report, one of a single page, and tables, with their texts."""
    place = tmp_path_factory.mktemp("made")
    (place / "texts").mkdir()
    for name, text in TEXTS.items():
        (place / "texts" / name).write_text(text, "utf-8")
    report.make_report(place / "texts", place / "report")
    report.make_report(place / "texts", place / "single", single_file=True)
    return place


@pytest.fixture
def copy(made, tmp_path):
    """A copy of them that may be spoilt."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="module")
def coded(made):
    """Reports with human codes for a codebook that has the name of one of ours, but is none."""
    place = made.with_name("coded")
    shutil.copytree(made / "texts", place / "texts")
    ours = (FOLDER / "generic-news-frames.toml").read_text("utf-8")
    own = ours.replace("patterns = [", 'patterns = ["levees", ', 1)
    (place / "own.toml").write_text(own, "utf-8")
    sample(place / "texts", place / "own.toml", place / "sample", n=7)
    sheets = sorted((place / "sample" / "for-coders").glob("*.csv"))
    for path in sheets:
        sheet = pd.read_csv(path, dtype="str", keep_default_na=False)
        codes = [code["id"] for code in read_design(place / "sample" / "design.json")["codes"]]
        sheet[codes] = [[str(len(text) % 2)] * len(codes) for text in sheet.text]
        sheet.to_csv(path, index=False)
    agree(sheets, place / "sample" / "design.json", place / "agreed")
    for name in ("report", "single"):
        report.make_report(
            place / "texts",
            place / name,
            codebooks=(place / "own.toml",),
            codes=place / "agreed",
            single_file=name == "single",
        )
    return place


def checked(place, name="report", **options):
    """Return {check: (well, text)}."""
    corpus = ({"corpus": place / "texts"} | options)["corpus"]
    options = {"corpora": [corpus] if corpus else [], "compare": compare} | options
    options.pop("corpus", None)
    return {check: told for check, *told in doctor.check(place / name, **options)}


def check_coded(place, name="report", **options):
    options = {"codebooks": [place / "own.toml"], "codes": place / "agreed"} | options
    return checked(place, name, **options)


def wrong(found):
    return {check for check, (well, _) in found.items() if well is False}


def forge(folder):
    """Make the checksums those of the files as they are: no tampering shows by them then."""
    for at in (folder / "tables", folder):
        if (at / "manifest.json").is_file():
            manifest = json.loads((at / "manifest.json").read_text("utf-8"))
            manifest["files"] = hash_files(at)
            (at / "manifest.json").write_text(
                json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", "utf-8"
            )


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def edit_table(folder, name, change):
    tables.write(name, change(tables.read(folder / "tables", name)), folder / "tables")


def assign(name, **values):
    return lambda out: edit_table(out, name, lambda table: table.assign(**values))


def add(name, column, amount):
    def change(table):
        table.loc[table.index[0], column] += amount
        return table

    return lambda out: edit_table(out, name, change)


def change(place, old, new):
    return lambda out: edit(out / place, old, new)


def make_anew(out):
    """Change a score and make everything anew from the changed tables, as a forger would."""
    shutil.move(out, out.with_name("old"))
    shutil.copytree(out.with_name("old") / "tables", out / "tables")
    add("sentiment", "vader_compound", 0.5)(out)
    forge(out)
    report.make_pages(out, Path("texts"), "Framebook report on texts", load_codebooks())
    shutil.rmtree(out.with_name("old"))


def sha_of(folder):
    return tables.read(folder / "tables", "documents").sha256[0]


def write_link(out):
    (out / "link.html").symlink_to(out / "index.html")


def replace_word(table):
    return table.assign(word=table.word.astype("str").replace("river", "stream"))


def forge_card(out):
    """Lay a card with an agreement from nowhere into the report."""
    card = {"measure": "generic-news-frames:conflict", "machine_alpha": [0.97, 0.9, 1.0]}
    cards = json.loads((out / "cards.json").read_text("utf-8")) | {"cards": [card]}
    (out / "cards.json").write_text(json.dumps(cards), "utf-8")


REPORT = {  # what is done to a report, and which checks find it
    "a score": (add("sentiment", "vader_compound", 0.5), {"tables", "pages"}),
    "a score, and all made anew": (make_anew, {"tables"}),
    "an offset": (add("segments", "end", 1), {"tables"}),
    "a place in no sentence": (add("spans", "end", 900), {"tables", "pages"}),
    "a word": (lambda out: edit_table(out, "tokens", replace_word), {"tables"}),
    "texts changed throughout": (
        lambda out: edit_table(
            out, "documents", lambda t: t.assign(text=t.text.str.replace("safe", "lost"))
        ),
        {"tables", "pages"},
    ),
    "an outlet": (assign("documents", source="The Herald"), {"tables", "pages"}),
    "an author": (assign("documents", author="A. Nother"), {"tables"}),
    "a date": (assign("documents", date=pd.Timestamp("2031-05-03")), {"tables", "pages"}),
    "copies forged": (assign("loading", duplicate_group=1), {"tables", "pages"}),
    "a refusal forged": (assign("loading", reason="not a text"), {"tables", "pages"}),
    "a claim fewer": (
        lambda out: edit_table(out, "voices", lambda table: table.iloc[1:]),
        {"tables", "pages"},
    ),
    "a speaker": (assign("voices", speaker="Nobody"), {"tables", "pages"}),
    "an article's row": (change("tables/articles.csv", "0.220467", "0.22"), {"tables"}),
    "a codebook's version": (
        change("tables/manifest.json", '"version": "1.1"', '"version": "9.9"'),
        {"tables"},
    ),
    "a codebook's citation": (
        change("tables/manifest.json", "Entman (1993)", "Nobody (1993)"),
        {"tables"},
    ),
    "what is stated of the corpus": (
        change("tables/manifest.json", "All of", "Half of"),
        {"tables", "pages"},
    ),
    "a number of rows": (change("tables/manifest.json", '"tokens": ', '"tokens": 1'), {"tables"}),
    "a table gone": (lambda out: (out / "tables/actors.parquet").unlink(), {"tables"}),
    "a table of rubbish": (
        lambda out: (out / "tables/spans.parquet").write_bytes(b"PAR1"),
        {"tables", "made again"},
    ),
    "a file among the tables": (lambda out: (out / "tables/z.csv").write_text("1"), {"tables"}),
    "a number on the cover": (change("index.html", "of 7 sentences", "of 8 sentences"), {"pages"}),
    "the methods paragraph": (change("appendix.html", "2 articles", "20 articles"), {"pages"}),
    "a finding in the manifest": (change("manifest.json", '"total": 7', '"total": 9'), {"pages"}),
    "the title in the manifest": (
        change("manifest.json", "Framebook report", "A report"),
        {"pages"},
    ),
    "a sentence of the explorer": (
        change("explorer.html", '"text/plain">', '"text/plain">A'),
        {"pages"},
    ),
    "a page gone": (lambda out: (out / "voices.html").unlink(), {"pages"}),
    "the cover gone": (lambda out: (out / "index.html").unlink(), {"pages"}),
    "a page more": (lambda out: (out / "z.html").write_text("<script>x()</script>"), {"pages"}),
    "a foreign script": (
        change("voices.html", "</body>", "<script>x()</script></body>"),
        {"pages"},
    ),
    "a picture laid in": (
        change("voices.html", "</body>", '<img alt="" src="data:image/png;base64,AAAA"></body>'),
        {"pages"},
    ),
    "no policy": (change("voices.html", "default-src 'none'", ""), {"pages"}),
    "a number of a figure": (change("figures/cues_rhetoric.csv", ",0,", ",9,"), {"pages"}),
    "a bar of a figure": (change("voices.html", "width:98.0%", "width:50.0%"), {"pages"}),
    "a figure gone": (lambda out: (out / "figures/cues_rhetoric.csv").unlink(), {"pages"}),
    "a figure more": (lambda out: (out / "figures/more.svg").write_text("<svg/>"), {"pages"}),
    "the evidence": (change("evidence.csv", "conflict", "economic"), {"pages"}),
    "the checksum of a text": (
        lambda out: edit(out / "appendix.html", sha_of(out), "0" * 64),
        {"pages"},
    ),
    "a version in the appendix": (change("appendix.html", "NLTK 3", "NLTK 4"), {"pages"}),
    "agreement from nowhere": (forge_card, {"pages"}),
    "the cards gone": (lambda out: (out / "cards.json").unlink(), {"pages"}),
    "the references": (change("references.bib", "1993", "1994"), {"pages"}),
    "a hidden file": (lambda out: (out / ".x").write_text("1"), {"files"}),
    "a hidden folder": (lambda out: (out / ".x").mkdir(), {"files"}),
    "a link": (write_link, {"files"}),
}


@pytest.mark.parametrize("what", REPORT)
def test_tampering_with_a_report_is_found_whatever_its_checksums_say(copy, what):
    alter, expected = REPORT[what]
    out = copy / "report"
    alter(out)
    forge(out)
    # One changed line about versions must not excuse a fault.
    edit(out / "manifest.json", '"pandas": "', '"pandas": "1')
    found = checked(copy)
    assert expected <= wrong(found) <= {*expected, "files", "pages"}, found
    assert found["versions"][0] is None


SINGLE = {
    "a number": change("report.html", "of 7 sentences", "of 8 sentences"),
    "a heading": change("report.html", "What is in the articles", "That"),
    "a script": change("report.html", "</body>", "<script>x()</script></body>"),
    "a tag more": change("report.html", "<p>", '<p><meta name="x">'),
    "the page gone": lambda out: (out / "report.html").unlink(),
    "a page beside it": lambda out: (out / "index.html").write_text("<p>All is well.</p>"),
}


@pytest.mark.parametrize("what", SINGLE)
def test_tampering_with_a_single_page_is_found(copy, what):
    SINGLE[what](copy / "single")
    forge(copy / "single")
    assert wrong(checked(copy, "single")) == {"pages"}


def test_what_was_changed_without_its_checksum_is_named(copy):
    out = copy / "report"
    edit(out / "corpus.html", "3 texts found", "4 texts found")
    (out / "again.txt").write_text("")
    (out / "voices.html").unlink()
    (out / "figures/cues_rhetoric.csv").unlink()
    found = {check: text for check, (_, text) in checked(copy).items()}
    assert "again.txt is not part of it; take it out" in found["files"]
    assert "corpus.html was changed since it was written" in found["files"]
    assert found["files"].endswith("; and 1 more") and found["pages"].endswith("; and 1 more")
    edit(out / "corpus.html", "</main>", "</main><p>")
    found = {check: text for check, (_, text) in checked(copy).items()}
    assert "again.txt is not made from these tables; " in found["pages"]


@pytest.mark.parametrize("name", ["report", "single"])
def test_an_untouched_report_is_well(made, name):
    found = checked(made, name)
    assert list(found) == ["files", "inputs", "tables", "pages"], found
    assert all(well and "\n" not in text for well, text in found.values()), found


INPUTS = {
    "a letter": (lambda texts: edit(texts / "a.txt", "rose", "rise"), "a.txt) has another"),
    "one gone": (lambda texts: (texts / "b.txt").unlink(), "in place of 1, from row"),
    "one more": (
        lambda texts: (texts / "d.txt").write_text("It rained."),
        "documents.parquet is not what the texts give: it has 2 rows in place of 3",
    ),
    "the sampling": (
        lambda texts: edit(texts / "corpus.toml", "All", "Half"),
        "manifest.json says something else on provenance",
    ),
    "a broken card": (lambda texts: edit(texts / "corpus.toml", "=", ""), "is not valid TOML"),
}


@pytest.mark.parametrize("what", INPUTS)
def test_changed_inputs_are_found(copy, what):
    alter, said = INPUTS[what]
    alter(copy / "texts")
    found = checked(copy)
    assert wrong(found) <= {"tables", "made again"} and wrong(found)
    assert said in " ".join(text for _, text in found.values()), found


def test_texts_that_are_not_here_are_named_first(copy, monkeypatch):
    monkeypatch.chdir(copy / "report")
    found = checked(copy, corpus=None)
    assert list(found)[0] == "not known" and "--corpus" in found["not known"][1]
    assert not wrong(found)
    add("sentiment", "vader_compound", 0.5)(copy / "report")
    forge(copy / "report")
    assert wrong(checked(copy, corpus=None)) == {"tables", "pages"}
    monkeypatch.chdir(copy)
    assert "not known" not in checked(copy, corpus=None)
    with pytest.raises(InputError, match="no file or folder"):
        checked(copy, corpus=copy / "nowhere")


def test_last_digits_and_pixels_are_excused_by_another_version_only(copy):
    out = copy / "report"
    add("sentiment", "vader_compound", 1e-9)(out)
    forge(out)
    assert "tables" in wrong(checked(copy))
    edit(out / "manifest.json", '"numpy": "', '"numpy": "1')
    assert "tables" not in wrong(checked(copy))
    assert doctor._are_close(b"mean 0.12345", b"mean 0.12346") and not (
        doctor._are_close(b"mean 0.12345", b"mean 0.12445")
        or doctor._are_close(b"in 12 texts", b"in 13 texts")
        or doctor._are_close(b"on 3.125.1", b"on 3.126.1")
    )


def test_pictures_are_compared_by_their_pixels(tmp_path):
    import matplotlib.pyplot as plt
    import numpy as np

    grey = np.full((20, 20, 3), 0.5)
    other, shifted = grey.copy(), grey + 0.001
    other[:10] = 1
    for name, pixels in {"grey": grey, "other": other, "shifted": shifted}.items():
        plt.imsave(tmp_path / f"{name}.png", pixels)
    a, b, c = ((tmp_path / f"{name}.png").read_bytes() for name in ("grey", "other", "shifted"))
    assert doctor._are_close(a, c, picture=True) and not doctor._are_close(a, b, picture=True)
    assert not doctor._are_close(a, b"no picture", picture=True)


@pytest.mark.parametrize("name", ["report", "single"])
def test_a_report_with_human_codes_and_a_codebook_of_ones_own_is_well(coded, name):
    found = check_coded(coded, name)
    assert list(found) == ["files", "inputs", "tables", "pages"], found
    assert all(well for well, _ in found.values()), found


def test_without_codes_and_codebook_the_rest_is_checked(coded, tmp_path):
    found = check_coded(coded, codes=None, codebooks=())
    assert not wrong(found) and list(found) == ["not known", "files", "inputs", "tables"]
    for said in ("“generic-news-frames” as it was used is not here", "--codebook", "--codes"):
        assert said in found["not known"][1]


CODED = {
    "codes changed": (
        lambda place: edit(place / "agreed/sheet-1.csv", ",1,", ",0,"),
        "pages",
    ),
    "a card changed": (
        lambda place: edit(place / "report/cards.json", '"positives": ', '"positives": 1'),
        "pages",
    ),
    "codebook changed": (lambda place: edit(place / "own.toml", '"levees"', '"levee"'), "inputs"),
    "a cue of the codebook gone": (
        lambda place: edit_table(
            place / "report", "spans", lambda table: table[table.rule != "levees"]
        ),
        "tables",
    ),
}


@pytest.mark.parametrize("what", CODED)
def test_changed_codes_and_codebooks_are_found(coded, tmp_path, what):
    shutil.copytree(coded, tmp_path, dirs_exist_ok=True)
    alter, check = CODED[what]
    alter(tmp_path)
    forge(tmp_path / "report")
    assert check in wrong(check_coded(tmp_path))


def test_tables_alone_and_in_parts(tmp_path, monkeypatch, made):
    monkeypatch.setattr("framebook.scaling.BLOCK", 1)
    make_tables(made / "texts", tmp_path / "out")
    assert (tmp_path / "out" / "tokens" / "part-00002.parquet").exists()
    found = checked(tmp_path, "out", corpus=made / "texts")
    assert list(found) == ["files", "inputs", "tables"]
    assert all(well for well, _ in found.values()), found
    part = tables.path_of("tokens", tmp_path / "out", 1)
    rows = pd.read_parquet(part)
    rows.loc[0, "end"] += 1
    tables.write("tokens", rows, tmp_path / "out", 1)
    found = checked(tmp_path, "out", corpus=made / "texts")
    assert wrong(found) == {"files", "tables"}
    assert (
        "tokens/part-00001.parquet is not what the texts give: row 1 has another end"
        in (found["tables"][1])
    )


@pytest.mark.parametrize(
    "name, value", [("codebooks", 5), ("rows", None), ("as_is", "yes"), ("columns", 0)]
)
def test_a_manifest_that_states_nonsense_is_no_crash(copy, name, value):
    path = copy / "report" / "tables" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {name: value}), "utf-8")
    found = checked(copy)
    assert wrong(found) == {"files", "inputs"} and name in found["inputs"][1]


@pytest.mark.parametrize("gone", ["manifest.json", "", "documents.parquet"])
def test_tables_that_are_gone_are_no_crash(copy, gone):
    place = copy / "report" / "tables" / gone
    place.unlink() if gone else shutil.rmtree(place)
    assert "files" in (found := wrong(checked(copy))) and len(found) > 1


@pytest.fixture(scope="module")
def compared(made):
    """Comparisons of two versions, of two corpora and of three outlets, with their texts."""
    place = made.with_name("compared")
    (place / "one").mkdir(parents=True)
    (place / "other").mkdir()
    for name, side in zip(TEXTS, ("one", "other", "one"), strict=False):
        (place / side / name).write_text(TEXTS[name], "utf-8")
    (place / "new.txt").write_text(TEXTS["a.txt"].replace("terrible", "dreadful"), "utf-8")
    rows = [{"source": f"Gazette {n % 3}", "text": TEXTS["ab"[n % 2] + ".txt"]} for n in range(9)]
    pd.DataFrame(rows).to_csv(place / "table.csv", index=False)
    compare(place / "one" / "a.txt", place / "new.txt", place / "versions")
    compare(place / "one", place / "other", place / "corpora", codebooks=("generic-news-frames",))
    compare(place / "table.csv", out=place / "outlets", by="source")
    return place


SIDES = {
    "versions": ["one/a.txt", "new.txt"],
    "corpora": ["one", "other"],
    "outlets": ["table.csv"],
}


def check_compared(place, name, **options):
    corpora = [place / side for side in SIDES[name]]
    return checked(place, name, **{"corpora": corpora} | options)


@pytest.mark.parametrize("name", SIDES)
def test_a_comparison_is_made_again(compared, name, tmp_path):
    assert {check: well for check, (well, _) in check_compared(compared, name).items()} == {
        "files": True, "inputs": True, "pages": True,
    }  # fmt: skip
    found = check_compared(compared, name, corpora=[])
    assert "say with --corpus" in found["not known"][1] and set(found) == {
        "not known", "files", "inputs",
    }  # fmt: skip
    for path in compared.iterdir():  # elsewhere, and under another folder's name
        if path.name not in ("versions", "corpora", "outlets"):
            shutil.copytree(path, tmp_path / path.name) if path.is_dir() else shutil.copy(
                path, tmp_path
            )
    shutil.copytree(compared / name, tmp_path / name)
    assert wrong(check_compared(tmp_path, name)) == set()


@pytest.mark.parametrize(
    "name, file, then, now",
    [
        ("versions", "index.html", "dreadful", "dreadfully"),
        ("versions", "comparison.json", '"kept"', '"moved"'),
        ("versions", "sentences.csv", "dreadful", "mild"),
        ("corpora", "index.html", "</body>", "<script src='https://x.example/'></script></body>"),
        ("corpora", "measures.csv", ",0.", ",1."),
        ("corpora", "figures/cues.svg", "<path", "<path opacity='0'"),
        ("corpora", "manifest.json", '"title": "one', '"title": "none'),
        ("outlets", "keywords.csv", "accused,2", "accused,3"),
        ("outlets", "index.html", "Gazette 1", "Gazette 2"),
        ("outlets", "manifest.json", '"case": "outlets"', '"case": "corpora"'),
    ],
)
def test_a_forged_comparison_is_found(compared, tmp_path, name, file, then, now):
    out = tmp_path / "out"
    shutil.copytree(compared / name, out)
    edit(out / file, then, now)
    forge(out)
    corpora = [compared / side for side in SIDES[name]]
    found = checked(tmp_path, "out", corpora=corpora)
    assert found["files"][0] is True and wrong(found) == {"pages"}


def test_a_comparison_needs_the_codebook_and_both_sides(compared, tmp_path):
    own = (FOLDER / "generic-news-frames.toml").read_text("utf-8").replace("1.1", "9.9", 1)
    (tmp_path / "own.toml").write_text(own, "utf-8")
    sides = [compared / "one", compared / "other"]
    compare(*sides, tmp_path / "out", codebooks=(tmp_path / "own.toml",))
    assert "--codebook" in checked(tmp_path, "out", corpora=sides)["not known"][1]
    assert "name both" in checked(tmp_path, "out", corpora=sides[:1])["not known"][1]
    found = checked(tmp_path, "out", corpora=sides, codebooks=[tmp_path / "own.toml"])
    assert wrong(found) == set() and found["pages"][0] is True


def test_what_the_user_states_is_shown_as_text(made, tmp_path):
    page = (made / "report" / "appendix.html").read_text("utf-8")
    assert '<th scope="row">Sampling</th><td>All of &lt;b&gt;both&lt;/b&gt;</td>' in page
    assert "Not stated: search string, database or archive" in page
    assert "state it: “All of &lt;b&gt;both&lt;/b&gt;”." in page
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(TEXTS[f"{'a' if name == 'one' else 'b'}.txt"])
    page = compare(tmp_path / "one", tmp_path / "other", tmp_path / "none").read_text("utf-8")
    assert "Not stated: there is no corpus.toml." in page
    (tmp_path / "other" / "corpus.toml").write_text(TEXTS["corpus.toml"])
    page = compare(tmp_path / "one", tmp_path / "other", tmp_path / "out").read_text("utf-8")
    assert ">Sampling</th><td>not stated</td><td>All of &lt;b&gt;both&lt;/b&gt;</td>" in page


def test_the_program_says_it_by_its_exit(copy, capsys, tmp_path):
    options = ["--corpus", str(copy / "texts")]
    assert cli.main(["doctor", str(copy / "report"), *options]) == 0
    said = capsys.readouterr().out
    assert said.startswith("ok    files: all ") and said.endswith("\nNothing was found wrong.\n")
    (copy / "report" / "index.html").unlink()
    assert cli.main(["doctor", str(copy / "report"), *options]) == 1
    said = capsys.readouterr().out
    assert "WRONG files: index.html is gone" in said and said.endswith("\nWRONG: files, pages.\n")
    for text in (None, "", "[]", '{"made_by": "framebook 0.1.0", "kind": "report"}'):
        (tmp_path / "other").mkdir(exist_ok=True)
        if text is not None:
            Path(tmp_path / "other" / "manifest.json").write_text(text)
        assert cli.main(["doctor", str(tmp_path / "other")]) == 2
        assert capsys.readouterr().err.count("\n") == 1
