"""The doctor: whatever is changed in a finished report is found, by the check that should."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framebook import cli, tables
from framebook.chain import load_codebooks
from framebook.common.errors import InputError
from framebook.common.folders import hash_files
from framebook.comparison.comparison import compare
from framebook.framing.codebook import FOLDER
from framebook.report import doctor, report
from framebook.report.table_checking import find_part_faults
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
ALL = ["files", "versions", "inputs", "tables", "codebooks", "derived", "figures", "pages"]


@pytest.fixture(scope="module", autouse=True)
def remembered(tmp_path_factory):
    """Have `make_pages` copy what it made of the same tables before: pages take time."""
    known, store = {}, tmp_path_factory.mktemp("pages")
    make_pages = doctor.make_pages

    def make(folder, *told, **more):
        manifest = (folder / "tables" / "manifest.json").read_bytes()
        key = repr([hash_files(folder), manifest, told[:2], told[3:], more])
        if key in known:
            shutil.copytree(known[key], folder, dirs_exist_ok=True)
        else:
            make_pages(folder, *told, **more)
            known[key] = shutil.copytree(folder, store / str(len(known)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doctor, "make_pages", make)
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    place = tmp_path_factory.mktemp("made")
    (place / "texts").mkdir()
    for name, text in TEXTS.items():
        (place / "texts" / name).write_text(text, "utf-8")
    report.make_report(place / "texts", place / "report")
    return place


@pytest.fixture
def copy(made, tmp_path):
    """A copy of the report and its texts that may be spoilt."""
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


def checked(place, name="report", until=None, **options):
    """Return {check: (well, text)}, none after the check `until`: figures take their time."""
    options, found = {"corpus": place / "texts"} | options, {}
    for check, well, text in doctor.check(place / name, **options):
        found[check] = well, text
        if check == until:
            break
    return found


def check_coded(place, name="report", **options):
    options = {"codebooks": [place / "own.toml"], "codes": place / "agreed"} | options
    return checked(place, name, **options)


def wrong(found):
    return {check for check, (well, _) in found.items() if well is False}


def forge(folder):
    """Make the checksums those of the files as they are: no tampering shows by them then."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8")) | {"files": hash_files(folder)}
    path.write_text(json.dumps(manifest, ensure_ascii=False), "utf-8")


def edit(place, old, new):
    text = place.read_text("utf-8")
    assert old in text
    place.write_text(text.replace(old, new, 1), "utf-8")


def edit_table(folder, name, change):
    tables.write(name, change(tables.read(folder, name)), folder)


def add(column, amount):
    def change(table):
        table.loc[table.index[0], column] += amount
        return table

    return change


def test_a_report_as_made_is_well(made):
    found = checked(made)
    assert list(found) == ALL and all(well for well, _ in found.values()), found
    assert "2 texts" in found["inputs"][1]
    assert all("\n" not in text for _, text in found.values())


def test_what_the_user_states_is_shown_as_text(made, tmp_path):
    page = (made / "report" / "appendix.html").read_text("utf-8")
    assert '<th scope="row">Sampling</th><td>All of &lt;b&gt;both&lt;/b&gt;</td>' in page
    assert "Not stated: search string, database or archive" in page
    assert "state it: “All of &lt;b&gt;both&lt;/b&gt;”." in page
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(TEXTS[f"{'a' if name == 'one' else 'b'}.txt"])
    page = compare(tmp_path / "one", tmp_path / "other", tmp_path / "none").read_text("utf-8")
    assert "neither has a corpus.toml" in page
    (tmp_path / "other" / "corpus.toml").write_text(TEXTS["corpus.toml"])
    page = compare(tmp_path / "one", tmp_path / "other", tmp_path / "out").read_text("utf-8")
    assert ">Sampling</th><td>not stated</td><td>All of &lt;b&gt;both&lt;/b&gt;</td>" in page


def sha_of(folder):
    return tables.read(folder / "tables", "documents").sha256[0]


def make_anew(out):
    """Change a score and make everything anew from the changed tables, as a forger would."""
    shutil.move(out, out.with_name("old"))
    shutil.copytree(out.with_name("old") / "tables", out / "tables")
    edit_table(out / "tables", "sentiment", add("vader_compound", 0.5))
    forge(out / "tables")
    report.make_pages(out, Path("texts"), "Framebook report on texts", load_codebooks())
    shutil.rmtree(out.with_name("old"))


TAMPERINGS = {
    "a number in a table": (
        lambda out: edit_table(out / "tables", "sentiment", add("vader_compound", 0.5)),
        {"derived", "pages"},
    ),
    "a number in a table, and all made anew": (lambda out: make_anew(out), {"derived"}),
    "an offset": (
        lambda out: edit_table(out / "tables", "segments", add("end", 1)),
        {"tables", "derived"},
    ),
    "a place in no sentence": (
        lambda out: edit_table(out / "tables", "spans", add("end", 900)),
        {"tables", "derived", "pages"},
    ),
    "a word": (
        lambda out: edit_table(
            out / "tables",
            "tokens",
            lambda table: table.assign(word=table.word.astype("str").replace("river", "stream")),
        ),
        {"tables", "derived"},
    ),
    "a text": (
        lambda out: edit_table(
            out / "tables",
            "documents",
            lambda table: table.assign(text=table.text.str.replace("safe", "lost")),
        ),
        {"tables", "derived", "pages"},
    ),
    "a source": (
        lambda out: edit_table(
            out / "tables", "documents", lambda table: table.assign(source="The Herald")
        ),
        {"inputs", "derived", "figures", "pages"},
    ),
    "a claim fewer": (
        lambda out: edit_table(out / "tables", "voices", lambda table: table.iloc[1:]),
        {"tables", "derived", "figures", "pages"},
    ),
    "a number on the cover": (
        lambda out: edit(out / "index.html", "of 7 sentences", "of 8 sentences"),
        {"pages"},
    ),
    "the methods paragraph": (
        lambda out: edit(out / "appendix.html", "2 articles", "20 articles"),
        {"pages"},
    ),
    "a number in the manifest": (
        lambda out: edit(out / "manifest.json", '"total": 7', '"total": 9'),
        {"pages"},
    ),
    "a sentence of the explorer": (
        lambda out: edit(out / "explorer.html", '"text/plain">', '"text/plain">A'),
        {"pages"},
    ),
    "a page gone": (lambda out: (out / "voices.html").unlink(), {"pages"}),
    "the cover gone": (lambda out: (out / "index.html").unlink(), {"pages"}),
    "a figure gone": (lambda out: (out / "figures/cues_rhetoric.csv").unlink(), {"figures"}),
    "a figure more": (lambda out: (out / "figures/more.svg").write_text("<svg/>"), {"figures"}),
    "a file more": (lambda out: (out / "tables/more.csv").write_text("1"), {"tables"}),
    "a page more": (lambda out: (out / "z.html").write_text("<script>x()</script>"), {"pages"}),
    "a page more, in a folder": (
        lambda out: shutil.copytree(out / "figures", out / "more"),
        {"pages"},
    ),
    "no policy on what a page may load": (
        lambda out: edit(out / "voices.html", "default-src 'none'", ""),
        {"pages"},
    ),
    "a number of a figure": (
        lambda out: edit(out / "figures/cues_rhetoric.csv", ",0,", ",9,"),
        {"figures"},
    ),
    "a row of the evidence": (
        lambda out: edit(out / "evidence.csv", "conflict", "economic"),
        {"pages"},
    ),
    "what is stated of the corpus": (
        lambda out: edit(out / "tables/manifest.json", "All of", "Half of"),
        {"inputs", "pages"},
    ),
    "the checksum of a text": (
        lambda out: edit(out / "appendix.html", sha_of(out), "0" * 64),
        {"pages"},
    ),
    "a version in the appendix": (
        lambda out: edit(out / "appendix.html", "NLTK 3", "NLTK 4"),
        {"pages"},
    ),
    "a version in the manifest": (
        lambda out: edit(out / "manifest.json", '"framebook 0.', '"framebook 9.'),
        {"pages"},
    ),
    "the title in the manifest": (
        lambda out: edit(out / "manifest.json", "Framebook report", "A report"),
        {"pages"},
    ),
    "the cards gone": (lambda out: (out / "cards.json").unlink(), {"pages"}),
    "the references": (lambda out: edit(out / "references.bib", "1993", "1994"), {"pages"}),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found_with_and_without_its_checksum(copy, tampering):
    change, expected = TAMPERINGS[tampering]
    change(copy / "report")
    by_sum = not tampering.endswith(("in the manifest", "made anew"))
    assert checked(copy, until="files")["files"][0] is not by_sum
    forge(copy / "report")
    assert wrong(checked(copy)) == expected


def test_lines_say_what_and_where(copy):
    out = copy / "report"
    edit(out / "corpus.html", "3 texts found", "4 texts found")
    edit(out / "figures/cues_rhetoric.csv", ",0,", ",9,")
    (out / "again.txt").write_text("")
    (out / "voices.html").unlink()
    found = {check: text for check, (_, text) in checked(copy).items()}
    assert "again.txt is no part of it; take it out" in found["files"]
    assert found["files"].endswith("; and 1 more")
    assert "says “4 texts found" in found["pages"]
    assert "where the tables give “3 texts found" in found["pages"]
    assert found["figures"].startswith("figures/cues_rhetoric.csv says “")


def test_a_changed_picture_in_a_page_is_named_by_its_text(tmp_path):
    now = '<p>1 < 2</p><img alt="Bars: 2." src="data:image/png;base64,AAAA"/>'
    (tmp_path / "then").write_text(now.replace("AAAA", "AABA"))
    (tmp_path / "now").write_text(now)
    assert "another picture or text for it than the tables give: Bars: 2." in doctor._tell_apart(
        "p.html", tmp_path / "then", tmp_path / "now"
    )
    (tmp_path / "then").write_text(now.replace("<p>", "<p><meta>"))
    said = doctor._tell_apart("p.html", tmp_path / "then", tmp_path / "now")
    assert said.startswith("says “<p><meta>1 < 2</p><img") and "give “<p>1 < 2</p><img" in said


INPUTS = {
    "a letter": (lambda texts: edit(texts / "a.txt", "rose", "rise"), "a.txt is another text"),
    "one gone": (lambda texts: (texts / "b.txt").unlink(), "b.txt is gone"),
    "one more": (lambda texts: (texts / "d.txt").write_text("It rained."), "d.txt was added"),
    "one refused": (lambda texts: (texts / "d.exe").write_text("x"), "d.exe was added"),
    "once empty": (lambda texts: (texts / "c.txt").write_text("It rained."), "c.txt is another"),
    "the sampling": (lambda texts: edit(texts / "corpus.toml", "All", "Half"), "corpus.toml"),
    "a broken card": (lambda texts: edit(texts / "corpus.toml", "=", ""), "is not valid TOML"),
}


@pytest.mark.parametrize("change", INPUTS)
def test_changed_inputs_are_found(copy, change):
    alter, said = INPUTS[change]
    alter(copy / "texts")
    found = checked(copy, until="inputs")
    assert wrong(found) == {"inputs"} and said in found["inputs"][1]


def test_inputs_that_are_not_there_are_not_checked(copy, monkeypatch):
    monkeypatch.chdir(copy / "report")
    found = checked(copy, corpus=None, until="inputs")
    assert found["inputs"][0] is None and "--corpus" in found["inputs"][1] and not wrong(found)
    monkeypatch.chdir(copy)
    assert checked(copy, corpus=None, until="inputs")["inputs"][0] is True
    with pytest.raises(InputError, match="no file or folder"):
        checked(copy, corpus=copy / "nowhere")


def test_rows_of_a_table_file_are_named_by_their_keys(tmp_path):
    rows = pd.DataFrame({"id": ["x", "y", "z"], "text": ["It rained.", "", "The sun shone."]})
    rows.to_csv(tmp_path / "texts.csv", index=False)
    make_tables(tmp_path / "texts.csv", tmp_path / "out")
    assert checked(tmp_path, "out", corpus=tmp_path / "texts.csv")["inputs"][0] is True
    pd.concat([pd.DataFrame({"id": ["w"], "text": ["Snow fell."]}), rows[:2]]).to_csv(
        tmp_path / "texts.csv", index=False
    )
    found = checked(tmp_path, "out", corpus=tmp_path / "texts.csv")["inputs"][1]
    assert "texts.csv, w was added" in found and "texts.csv, z is gone" in found
    assert "texts.csv, x" not in found and "texts.csv, y" not in found
    rows.assign(source="The Herald").to_csv(tmp_path / "texts.csv", index=False)
    found = checked(tmp_path, "out", corpus=tmp_path / "texts.csv")["inputs"][1]
    assert "texts.csv, x is another text now, or has another source" in found and "y" in found


def test_other_versions_are_named_and_are_no_fault(copy):
    path = copy / "report" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["versions"]["pandas"], manifest["program"] = "1.0", "0" * 64
    path.write_text(json.dumps(manifest), "utf-8")
    found = checked(copy, until="versions")
    assert found["versions"][0] is None and not wrong(found)
    assert "pandas was 1.0 and is " in found["versions"][1]
    assert "program was 00000000 and is " in found["versions"][1]


@pytest.mark.parametrize("name", ["documents", "spans", "sentiment"])
def test_a_broken_table_is_no_crash(copy, name):
    path = copy / "report" / "tables" / f"{name}.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    found = checked(copy)
    assert {"files", "tables"} < wrong(found) and found["files"][0] is False
    assert "cannot be read" in found["tables"][1]


@pytest.mark.parametrize("name", ["report", "single"])
def test_codes_for_a_codebook_of_ones_own_are_well(coded, name):
    page = {"report": "appendix", "single": "report"}[name]
    assert "Agreement with human codes: Conflict F1" in (coded / name / f"{page}.html").read_text(
        "utf-8"
    )
    found = check_coded(coded, name)
    assert list(found) == [*ALL[:-2], "codes", *ALL[-2:]]
    assert all(well for well, _ in found.values()), found
    assert "agreement of the report, on 5 codes" in found["codes"][1]
    # without them, what can be is checked still, and it is said what is not
    found = check_coded(coded, name, codes=None, codebooks=())
    assert not wrong(found) and [name for name in found if not found[name][0]] == [
        "codebooks",
        "codes",
        "pages",
    ]
    assert "“generic-news-frames” as used then is not here" in found["codebooks"][1]
    assert "“agreed” is not here; say" in found["codes"][1] and "--codes" in found["codes"][1]
    assert "less the cues of “generic-news-frames”" in found["derived"][1]


def test_codes_are_found_by_their_name_as_texts_are(coded, monkeypatch):
    monkeypatch.chdir(coded)
    assert check_coded(coded, codes=None, until="codes")["codes"][0] is True


CODED = {
    "codes changed": (
        lambda place: edit(place / "agreed/sheet-1.csv", ",1,", ",0,"),
        "codes",
        "the agreement on Conflict is not that of the report",
    ),
    "codes damaged": (
        lambda place: (place / "agreed/design.json").write_text("{"),
        "codes",
        "; say with --codes",
    ),
    "a card changed": (
        lambda place: edit(place / "report/cards.json", '"positives": ', '"positives": 1'),
        "codes",
        "the agreement on Conflict is not that of the report",
    ),
    "codebook changed": (
        lambda place: edit(place / "own.toml", '"levees"', '"levee"'),
        "codebooks",
        "“generic-news-frames” as it was given is none that was used",
    ),
    "a cue of the codebook gone": (
        lambda place: edit_table(
            place / "report/tables", "spans", lambda table: table[table.rule != "levees"]
        ),
        "derived",
        "spans.parquet is not what the texts give",
    ),
    "a chapter of the page": (
        lambda place: edit(place / "single/report.html", "What is in the articles", "That."),
        "pages",
        "“That.",
    ),
}


@pytest.mark.parametrize("change", CODED)
def test_changed_codes_and_codebooks_are_found_and_the_rest_is_checked(coded, tmp_path, change):
    shutil.copytree(coded, tmp_path, dirs_exist_ok=True)
    alter, check, said = CODED[change]
    alter(tmp_path)
    name = "single" if "page" in change else "report"
    forge(tmp_path / name)
    found = check_coded(tmp_path, name)
    assert check in wrong(found) and list(found)[-1] == "pages"
    assert not said or said in found[check][1], found[check]


def test_another_version_turns_what_it_may_explain_into_notes(copy):
    out = copy / "report"
    edit(out / "manifest.json", '"pandas": "', '"pandas": "1')
    edit_table(out / "tables", "sentiment", add("vader_compound", 0.5))
    edit(copy / "texts" / "a.txt", "rose", "rise")
    found = checked(copy)
    assert wrong(found) == {"files", "inputs"}
    notes = {check for check, (well, _) in found.items() if well is None}
    assert notes == {"versions", "derived", "pages"}
    assert found["inputs"][1].endswith("(unless this version reads them otherwise)")
    assert found["pages"][1].endswith("(which may come of another version of the program alone)")


def test_a_version_that_kept_no_checksums_of_codebooks_is_no_crash(copy):
    path = copy / "report" / "tables" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["codebooks"] = [{"name": book["name"]} for book in manifest["codebooks"]]
    path.write_text(json.dumps(manifest), "utf-8")
    edit(copy / "report" / "manifest.json", '"program": "', '"program": "0')
    found = checked(copy)
    assert wrong(found) == {"files"} and found["pages"][0] is None
    assert "“generic-news-frames”, “entman-functions”, “rhetoric" in found["codebooks"][1]


@pytest.mark.parametrize("gone", ["manifest.json", "", "documents.parquet"])
def test_tables_that_are_gone_are_no_crash(copy, gone):
    place = copy / "report" / "tables" / gone
    place.unlink() if gone else shutil.rmtree(place)
    assert {"files", "tables"} <= wrong(checked(copy))


@pytest.mark.parametrize(
    "name, value",
    [("codebooks", [5]), ("rows", None), ("as_is", "yes"), ("columns", 0), ("files", [])],
)
def test_a_manifest_that_states_nonsense_is_no_crash(copy, name, value):
    path = copy / "report" / "tables" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {name: value}), "utf-8")
    found = checked(copy)
    assert f"does not state {name}" in found["tables"][1] and "tables" in wrong(found)


def test_tables_alone_and_in_parts(tmp_path, monkeypatch, made):
    monkeypatch.setattr("framebook.scaling.BLOCK", 1)
    monkeypatch.setattr(doctor, "BLOCK", 2)
    make_tables(made / "texts", tmp_path / "out")
    assert (tmp_path / "out" / "tokens" / "part-00002.parquet").exists()
    found = checked(tmp_path, "out", corpus=made / "texts")
    assert list(found) == ["files", "inputs", "tables", "codebooks", "derived"]
    assert all(well for well, _ in found.values()), found
    part = tables.path_of("tokens", tmp_path / "out", 1)
    rows = pd.read_parquet(part)
    rows.loc[0, "end"] += 1
    tables.write("tokens", rows, tmp_path / "out", 1)
    found = checked(tmp_path, "out", corpus=made / "texts")
    assert wrong(found) == {"files", "tables"} and found["derived"][0] is None


def test_a_comparison_has_its_checksums(made, tmp_path):
    compare(made / "texts" / "a.txt", made / "texts" / "b.txt", tmp_path / "out")
    assert checked(tmp_path, "out", corpus=None)["files"][0] is True
    edit(tmp_path / "out" / "comparison.json", "B", "C")
    assert wrong(checked(tmp_path, "out", corpus=None)) == {"files"}


@settings(max_examples=40)
@given(
    name=st.sampled_from(["sentences", "tokens", "segments"]),
    at=st.floats(0, 0.999),
    column=st.sampled_from(["start", "end"]),
    amount=st.sampled_from([-40, -1, 1, 2, 700]),
)
def test_any_wrong_offset_is_found(made, name, at, column, amount):
    part = dict(
        zip(tables.STORED, tables.read(made / "report" / "tables", *tables.STORED), strict=True)
    )
    assert not list(find_part_faults(part))
    changed = part[name].copy()
    changed.loc[int(at * len(changed)), column] += amount
    assert list(find_part_faults(part | {name: changed}))


@pytest.mark.parametrize(
    "name, column",
    [
        ("documents", "doc_id"),
        ("sentences", "doc_id"),
        ("sentences", "sent_id"),
        ("tokens", "sent_id"),
        ("spans", "sent_id"),
        ("segments", "voice_id"),
        ("voices", "actor_id"),
    ],
)
def test_ids_that_lead_nowhere_or_come_twice_are_found(made, name, column):
    part = dict(
        zip(tables.STORED, tables.read(made / "report" / "tables", *tables.STORED), strict=True)
    )
    astray, twice = part[name].copy(), pd.concat([part[name], part[name].tail(1)])
    astray.loc[astray[column].last_valid_index(), column] = 2**50
    assert list(find_part_faults(part | {name: astray}))
    assert name == "spans" or list(find_part_faults(part | {name: twice}))


def test_the_program_says_it_by_its_exit(copy, capsys, tmp_path):
    options = ["--corpus", str(copy / "texts")]
    assert cli.main(["doctor", str(copy / "report"), *options]) == 0
    said = capsys.readouterr().out
    assert said.startswith("ok    files: all ") and said.endswith("\nNothing was found wrong.\n")
    (copy / "report" / "index.html").unlink()
    assert cli.main(["doctor", str(copy / "report"), *options]) == 1
    said = capsys.readouterr().out
    assert "WRONG files: index.html is gone" in said and said.endswith("\nWRONG: files, pages.\n")
    manifest = copy / "report" / "manifest.json"
    (copy / "texts").rename(copy / "elsewhere")
    forge(copy / "report")
    manifest.write_text(manifest.read_text("utf-8").replace('"pandas": "', '"pandas": "1'), "utf-8")
    assert cli.main(["doctor", str(copy / "report")]) == 0
    assert capsys.readouterr().out.endswith(
        "Nothing was found wrong; what could not be told is "
        "in the notes on versions, inputs, pages.\n"
    )
    for text in (None, "", "[]", '{"made_by": "framebook 0.1.0", "kind": "report"}'):
        (tmp_path / "other").mkdir(exist_ok=True)
        if text is not None:
            Path(tmp_path / "other" / "manifest.json").write_text(text)
        assert cli.main(["doctor", str(tmp_path / "other")]) == 2
        assert capsys.readouterr().err.count("\n") == 1
