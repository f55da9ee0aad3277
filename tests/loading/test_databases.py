"""Exports as their databases lay them out: split into their articles, or refused by name.

Every sample is made by hand after public descriptions of the layouts; no line is from an export.
"""

import pandas as pd
import pytest
from test_readers import load, word

from framebook.common.errors import InputError
from framebook.loading.databases import load_layouts, page_lines, split_export

ONE = "The ferry sailed again on Monday after a winter in port, and the town stood on the quay."
TWO = "“We waited long enough,” said Ann Orr, the harbour master."
BOTH = f"{ONE}\n\n{TWO}"
FERRY, WINTER = "Ferry back on the water", "A lean winter"


def split(text):
    """Return (title, source, date, author, text) of each article of a text."""
    lines = page_lines(text) if text.lstrip().startswith("<") else text.split("\n")
    names = ("title", "source", "date", "author", "text")
    return [tuple(fields[name] for name in names) for fields, _ in split_export(lines)]


def row(code, value, gap=""):
    return f"<tr><td class=index>{gap}<b>{code}</b>&nbsp;</td><td>{gap}{value}</td></tr>"


def paragraphs(code, *texts):
    held = "".join(f'<p class="articleParagraph enarticleParagraph">{text}</p>\n' for text in texts)
    return f"<tr><td class=index><p><b>{code}</b>&nbsp;</p></td><td>{held}</td></tr>"


def coded(day, title):
    """An article of Factiva's HTML with its indexing."""
    return (
        '<div class="article enArticle"><table>'
        + row("HD", f"<b class='enHeadline'>{title}</b>\n")
        + row("BY", "By Ann Orr and Bo Pell")
        + row("WC", "295 words")
        + row("PD", f"{day} May 2031")
        + row("ET", "15:32")
        + row("SN", "Quay News")
        + row("CY", "(c) 2031 Quay Press.")
        + paragraphs("LP", ONE)
        + paragraphs("TD", TWO)
        + row("NS", "gcat : Political/General News", "<br/>")
        + row("AN", f"Document QUAYN0020310503e7ct0001{day}", "<br/>")
        + "</table></div><br/>"
    )


CODED = (
    "<html><head><title>Factiva</title><style>p{margin:0}</style></head><body><h1>Factiva</h1>"
    + coded(3, FERRY)
    + coded(4, WINTER)
    + "<span>&copy; 2031 Factiva, Inc. All rights reserved.</span></body></html>"
)
FACTIVA = "\n".join(
    ["World News", FERRY, "By Ann Orr", "1,412 words", "3 May 2031", "10:15", "Quay News", "QUAYN"]
    + ["A1", "English", "(c) 2031 Quay Press Ltd", "", ONE, "", TWO, "", "Quay Press Ltd", ""]
    + ["Document QUAYN00020310503ea5300001", "", WINTER, "40 words", "4 May 2031", "Quay News"]
    + ["QUAYN", "English", "Copyright 2031 Quay Press Ltd.", "", "By night it froze.", ""]
    + ["Document J000000020310504eg5400002", "", "Search Summary", "Text", "ferry"]
)
CELLS = "\n".join(  # as striprtf gives the rows of a table
    [f"HD|{FERRY}|", "WC|412 words|", "PD|3 May 2031|", "SN|Quay News|", f"LP|{ONE}|"]
    + [f"TD|{TWO}|", "NS|gcat : News|", "AN|Document QUAYN00020310503ea5300001|"]
)


def europresse(day, title):
    return (
        f"<article><header><div><span class='DocPublicationName'>Quay News, no. 2031{day} </span>"
        f"</div><div><span class='DocHeader'>Economy, mardi {day} mai 2031, p. 16</span></div>"
        f"<div class='titreArticle'><p class='titreArticleVisu rdp__articletitle'>{title}</p></div>"
        f"<div class='docAuthors'>Ann Orr</div></header><section><div class='DocText clearfix'>"
        f"<div class='docOcurrContainer'><p>{ONE}</p> <p>“We <mark>waited</mark> long enough,” said "
        "Ann Orr, the harbour master.</p></div></div></section><aside><p>A photo.</p></aside>"
        f"<footer><small>© 2031 Quay</small><p>Numéro de document : news·2031050{day}·QN·1</p>"
        "</footer></article>"
    )


def proquest(day, title, start="", end=""):
    """An article of ProQuest's HTML."""
    lines = [
        title,
        "<strong>Author:  </strong>Orr, Ann",
        f"<strong>Publication info:  </strong>Quay News ; Vessmouth [Vessmouth]0{day} May 2031: A.2.",
        "<a href='https://quay.example'>ProQuest document link</a>",
        "<strong>Abstract:  </strong>",
        "It sails.",
        f"<strong>Full text: </strong><text><title></title><p>{ONE}</p> <p>{TWO}</p></text>",
        "<strong>Subject: </strong>Ferries",
        "<strong>Publication title: </strong>Quay News; Vessmouth",
        f"<strong>Publication date: </strong>May {day}, 2031",
        "<strong>ProQuest document ID: </strong>251",
        "<strong>Last updated: </strong>2037-11-07",
        "<strong>Database: </strong>Dailies",
    ]
    return "<div>" + "".join(f"<p style='margin:0'>{line}</p>\n" for line in lines) + "</div>"


NEWER = "\n".join(
    [FERRY, "", "Orr, Ann. Quay News; Vessmouth [Vessmouth]. 03 May 2031: A.1.", ""]
    + ["ProQuest document link", "", "_" * 60, "", "ABSTRACT (ENGLISH)", "", "It sails.", ""]
    + ["FULL TEXT", "", ONE, TWO, "", "DETAILS", "", "Subject: Ferries", f"Title: {FERRY}"]
    + ["Publication date: May 3, 2031", "ProQuest document ID: 1", "Database: Newsstream", "LINKS"]
)
LINES = "\n".join(
    ["_" * 60, "", FERRY, "", "Publication info: Quay News ; Vessmouth. 03 May 2031.", ""]
    + ["Abstract: None available.", "", f"Full text: {ONE}", TWO, "", "Title: " + FERRY, ""]
    + ["Publication title: Quay News; Vessmouth", "", "Publication date: May 3, 2031", ""]
    + ["Database: Newsstream", "", "_" * 60, "", WINTER, "", "Full text: It froze.", "It snowed."]
    + ["", "Title: " + WINTER, "", "ProQuest document ID: 2", "", "_" * 60, "", "Contact ProQuest"]
)


def newsbank(day, title):
    return "\n\n".join(
        [title, f" September {day}, 2030 | Quay Democrat, The (Easton, MD)", "394\nWords"]
        + ["Author/Byline: Ann Orr | Section: Dock", "Read News Document", ONE, TWO]
        + ["© Copyright 2030 Quay Democrat. All rights reserved."]
    )


def older_newsbank(day, title):
    return "\n".join(
        [title, f"Quay News, The (Hull, England) - May {day}, 2031", "Author: Ann Orr", "Page: A1"]
        + ["", ONE, "", TWO, "", "Record Number: 123", "Copyright (c) 2031 Quay News"]
    )


def middle(*lines):
    return "\n".join(line.center(78).rstrip() for line in lines)


BELOW = "\n\n".join(
    [middle("1 of 2 DOCUMENTS"), middle("Quay Press Agency"), f"LEADALL: {FERRY}"]
    + [
        middle("May 3, 2031, Saturday", "23:22 Central European Time"),
        ONE,
        TWO,
        "SECTION: Politics",
    ]
    + ["LENGTH: 22 words", "LOAD-DATE: May 8, 2031", middle("Copyright 2031 Quay Press Agency")]
    + [middle("2 of 2 DOCUMENTS"), middle("Quay Press Agency"), WINTER, middle("May 4, 2031")]
    + ["DATELINE: Vessmouth", "It froze.", "LENGTH: 2 words", "LOAD-DATE: May 8, 2031"]
)
NOTICE = "\n\n".join(
    [middle("1 of 1 DOCUMENT"), middle("Quay City Wire")]
    + [middle("No Quay City Wire material may be republished without the express written")
       + "\n" + middle("permission of the Quay City Wire, Inc.")]
    + [middle("May 3, 2031 Saturday 6:49 PM PST"), FERRY, "BYLINE: By Ann Orr", "LENGTH: 9 words"]
    + [ONE, TWO, "LOAD-DATE: May 4, 2031"]
)  # fmt: skip
ALONE = "\n\n".join(
    [middle("Quay News"), middle("May 3, 2031 Saturday"), FERRY, "BYLINE: Ann Orr"]
    + ["SECTION: NEWS; Pg. 1", "LENGTH: 40 words", ONE, TWO, "LOAD-DATE: May 4, 2031"]
)


def lexis(n, title):
    """An article of Nexis' older HTML, its tags and values in elements of their own."""
    parts = [f"{n} of 2 DOCUMENTS", "Quay News", f"May {n + 2}, 2031 Saturday", title]
    parts += [
        "<SPAN>BYLINE: </SPAN><SPAN>Ann Orr</SPAN>",
        "<SPAN>LENGTH:</SPAN><SPAN> 40 words</SPAN>",
    ]
    parts += [
        ONE,
        TWO,
        "<SPAN>LOAD-DATE:</SPAN><SPAN> May 9, 2031</SPAN>",
        "Copyright 2031 Quay News",
    ]
    return "".join(f"<BR><DIV CLASS=c0><P CLASS=c1>{part}</P></DIV>" for part in parts)


FULL = [(FERRY, "Quay News", "3 May 2031", "Ann Orr", BOTH)]


@pytest.mark.parametrize(
    "text, expected",
    [
        (CODED, [(title, "Quay News", f"{day} May 2031", "Ann Orr and Bo Pell", BOTH)
                 for day, title in ((3, FERRY), (4, WINTER))]),
        (FACTIVA, [*FULL, (WINTER, "Quay News", "4 May 2031", None, "By night it froze.")]),
        (CELLS, [(FERRY, "Quay News", "3 May 2031", None, BOTH)]),
        ("<!DOCTYPE html><html><body>" + europresse(3, FERRY) + europresse(4, WINTER),
         [(title, "Quay News", f"{day} mai 2031", "Ann Orr", BOTH)
          for day, title in ((3, FERRY), (4, WINTER))]),
        ("<html>" + proquest(3, FERRY) + proquest(4, WINTER),
         [(title, "Quay News", f"0{day} May 2031", "Orr, Ann", BOTH)
          for day, title in ((3, FERRY), (4, WINTER))]),
        (NEWER, [(FERRY, "Quay News", "03 May 2031", "Orr, Ann", BOTH)]),
        (LINES, [(FERRY, "Quay News", "03 May 2031", None, BOTH),
                 (WINTER, None, None, None, "It froze.\n\nIt snowed.")]),
        (newsbank(3, FERRY) + "\n\n" + newsbank(4, WINTER),
         [(title, "Quay Democrat, The (Easton, MD)", f"September {day}, 2030", "Ann Orr", BOTH)
          for day, title in ((3, FERRY), (4, WINTER))]),
        (older_newsbank(3, FERRY) + "\n\n" + older_newsbank(4, WINTER),
         [(title, "Quay News, The (Hull, England)", f"May {day}, 2031", "Ann Orr", BOTH)
          for day, title in ((3, FERRY), (4, WINTER))]),
        (BELOW, [(f"LEADALL: {FERRY}", "Quay Press Agency", "May 3, 2031", None, BOTH),
                 (WINTER, "Quay Press Agency", "May 4, 2031", None, "It froze.")]),
        (NOTICE, [(FERRY, "Quay City Wire", "May 3, 2031", "Ann Orr", BOTH)]),
        (ALONE, [(FERRY, "Quay News", "May 3, 2031", "Ann Orr", BOTH)]),
        ("<HTML><BODY>" + lexis(1, FERRY) + lexis(2, WINTER),
         [(title, "Quay News", f"May {day}, 2031", "Ann Orr", BOTH)
          for day, title in ((3, FERRY), (4, WINTER))]),
    ],
    ids=["factiva-coded", "factiva-text", "factiva-cells", "europresse", "proquest-html",
         "proquest-newer", "proquest-lines", "newsbank", "newsbank-older", "lexis-tags-below",
         "lexis-notice", "lexis-alone", "lexis-html"],
)  # fmt: skip
def test_an_export_is_split_into_its_articles(text, expected):
    assert split(text) == expected


def nexis(title, *head):
    body = ["Copyright 2031 Quay Press", "Length: 9 words", "Body", ONE, "Load-Date: May 4, 2031"]
    return [title, *head, *body, "End of Document"]


def gale(title, date, *known):
    return "\n".join(
        [title, *known, "Copyright: COPYRIGHT 2031 Quay Press", "Full Text:", ONE, "", TWO]
        + ["Source Citation", f'Orr, Ann. "{title}." Quay News, {date}. Gale OneFile: News.']
        + ["Gale Document Number: GALE|A1", ""]
    )


def labelled(day, title):
    """An article in NewsBank's older form."""
    return "\n".join(
        ["Paper: Quay News", f"Title: {title}", f"Date: May {day}, 2031", "Author: Ann Orr", ""]
        + [ONE, "", TWO, "", "Copyright (c) 2031 Quay News", "Record Number: 1", ""]
    )


@pytest.mark.parametrize(
    "text",
    [
        gale(FERRY, "3 May 2031", "Author: Ann Orr", "Date: May 3, 2031", "From: Quay News")
        + gale(WINTER, "4 May 2031", "Author: Ann Orr", "Date: May 4, 2031", "From: Quay News"),
        gale(FERRY, "3 May 2031", "Quay News, May 3, 2031, p. 4", "Byline: Ann Orr")
        + gale(WINTER, "4 May 2031", "Quay News, May 4, 2031, p. 4", "Byline: Ann Orr"),
        labelled(3, FERRY) + labelled(4, WINTER),
    ],
    ids=["gale", "gale-cited", "newsbank-labels"],
)
def test_other_databases_and_forms_are_split_too(text):
    assert split(text) == [
        (title, "Quay News", f"May {day}, 2031", "Ann Orr", BOTH)
        for day, title in ((3, FERRY), (4, WINTER))
    ]


def test_nexis_in_german_is_split():
    lines = [FERRY, "Quay News", "3. Mai 2031 Samstag", "Länge: 9 Wörter", "Hauptteil", ONE]
    lines += ["Update: 4. Mai 2031", "Ende des Dokuments"]
    assert (
        split("\n".join([*lines, *lines])) == [(FERRY, "Quay News", "3. Mai 2031", None, ONE)] * 2
    )


def test_nexis_without_its_line_body_and_with_other_parts_below():
    lines = [line for line in nexis(FERRY, "Mail", "May 3, 2031") if line != "Body"]
    lines[-2:-2] = ["Link to Image", "Correction", "It sailed on Tuesday."]
    assert split("\n".join(lines)) == [(FERRY, "Mail", "May 3, 2031", None, ONE)]


@pytest.mark.parametrize(
    "date",
    [
        "May 3, 2031 - May 4, 2031",
        "May 30 - June 2, 2031",
        "30 May to 2 June 2031",
    ],
)
def test_a_span_of_days_is_not_one_of_them(tmp_path, date):
    documents, loading = load(tmp_path, "a.txt", ALONE.replace("May 3, 2031 Saturday", date))
    assert documents.date.isna().all() and documents.title[0] == FERRY
    assert f"date not understood: {date}" in loading.reason[0]


@pytest.mark.parametrize(
    "head, source, date",
    [
        (["The Quay News (Vessmouth)", "", " Correction Appended", ""], "The Quay News (Vessmouth)",
         None),
        (["The Quay News", "(Green)", "May 3, 2031 Saturday 15:25 EST"], "The Quay News",
         "May 3, 2031"),
        (["The Quay News", "Distributed by Quay Wire", "May 3, 2031", "Final Edition"],
         "The Quay News", "May 3, 2031"),
        (["The Quay News", "May 3-4, 2031 Saturday"], "The Quay News", "May 3-4, 2031"),
        (["The Quay News", "Clarification Appended", "May 3, 2031"], "The Quay News", "May 3, 2031"),
        (["The Quay News", "Updated May 3, 2031 6:12 PM GMT"], "The Quay News", "May 3, 2031"),
    ],
)  # fmt: skip
def test_what_is_no_outlet_is_not_taken_for_it(head, source, date):
    articles = split_export([*nexis(FERRY, *head), *nexis(WINTER, "Mail", "May 4, 2031")])
    found = [(fields["title"], fields["source"], fields["date"]) for fields, _ in articles]
    assert found == [(FERRY, source, date), (WINTER, "Mail", "May 4, 2031")]


@pytest.mark.parametrize(
    "text, line",
    [
        (LINES, "Location: the town hall, where it all began."),
        (LINES, "Title: the book that the mayor wrote."),
        (ALONE, "UPDATE: The ferry was late again."),
        (FACTIVA, "3 May 2031 was a cold day."),
        (FACTIVA, "IN the end it froze."),
    ],
)
def test_a_line_of_an_article_that_looks_like_a_tag_stays(text, line):
    changed = text.replace(ONE, f"{ONE}\n\n{line}", 1)
    expected, *rest = split(text)
    assert split(changed) == [(*expected[:4], f"{ONE}\n\n{line}\n\n{TWO}"), *rest]


def test_lines_wrapped_in_a_word_export_are_joined(tmp_path):
    """Each is a paragraph of its own in the file."""
    wrapped = [
        "The dam inspector resigned on Monday after a report",
        "blamed him for the crack in the eastern wall. He said",
        "that nobody had read his letters, and that he would",
        "publish them in the autumn. The mayor, who had asked",
        "for the report, thanked him and said that a new",
        "inspector would be named.",
    ]
    lines = nexis(FERRY, "Mail", "May 3, 2031")
    lines[6:7] = wrapped
    documents, loading = load(
        tmp_path, "a.docx", word(*lines, *nexis(WINTER, "Mail", "May 4, 2031"))
    )
    assert documents.text[0] == f"{FERRY}\n\n{' '.join(wrapped)}"
    assert loading.reason[0] == "lines wrapped at a fixed width joined"


@pytest.mark.parametrize(
    "text, said",
    [
        (ALONE + "\n\n" + ALONE, "is an export of LexisNexis that cannot be split"),
        ("Factiva\n\n295 words\n\n3 May 2031\n\nDocument QUAYN00020310503ea5300001",
         "is an export of Factiva that cannot be split into its articles; save it as HTML or RTF"),
        (FACTIVA.replace("Document QUAYN", "Number QUAYN"), "is an export of Factiva that cannot"),
        ("A text.\n" + "Copyright 2031 Quay News\n" * 3, "seems to hold 3 articles, by lines"),
        ("Title: A\nSource: B\nDate: 3 May 2031\n\nIt sails.\n\n" * 2, "seems to hold 2 articles"),
        ("Record: 1\nTitle:\n\tA\nAccession Number:\n\t1\n\nIt sails.", "is an export of EBSCO"),
        ("TY  - NEWS\nT1  - A\nAB  - It sails.\nER  - \n", r"is an export of references \(RIS\)"),
    ],
)  # fmt: skip
def test_an_export_that_cannot_be_split_is_refused_by_name(text, said):
    with pytest.raises(InputError, match=said):
        split(text)


def test_no_extractor_sees_a_page_that_is_an_export(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "trafilatura", None)
    documents, _ = load(tmp_path, "a.html", CODED)
    assert documents.title.tolist() == [FERRY, WINTER]
    assert documents.date.tolist() == [pd.Timestamp(2031, 5, 3), pd.Timestamp(2031, 5, 4)]


@pytest.mark.parametrize(
    "text",
    [
        "The document was signed in 2031.\n\nDocument A1 was lost.\n\n40 words were cut.",
        "LENGTH: the wall is forty metres long.\n\nSECTION 3 was lost.",
        "By Ann Orr\n\nThe database: it was lost.\n\nFull text of the speech",
        "Body\n\nEnd of Document",
        "<html><body><p>Author: Ann Orr</p><p>The Database: none</p></body></html>",
    ],
)
def test_an_ordinary_text_is_no_export(text):
    assert split(text) == []


def test_every_layout_says_what_to_do():
    layouts = load_layouts()
    assert {layout.name for layout in layouts} == {
        "EBSCO", "Europresse", "Factiva", "Gale", "LexisNexis", "NewsBank", "Nexis Uni", "ProQuest",
        "references (RIS)",
    }  # fmt: skip
    assert all(layout.advice and layout.hints and layout.signs for layout in layouts)
