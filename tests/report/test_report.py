"""The report: what its pages say, whether they agree, and what stays when a run fails."""

import csv
import json
import os
import re
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from selecting import read_data, read_link, select

from framebook import cli
from framebook.chain import load_codebooks
from framebook.common.errors import InputError
from framebook.common.folders import PROJECT
from framebook.report import report
from framebook.report.alerts import list_alerts
from framebook.report.blocks import percent
from framebook.report.chapters import corpus_page
from framebook.report.cover import list_findings, list_status, say_most
from framebook.report.evidence import list_evidence
from framebook.report.found import Corpus, estimate, find_unit
from framebook.report.quotations import draw
from framebook.scaling import make_tables
from framebook.validation.cards import Card

TITLE = '<script>alert(1)</script> & "News"'
PAGES = ["index", "corpus", "voices", "frames", "tone", "comparison", "sure", "appendix"]
NUMBER = re.compile(r"\d[\d,]*")


def parsed(folder, name):
    path = folder / f"{name}.html"
    return BeautifulSoup(path.read_text("utf-8"), "html.parser") if path.exists() else None


def pages_of(reports):
    for name, folder in reports.items():
        for page in PAGES:
            if found := parsed(folder, page):
                yield name, page, found


def test_report_has_its_pages_and_a_manifest(reports):
    for name, folder in reports.items():
        found = {path.stem for path in folder.glob("*.html")}
        assert found == {*PAGES, "explorer"} - ({"comparison"} if name == "one" else set())
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        assert manifest["kind"] == "report" and manifest["chapters"][0] == "corpus"
        assert set(manifest["files"]) >= {"index.html", "explorer.html", "evidence.csv"}


@pytest.mark.parametrize("name", ["one", "many"])
def test_same_tables_give_the_same_bytes(reports, tmp_path, name):
    new = tmp_path / "new"
    shutil.copytree(reports[name] / "tables", new / "tables")
    manifest = json.loads((reports[name] / "manifest.json").read_text("utf-8"))
    corpus = reports[name].parent / f"{name}.csv"
    report.make_pages(new, corpus, manifest["title"], load_codebooks())
    for path in reports[name].rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (new / path.relative_to(reports[name])).read_bytes(), path


def linked_numbers(page):
    """Yield (link, filters, number, noun or None) of the linked counts of a page."""
    for link in page.main.select("a[href^='explorer.html#']"):
        cell = link.find_parent(class_="cell")
        text = cell["title"] if cell else link.get_text(strip=True)
        after = re.match(r"\s*of [\d,]+ (\w+?)s?\b", link.next_sibling or "")
        noun = re.search(r" sentences?$", text)
        text = text.removesuffix("s").removesuffix(" sentence")
        if NUMBER.fullmatch(text):
            number = int(text.replace(",", ""))
            yield link, read_link(link["href"]), number, "sentence" if noun else after and after[1]


def test_every_number_opens_its_sentences(reports, corpora):
    """Each linked count is what pandas counts for the filters of its link, on three corpora."""
    checked = 0
    for name, page, found in pages_of(reports):
        for link, filters, number, noun in linked_numbers(found):
            counts = select(corpora[name], filters)
            kinds = [f"{noun}s"] if noun in ("sentence", "attribution") else list(counts)
            assert number in [counts[kind] for kind in kinds], (name, page, str(link), counts)
            checked += 1
    assert checked > 300


def test_pages_agree_with_each_other(reports, corpora):
    """A total, and what one link is said to open, are the same on all pages of a report."""
    for name, c in corpora.items():
        totals, opened = {}, {}
        for page in PAGES:
            if not (found := parsed(reports[name], page)):
                continue
            for n, noun in re.findall(
                r"of ([\d,]+) (sentence|attribution)s?\b", found.main.get_text()
            ):
                totals.setdefault(noun, set()).add(int(n.replace(",", "")))
            for link, _, number, noun in linked_numbers(found):
                if noun:
                    opened.setdefault((link["href"], noun), set()).add(number)
        assert totals["attribution"] <= {len(c.voices), len(c.sourced)}
        assert all(len(numbers) == 1 for numbers in opened.values())
        words = f"{c.n:,} sentences, {c.n_words:,} words"
        for page in ("index", "corpus"):
            assert words in parsed(reports[name], page).main.get_text()
        told = f"{c.n:,} sentences, {c.n_words:,} words"
        assert told in parsed(reports[name], "appendix").main.get_text()


def test_drawn_sentences_are_of_their_selection_and_say_where_they_are_from(reports, corpora):
    for name, _, found in pages_of(reports):
        texts = {" ".join(text.split()) for text in corpora[name].texts}
        for block in found.select(".drawn"):
            for said in block.select(".fb-said, sub"):
                said.decompose()
            for item in block.select("li"):
                assert " ".join(item.blockquote.get_text().split()).casefold() in texts
                assert "Valley" in item.select_one(".where").get_text()
            drawn, rest = NUMBER.findall(block.select_one(".rest").get_text())[:2]
            assert int(drawn) == len(block.select("li")) <= int(rest.replace(",", ""))


def test_draw_is_random_spread_and_repeatable():
    rows = pd.DataFrame({"outlet": ["A"] * 90 + ["B", None] * 5, "n": range(100)})
    drawn = draw(rows, 3, "x")
    assert drawn.equals(draw(rows, 3, "x")) and drawn.outlet.fillna("").nunique() == 3
    assert not draw(rows, 3, "x").equals(draw(rows, 3, "y"))
    assert set(draw(rows, 500, "x").n) == set(range(100))


def test_title_and_names_are_escaped(reports, tmp_path):
    for name, page, found in pages_of(reports):
        assert not found.find("script") and not found.main.find(["b", "i"]), (name, page)
        assert "default-src 'none'" in found.find("meta", attrs={"http-equiv": True})["content"]
        ids = [element["id"] for element in found.select("[id]")]
        assert len(ids) == len(set(ids)) and len(found.find_all("h1")) == 1
        levels = [int(one.name[1]) for one in found.find_all(re.compile("^h[1-6]$"))]
        assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False)), (name, page)
        assert str(reports[name].parent) not in str(found) and str(PROJECT) not in str(found)
    assert "<i>Dam & Co</i>" in parsed(reports["two"], "corpus").get_text()


def test_links_lead_to_files_or_out(reports):
    for name, page, found in pages_of(reports):
        for link in found.select("a[href]"):
            place = link["href"].partition("#")[0]
            if place and "//" not in place:
                assert (reports[name] / place).exists(), (name, page, place)


def test_what_is_said_of_one_article_has_no_interval(reports):
    for page in PAGES:
        if found := parsed(reports["one"], page):
            # The detector's own error has one, from articles that were coded by hand.
            said = re.sub(r"attributions\s+\(95% interval", "", found.main.get_text())
            assert "95% interval" not in said or page == "appendix"
            assert "outlets" not in found.h1.get_text()


def test_a_codebook_of_ones_own_is_all_that_is_said(tmp_path):
    (tmp_path / "own.toml").write_text(
        '[codebook]\nname = "harbours"\ntitle = "Our harbours"\nversion = "1"\nlayer = "theme"\n'
        'citation = "Me (2031)"\nlicence = "CC0-1.0"\n[[code]]\nid = "port"\nlabel = "The port"\n'
        'definition = "A port."\nexamples = ["The port is shut."]\ncounterexamples = ["It rained."]'
        '\n[[code.indicator]]\nid = "a"\nquestion = "Is it a port?"\npatterns = ["port"]\n'
        '[[code]]\nid = "ship"\nlabel = "Ships"\ndefinition = "A ship."\n'
        'examples = ["The ship left."]\ncounterexamples = ["It rained."]'
        '\n[[code.indicator]]\nid = "a"\nquestion = "Is it a ship?"\npatterns = ["ship"]\n'
    )
    (tmp_path / "a.txt").write_text("The port is shut. It rained. Officials may reopen the port.")
    made = report.make_report(
        tmp_path / "a.txt", tmp_path / "out", codebooks=[tmp_path / "own.toml"]
    )
    for page in PAGES:
        if found := parsed(made.parent, page):
            text = found.main.get_text()
            for absent in ("Conflict", "hedge", "Hedge", "0.0 ", "generic", "Nothing was counted"):
                assert absent not in text, (page, absent)
    frames = parsed(made.parent, "frames").main.get_text()
    assert "Our harbours" in frames and "2 of 3" in frames and "0 of 3" in frames
    choices = parsed(made.parent, "appendix").main.get_text()
    assert "declared before" not in choices and "whoever made this report" in choices


def test_quantifiers_say_what_is_true(reports):
    for name, page, found in pages_of(reports):
        text = " ".join(found.main.get_text(" ").split())
        assert not re.search(r"\bmost sentences\b|more often than|\bnought\b", text), (name, page)
        assert "fewest" not in text and "least often" not in text


def corpus_of(tmp_path, table):
    table.to_csv(tmp_path / "t.csv", index=False)
    made = report.make_tables(tmp_path / "t.csv", tmp_path / "out" / "tables")
    return Corpus(made.parent, "t", load_codebooks())


def test_equal_maxima_are_said_to_be_equal(tmp_path):
    texts = ["Police said that it rained. Professor Rosa Venn said that it snowed."]
    c = corpus_of(tmp_path, pd.DataFrame({"text": texts}))
    assert c.by_class.n.max() == 1
    assert say_most(c).startswith("Equally frequent, 1 times each: ")


def test_sources_left_open_are_not_counted_as_someone(tmp_path):
    texts = ["It was reported that the dam broke. Ada Crane said that it held. It rained."]
    c = corpus_of(tmp_path, pd.DataFrame({"text": texts}))
    assert len(c.voices) == 2 and len(c.sourced) == 1
    assert list_findings(c)[0]["told"]["text"].startswith("1 of 3 sentences (33%) contain")


def test_alerts_name_what_to_distrust(tmp_path):
    rows = [
        {"text": f"Sign up for our daily newsletter today. Story {n} of it. " + "hide caption " * 16,
         "source": "Times" if n % 2 else "TIMES", "date": "2031-01-02" if n else ""}
        for n in range(12)
    ]  # fmt: skip
    said = [alert.striptags() for alert in list_alerts(corpus_of(tmp_path, pd.DataFrame(rows)))]
    for head, part in (
        ("Missing dates:", "1 of 12 articles (8%)"),
        ("Outlets whose names differ", "TIMES, Times"),
        ("Repeated passages:", "“Sign up for our daily newsletter today.” (12 articles)"),
        ("A repeated label:", "“hide caption” occurs 192 times in 12 articles."),
    ):
        assert any(one.startswith(head) and part in one for one in said), (head, said)


def make_card(measure, f1):
    given = dict.fromkeys(
        ["alpha", "prevalence", "precision", "recall", "machine_alpha"], [0.8] * 3
    )
    counts = dict.fromkeys(["n_units", "n_documents", "n", "decided", "positives"], 40)
    texts = dict.fromkeys(["codebook_version", "patterns", "construct", "corpus", "resampled"], "x")
    return Card(
        measure=measure, label=measure.upper(), unit="sentence", n_coders=2, agreement=0.9,
        undecided=0, f1=f1, simulated=False, current=True, **given, **counts, **texts,
    )  # fmt: skip


def test_a_failed_validation_is_said_first(corpora):
    good, bad = make_card("a:good", [0.9, 0.8, 1.0]), make_card("a:bad", [0.2, 0.1, 0.3])
    c = replace(corpora["two"], cards=[good, bad])
    assert "failed validation" in list_alerts(c)[0] and list_status(c)[0].striptags().startswith(
        "A:BAD: failed"
    )
    assert "do not report" in list_alerts(c)[0]


def test_estimates_are_plain_counts_with_intervals_from_ten_articles():
    rows = pd.DataFrame({"article": [k // 2 for k in range(24)], "outlet": ["A"] * 20 + ["B"] * 4})
    values = pd.DataFrame({"x": [1.0, 0.0] * 12, "y": 1.0})
    found = estimate(values, rows, "outlet").set_index(["group", "measure"])
    assert found.loc[("A", "x"), ["n", "total", "value", "n_articles"]].tolist() == [
        10,
        20,
        0.5,
        10,
    ]
    assert found.loc[("B", "x"), "value"] == 0.5 and pd.isna(found.loc[("B", "x"), "low"])
    assert pd.isna(found.loc[("A", "y"), "low"]), "what never varies has no spread"
    uneven = values.assign(x=[1.0] * 10 + [0.0] * 14)
    low, high = estimate(uneven, rows, "outlet").loc[0, ["low", "high"]]
    assert 0 <= low < 0.5 < high <= 1


def test_evidence_is_complete_and_safe(reports, corpora):
    c, path = corpora["two"], reports["two"] / "evidence.csv"
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["sentence", "path", "key", "outlet", "date", "text", "codes", "voices"]
    found = set(c.spans.sent_id) | set(c.voices.sent_id)
    assert len(list_evidence(c)) == len(found)
    assert not [cell for row in rows[1:] for cell in row if cell[:1] in {"=", "+", "@"}]


def test_foreign_governments_are_marked_where_a_home_is_named(tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.txt").write_text("The Norwegian minister said it rained. The Swedish king agreed.")
    make_tables(texts, tmp_path / "out" / "tables")
    for home, first in ((None, "governments"), ("Sweden", "foreign governments")):
        c = Corpus(tmp_path / "out", "texts", load_codebooks(), home=home)
        told = f"Norwegian minister ({first} and officials, paraphrased)"
        assert list_evidence(c).voices.tolist()[0] == told


def test_single_file_is_the_only_page(reports, tmp_path):
    new = tmp_path / "new"
    shutil.copytree(reports["two"] / "tables", new / "tables")
    report.make_pages(
        new, reports["two"].with_suffix(".csv"), TITLE, load_codebooks(), single_file=True
    )
    assert [path.name for path in new.glob("*.html")] == ["report.html"]
    page = parsed(new, "report")
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids)) and {"voices", "explorer", "ex-explorer"} <= set(ids)
    for link in page.select("a[href^='#']"):
        assert link["href"][1:] in ids or "=" in link["href"], link
    assert page.title.string == TITLE and len(page.select("script")) == 2
    policy = page.find("meta", attrs={"http-equiv": True})["content"]
    assert "script-src 'sha256-" in policy
    for image in page.find_all("img"):
        assert image["src"].startswith("data:image/") and image["alt"]


def test_seed_article_is_recognised(tmp_path):
    report.make_tables(report.SEEDS, tmp_path / "tables")
    assert report.is_seed(tmp_path / "tables", as_is=False)


@pytest.mark.parametrize(
    ("days", "unit"),
    [
        (["2031-01-01", "2031-01-24"], "D"),
        (["2031-01-01", "2031-01-25"], "M"),
        (["2031-01-01", None, "2032-12-31"], "M"),
        (["2031-01-01", "2033-01-01"], "Y"),
        ([None], "D"),
    ],
)
def test_dates_are_shown_by_the_finest_unit_of_which_24_span_all(days, unit):
    assert find_unit(pd.to_datetime(pd.Series(days))) == unit


@pytest.mark.parametrize(
    "reason", ["is empty", "boilerplate cut: a | b", "title: not understood", None]
)
def test_texts_are_listed_by_kind_of_repair(corpora, reason):
    c = replace(corpora["two"])
    c.loading = pd.DataFrame(
        {"path": "a.csv", "key": ["1", None], "status": "repaired", "reason": reason}
    )
    page = " ".join(str(piece) for piece in corpus_page(c))
    assert (reason or "not stated").partition(":")[0] in page
    assert ("a (2 texts); b (2 texts)" in page) == ("|" in (reason or ""))


def test_rare_shares_are_not_said_to_be_none():
    assert [percent(x) for x in (0, 0.0001, 0.004, 0.25, None)] == [
        "0%",
        "<0.1%",
        "0.4%",
        "25%",
        "–",
    ]


def test_last_good_report_stays_and_bad_input_leaves_nothing(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text("Officials said that it was over.")
    (tmp_path / "texts").mkdir()
    with pytest.raises(InputError):
        report.make_report(tmp_path / "texts", tmp_path / "out")
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "texts"]
    report.make_report(tmp_path / "a.txt", tmp_path / "out", title="First")
    monkeypatch.setattr(report, "write_evidence", lambda c: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        report.make_report(tmp_path / "a.txt", tmp_path / "out", title="Second")
    assert "First" in (tmp_path / "out" / "index.html").read_text("utf-8")
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "out", "texts"]


JOINED = ["Ada Venn, a mayor, said it was late.", "Ada Venn said it was dark.",
          "Ada K. Venn said it rained.", "Mrs. Venn said it was over.", "Tom Orr said it was wet."]  # fmt: skip


def test_names_of_one_speaker_are_joined_shown_and_taken_apart_again(tmp_path, capsys):
    pd.DataFrame({"text": JOINED}).to_csv(tmp_path / "a.csv", index=False)
    out = report.make_report(tmp_path / "a.csv", tmp_path / "out").parent
    page = BeautifulSoup((out / "voices.html").read_text("utf-8"), "html.parser")
    rows = {tr.th.get_text(): [td.get_text() for td in tr.find_all("td")]
            for tr in page.select("table tr") if tr.th and tr.td}  # fmt: skip
    assert rows["Ada Venn"][1:] == ["4", "4", "4", "Ada K. Venn; Venn"]
    assert "2 forms of a name joined" in page.get_text()
    data = read_data((out / "explorer.html").read_text("utf-8"))
    assert dict(zip(data["speakers"], data["also"], strict=True)) == {
        "Ada Venn": "Ada K. Venn; Venn",
        "Tom Orr": "",
    }
    links = pd.read_csv(out / "speaker_links.csv", encoding="utf-8-sig")
    assert set(links.reason) == {"surname", "first and last name"}
    links[links.name != "Venn"].to_csv(tmp_path / "links.csv", index=False)
    line = ["report", str(tmp_path / "a.csv"), "--out", str(tmp_path / "new")]
    assert cli.main([*line, "--links", str(tmp_path / "links.csv")]) == 0
    page = (tmp_path / "new" / "voices.html").read_text("utf-8")
    assert "Ada K. Venn</td>" in page and ">Venn</th>" in page
    (tmp_path / "bad.csv").write_text("name\nVenn\n")
    capsys.readouterr()
    assert cli.main([*line, "--links", str(tmp_path / "bad.csv")]) == 2
    assert "bad.csv is not a table of links" in capsys.readouterr().err


def test_the_page_lists_speakers_without_a_class(tmp_path):
    pd.DataFrame({"text": [*JOINED, "Zed Quill said it was wet."]}).to_csv(tmp_path / "a.csv")
    out = report.make_report(tmp_path / "a.csv", tmp_path / "out").parent
    said = BeautifulSoup((out / "voices.html").read_text("utf-8"), "html.parser").get_text()
    assert (
        "The most frequent of them: " in said and "Zed Quill (1)" in said and "--speakers" in said
    )
