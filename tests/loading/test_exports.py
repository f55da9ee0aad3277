"""What databases and interfaces export: read right, or refused with a reason, and nothing lost.

Every text is invented and every sample is made by hand, after public descriptions of the layout:
of the interfaces' own documentation, LexisNexisTools (Nexis Uni, LexisNexis Academic), pq_parser
(ProQuest) and factiva_parser. No line of them comes from an export.
"""

import io
import json
import textwrap
from datetime import datetime

import pandas as pd
import pytest
from test_readers import ARTICLES, COVER, FIRST, SECOND, load, pack, word

from framebook.common.errors import InputError
from framebook.loading.articles import load_documents
from framebook.loading.language import find_other_language
from framebook.loading.repairs import repair_text

TITLE, DAY = "Ferry back on the water", pd.Timestamp(2031, 5, 3)
BODY = f"{FIRST}\n\n{SECOND}"
WHOLE = (f"{TITLE}\n\n{BODY}", TITLE, "Quay News", DAY, "Ann Orr")
FIELDS = ["text", "title", "source", "date", "author"]


def rows(documents):
    """Return the articles as tuples, with None for what is missing."""
    return [
        tuple(None if pd.isna(value) else value for value in row)
        for row in documents[FIELDS].itertuples(index=False)
    ]


def told(loading):
    return loading.reason.fillna("").tolist()


# Interfaces (JSON), crawlers and collections (JSON, CSV)

GUARDIAN = {
    "id": "world/2031/may/03/ferry",
    "type": "article",
    "sectionName": "World news",
    "webPublicationDate": "2031-05-03T10:00:00Z",
    "webTitle": "Ferry back – as it happened",
    "fields": {
        "headline": TITLE,
        "trailText": "It <b>sails</b>.",
        "byline": "Ann Orr",
        "publication": "Quay News",
        "body": f"<p>{FIRST}</p> <p>{SECOND}</p>",
        "bodyText": f"{FIRST} {SECOND}",
    },
}
NEWSAPI = {
    "source": {"id": "quay-news", "name": "Quay News"},
    "author": "Ann Orr",
    "title": TITLE,
    "description": "It sails.",
    "publishedAt": "2031-05-03T10:00:00Z",
    "content": BODY,
}
REGISTRY = {
    "uri": "143",
    "lang": "eng",
    "date": "2031-05-03",
    "time": "10:00:00",
    "title": TITLE,
    "dateTimePub": "2031-05-02T23:00:00Z",
    "body": BODY,
    "source": {"uri": "quay.example", "dataType": "news", "title": "Quay News"},
    "authors": [{"uri": "ann_orr@quay.example", "name": "Ann Orr", "isAgency": False}],
}
NEWS_PLEASE = {
    "authors": ["Ann Orr"],
    "date_download": "2031-05-04 10:00:00",
    "text": None,
    "date_publish": "2031-05-03 10:00:00",
    "language": "en",
    "maintext": BODY,
    "source_domain": "Quay News",
    "title": TITLE,
    "title_page": None,
    "images": [{"url": "x", "title": "A boat"}],
}
NYT = {
    "_id": "nyt://article/1",
    "lead_paragraph": BODY,
    "source": "Quay News",
    "headline": {"main": TITLE, "kicker": None},
    "pub_date": "2031-05-03T10:00:00+0000",
    "byline": {"original": "Ann Orr", "person": [{"lastname": "Orr"}]},
    "keywords": [],
}
FRAME = pd.DataFrame(
    {
        "text": [BODY],
        "title": [TITLE],
        "source": ["Quay News"],
        "date": [1935568800000],
        "author": ["Ann Orr"],
    }
)


@pytest.mark.parametrize(
    "name, data",
    [
        ("newsapi.json", {"status": "ok", "totalResults": 1, "articles": [NEWSAPI]}),
        ("guardian.json", {"response": {"status": "ok", "pages": 1, "results": [GUARDIAN]}}),
        ("guardian-results.json", [GUARDIAN]),
        ("guardian-item.json", {"response": {"status": "ok", "content": GUARDIAN}}),
        ("event-registry.json", {"articles": {"page": 1, "results": [REGISTRY]}}),
        ("news-please.json", NEWS_PLEASE),
        (
            "elasticsearch.json",
            {
                "took": 3,
                "hits": {
                    "total": {"value": 1},
                    "hits": [{"_id": "a1", "_score": 1.0, "_source": NEWSAPI}],
                },
            },
        ),
        ("pandas.json", FRAME.to_json()),
        ("pandas-index.json", FRAME.to_json(orient="index")),
        ("pandas-table.json", FRAME.to_json(orient="table", index=False)),
        ("by-key.json", {"id1": NEWSAPI}),
        ("lines.json", json.dumps(NEWSAPI) + "\n"),
        (
            "all-the-news.csv",
            f",id,title,publication,author,date,year,month,url,content\n0,17283,"
            f'{TITLE},Quay News,Ann Orr,2031-05-03,2031.0,5.0,,"{BODY}"\n',
        ),
        (
            "all-the-news-2.csv",
            "date,year,month,day,author,title,article,url,section,publication\n"
            f'2031-05-03 00:00:00,2031,5.0,3,Ann Orr,{TITLE},"{BODY}",u,B,Quay News'
            "\n",
        ),
        (
            "media-cloud.csv",
            "stories_id,publish_date,indexed_date,title,url,language,media_name,byline,"
            f'text\n1,2031-05-03 10:00:00,2031-05-04,{TITLE},u,en,Quay News,Ann Orr,"'
            f'{BODY}"\n',
        ),
        (
            "cc-news.jsonl",
            json.dumps(
                {
                    "requested_url": "u",
                    "plain_text": BODY,
                    "published_date": "2031-05-03T00:00:00",
                    "title": TITLE,
                    "author": "Ann Orr",
                    "sitename": "Quay News",
                    "publisher": "quay.example",
                    "crawl_date": "2031-06-01",
                }
            ),
        ),
        (
            "trafilatura.json",
            {
                "title": TITLE,
                "author": "Ann Orr",
                "hostname": "quay.example",
                "date": "2031-05-03",
                "raw_text": "x",
                "text": BODY,
                "source": "https://quay.example/1",
                "source-hostname": "Quay News",
            },
        ),
        (
            "excel-german.csv",
            f'Titel;Quelle;Datum;Autor;Text\r\n{TITLE};Quay News;03.05.2031;Ann Orr;"{BODY}"\r\n',
        ),
        (
            "excel-sep.csv",
            "sep=;\nTitle;Source;Date;Author;Text\n"
            f'{TITLE};Quay News;2031-05-03;Ann Orr;"{BODY}"\n',
        ),
        (
            "tabs.csv",
            f'title\tsource\tdate\tauthor\ttext\n{TITLE}\tQuay News\t2031-05-03\tAnn Orr\t"'
            f'{BODY}"\n',
        ),
        (
            "excel-unicode.tsv",
            f"Title\tSource\tDate\tAuthor\tText\r\n{TITLE}\tQuay News\t2031-05-03\t"
            f'Ann Orr\t"{BODY}"\r\n'.encode("utf-16"),
        ),
    ],
)
def test_an_export_needs_no_help(tmp_path, name, data):
    data = data if isinstance(data, str | bytes) else json.dumps(data)
    documents, loading = load(tmp_path, name, data)
    assert rows(documents) == [WHOLE] and len(loading) == 1


@pytest.mark.parametrize(
    "data, column",
    [
        (NYT, "lead_paragraph"),
        ({"response": {"docs": [NYT], "meta": {"hits": 1}}}, "lead_paragraph"),
    ],
)
def test_what_has_only_a_summary_is_refused_until_it_is_named(tmp_path, data, column):
    with pytest.raises(InputError, match="has no text column; its columns are: (_id|lead_par)"):
        load(tmp_path, "a.json", json.dumps(data))
    documents, _ = load(tmp_path, "a.json", json.dumps(data), columns={"text": column})
    assert rows(documents) == [WHOLE] and documents.key[0] == "nyt://article/1"


def test_headlines_without_texts(tmp_path):
    """As Media Cloud and GDELT give them."""
    data = f"URL,MobileURL,Date,Title\nhttps://quay.example,,2031-05-03 10:00:00,{TITLE}\n"
    with pytest.raises(InputError, match="has no text column; its columns are: URL, MobileURL"):
        load(tmp_path, "a.csv", data)
    documents, _ = load(tmp_path, "a.csv", data, columns={"text": "title"})
    assert rows(documents) == [(TITLE, TITLE, None, DAY, None)]


def test_what_an_interface_cuts_short_or_takes_back_is_told(tmp_path):
    removed = dict.fromkeys(("title", "description", "content"), "[Removed]")
    short = f"{FIRST[:60]}… [+2153 chars]"
    documents, loading = load(
        tmp_path,
        "a.json",
        json.dumps({"articles": [{**NEWSAPI, "content": short}, {**NEWSAPI, **removed}]}),
    )
    assert documents.text.tolist() == [f"{TITLE}\n\n{short}"]
    assert told(loading) == [
        "the text breaks off: [+2153 chars]",
        "row 2 holds no word but boilerplate",
    ]


def test_a_page_saved_in_one_file(tmp_path):
    """As SingleFile and Zotero save it."""
    data = (
        "<!DOCTYPE html> <html lang=en><!--\n Page saved with SingleFile \n url: https://q.test"
        "\n saved date: Sat May 10 2031 10:00:00 GMT+0200\n--><meta charset=utf-8>"
        f"<title>{TITLE} - Quay News</title><meta property=og:site_name content='Quay News'>"
        "<meta name=author content='Ann Orr'><meta property=article:published_time "
        f"content=2031-05-03><style>{'.a{b:c}' * 999}</style><body><nav><a href=/>Home"
        f"</a></nav><article><h1>{TITLE}</h1><img src=data:image/png;base64,{'A' * 9999}>"
        f"<p>{FIRST}</p><p>{SECOND}</p></article><footer>© Quay News</footer></body></html>"
    )
    documents, loading = load(tmp_path, "a.html", data)
    assert rows(documents) == [(f"{TITLE}\n{FIRST}\n{SECOND}", *WHOLE[1:])]
    assert loading.status.tolist() == ["read"]


def test_lines_of_json_with_a_column_that_is_named(tmp_path):
    """As the News Category Dataset has them."""
    line = {
        "link": "u",
        "headline": TITLE,
        "category": "X",
        "short_description": BODY,
        "authors": "Ann Orr",
        "date": "2031-05-03",
    }
    documents, _ = load(
        tmp_path, "a.json", "\n".join([json.dumps(line)] * 2), columns={"text": "short_description"}
    )
    assert rows(documents) == [(*WHOLE[:2], None, *WHOLE[3:])] * 2


# Workbooks


def book(**sheets):
    from openpyxl import Workbook

    made, held = Workbook(), io.BytesIO()
    made.remove(made.active)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    made.save(held)
    return held.getvalue()


HEADER = ["Title", "Publication", "Date", "Author", "Text"]
ROW = [TITLE, "Quay News", datetime(2031, 5, 3), "Ann Orr", BODY]


@pytest.mark.parametrize(
    "above", [[], [["Ferry coverage"]], [["Exported:", "4 May 2031"], [], ["By", "A. Student"]]]
)
def test_a_header_below_a_title(tmp_path, above):
    documents, loading = load(tmp_path, "a.xlsx", book(S=[*above, HEADER, ROW]))
    assert rows(documents) == [WHOLE] and loading.path.tolist() == ["a.xlsx"]


def test_every_sheet_is_read_or_told(tmp_path):
    other = ["A lean winter", "Quay News", 47971, "Bo Pell", SECOND]
    documents, loading = load(
        tmp_path,
        "a.xlsx",
        book(
            Read_me=[["Exported by"], ["A. Student", "in May"]],
            Y30=[HEADER, ROW],
            Y31=[HEADER, other],
            Empty=[],
        ),
    )
    assert rows(documents) == [
        WHOLE,
        (f"A lean winter\n\n{SECOND}", "A lean winter", "Quay News", None, "Bo Pell"),
    ]
    assert loading.path.tolist() == ["a.xlsx/Read_me", "a.xlsx/Y30", "a.xlsx/Y31"]
    assert told(loading) == [
        "has no text column; its columns are: A. Student, in May; name one of them text",
        "",
        "date not understood: 47971; write it as year-month-day",
    ]


# Dates


@pytest.mark.parametrize(
    "others, day, said",
    [
        ([], None, "date not understood: 03/05/2031; write it as year-month-day"),
        (
            ["25/12/2030"],
            DAY,
            "03/05/2031 read with the day first, as other dates of its column must be",
        ),
        (
            ["12/25/2030 10:00"],
            pd.Timestamp(2031, 3, 5),
            "03/05/2031 read with the month first, as other dates of its column must be",
        ),
        (
            ["25/12/2030", "12/25/2030"],
            None,
            "date not understood: 03/05/2031; write it as year-month-day",
        ),
    ],
)
def test_a_date_that_is_two_days_is_settled_by_its_column_or_told(tmp_path, others, day, said):
    data = "text,date\n" + "".join(f"It sails.,{date}\n" for date in ["03/05/2031", *others])
    documents, loading = load(tmp_path, "a.csv", data)
    assert rows(documents)[0][3] == day and documents.date[1:].notna().all()
    assert told(loading) == [said] + [""] * len(others)


# Plain text: LexisNexis Academic, ProQuest


def middle(*lines):
    return "\n".join(line.center(78).rstrip() for line in lines)


def academic(number, source, date, title, byline, *text):
    return "\n\n".join(
        [
            middle(f"{number} of 2 DOCUMENTS"),
            middle(source),
            middle(*date),
            textwrap.fill(title, 78),
            f"BYLINE: {byline}",
            "SECTION: NEWS; Pg. 3",
            "LENGTH: 41 words",
            "DATELINE: VESSMOUTH",
            *(textwrap.fill(part, 78) for part in text),
            "GRAPHIC: A ferry.",
            "LOAD-DATE: May 4, 2031",
            "LANGUAGE: ENGLISH",
            middle(f"Copyright 2031 {source}", "All Rights Reserved"),
            "",
        ]
    )


LONG = (
    "Ferry back on the water after a winter in which the town had none and blamed the mayor for it"
)
ACADEMIC = (
    "\n\nDownload Request: Selected Items: 1-2\n\nTerms: (ferry)\n\n"
    + academic(
        1,
        "The Quay News",
        ["May 3, 2031 Saturday", "Edition 1;", "Scotland"],
        LONG,
        "By Ann Orr",
        FIRST,
        SECOND,
    )
    + academic(2, "North Bank Mail", ["Sunday 4 May 2031"], "A lean winter", "BO PELL", SECOND)
)
OLDER = "\n\n".join(
    [
        middle("1 of 1 DOCUMENT"),
        middle("Copyright 2001 Quay Press Company", "The Quay News"),
        middle("May 3, 2001, Thursday, Late Edition - Final"),
        "SECTION: Section A; Page 1",
        "LENGTH: 41 words",
        "HEADLINE: Ferry back",
        "BYLINE: By ANN ORR",
        "BODY:\n   " + textwrap.fill(FIRST, 70),
        "   TYPE: no tag in a text",
        "GRAPHIC: Photo",
        "Of a ferry.",
    ]
)
LINE = "_" * 60
PROQUEST = "\n\n".join(
    [
        LINE,
        "Report Information from ProQuest",
        "May 10 2031 10:00",
        LINE,
        TITLE,
        "Author: Orr, Ann",
        "Publication info: Quay News ; Vessmouth. 03 May 2031: A.1.",
        "Links: u",
        "Abstract: It sails.",
        "It does.",
        f"Full text: {FIRST}",
        SECOND,
        "Subject: Ferries",
        f"Title: {TITLE}",
        "Publication title: Quay News",
        "Publication year: 2031",
        "Publication date: May 3, 2031",
        "ProQuest document ID: 12345",
        "Copyright: Copyright Quay Press May 3, 2031",
        "Database: Newsstream",
        LINE,
        "Contact ProQuest",
        "Copyright 2031 ProQuest LLC",
    ]
)


@pytest.mark.parametrize(
    "text, expected",
    [
        (
            ACADEMIC,
            [
                (f"{LONG}\n\n{BODY}", LONG, "The Quay News", DAY, "Ann Orr"),
                (
                    f"A lean winter\n\n{SECOND}",
                    "A lean winter",
                    "North Bank Mail",
                    pd.Timestamp(2031, 5, 4),
                    "BO PELL",
                ),
            ],
        ),
        (
            OLDER,
            [
                (
                    f"Ferry back\n\n{FIRST}\n\nTYPE: no tag in a text",
                    "Ferry back",
                    "The Quay News",
                    pd.Timestamp(2001, 5, 3),
                    "ANN ORR",
                )
            ],
        ),
        (PROQUEST, [(f"{TITLE}\n\n{BODY}", TITLE, "Quay News", DAY, "Orr, Ann")]),
    ],
    ids=["academic", "older", "proquest"],
)
def test_older_exports_as_plain_text(tmp_path, text, expected):
    for name, data in (
        ("a.txt", text),
        ("b.txt", text.replace("\n", "\r\n")),
        ("c.docx", word(*text.split("\n"))),
    ):
        documents, loading = load(tmp_path, name, data)
        assert rows(documents) == expected and len(loading) == len(expected)


def test_an_article_that_is_missing_in_such_an_export_is_told(tmp_path):
    data = ACADEMIC + middle("3 of 3 DOCUMENTS") + "\n\nWe are sorry but there is an error.\n"
    assert told(load(tmp_path, "a.txt", data)[1]) == ["", "", "article 3 is empty"]


POLISH = [line.replace("End of Document", "Koniec dokumentu") for line in ARTICLES[0]] * 3
UNICODE = f'Title\tText\r\n{TITLE}\t"{BODY}"\r\n'.encode("utf-16")


@pytest.mark.parametrize(
    "name, data, said",
    [
        ("a.docx", word(*POLISH), "seems to hold 3 articles, by lines"),
        ("a.txt", UNICODE, "is a table with tabs; name it .tsv"),
        (
            "a.docx",
            word(*COVER),
            "is the list of a Nexis Uni export's articles and holds none of them",
        ),
    ],
)
def test_many_articles_are_not_taken_for_one(tmp_path, name, data, said):
    with pytest.raises(InputError) as error:
        load(tmp_path, name, data)
    assert str(error.value).startswith(f"{name}: {said}")


def test_a_nexis_archive_of_single_files(tmp_path):
    files = {
        "Files(2)/1_Ferry back.docx": word(*ARTICLES[0]),
        "Files(2)/2_A lean winter.docx": word(*ARTICLES[1]),
        "Files(2)/doclist.docx": word(*COVER),
    }
    documents, loading = load(tmp_path, "a.zip", pack(files))
    assert documents.title.tolist() == [TITLE, "A lean winter"]
    assert told(loading)[2] == "is the list of a Nexis Uni export's articles and holds none of them"


def test_of_two_objects_with_a_title_the_same_one_counts_always(tmp_path):
    row = {
        "text": FIRST,
        "fields": {"title": "A"},
        "meta": {"title": "B"},
        "metadata": {"title": "C"},
    }
    documents, _ = load(tmp_path, "a.jsonl", json.dumps(row))
    assert documents.title.tolist() == ["A"]


# Repairs


@pytest.mark.parametrize(
    "text, repaired",
    [
        (
            f"<p>{FIRST}</p>\n<p>It&#8217;s <b>late</b>.<br/>Yes</p><script>if (a<b) x('</p>')</script>",
            f"{FIRST}\n\nIt’s late.\nYes",
        ),
        ("Ferry &amp;amp; bus &lt;3", "Ferry & bus &lt;3"),
        ("<p>Ferry &amp; bus &lt;3</p>", "Ferry & bus <3"),
        ("“<b>Run</b>” is <p class=x>told</p>, <script>run()</script> &lt;and shown.", None),
        ("AT&T; said 1 < 2 and <I> rose & <Quay Inc> fell", None),
        ("a <- b -> c </3", None),
        ("R&D <b rose", None),
    ],
)
def test_html_in_a_text(text, repaired):
    assert repair_text(text) == (repaired or text, ["HTML taken out"] * bool(repaired))


@pytest.mark.parametrize(
    "line",
    [
        "Copyright law was changed in 2019 to protect songs.",
        "Copyright 2019 was the year the law changed, and the songwriters said so at length.",
        "Copyright, 2019's most disputed subject, is back.",
        "Read more books, the minister said.",
        "Read more: that was the minister's advice to every child in the country.",
        "See also: the ferry of 1931, which sank with all hands.",
        "Related: he is the mayor's brother, and he sits on the board of the cannery.",
        "Subscribe to the view that newsletters are dead, he said, and you will be wrong.",
        "Follow us on the road to ruin, the minister told the opposition.",
        "He sold the songs last year. All rights reserved.",
        "All rights reserved for its members",
        "The Mayor",
        "Advertisement spending fell",
    ],
)
def test_prose_that_begins_like_boilerplate_stays(line):
    text = f"The council met.\n{line}\n© 2031 Quay News\nThe vote is due."
    assert repair_text(text) == (
        text.replace("© 2031 Quay News\n", ""),
        ["boilerplate cut: © 2031 Quay News"],
    )


@pytest.mark.parametrize(
    "line",
    [
        "Copyright 2019 Quay News Ltd. All rights reserved.",
        "Copyright (c) 2019 Quay",
        "© Quay News",
        "Copyright 2019 theguardian.example",
        "The Associated Press. All rights reserved. This material may not be published, broadcast, "
        "rewritten or redistributed.",
        "All Rights Reserved",
        "RELATED: A lean winter",
        "Read more: ‘We wait’",
        "Follow us on Twitter @quay",
        "Sign up to the Quay's free newsletter here",
        "Subscribe to our newsletter",
    ],
)
def test_boilerplate(line):
    assert repair_text(f"The council met.\n{line}\nThe vote is due.") == (
        "The council met.\nThe vote is due.",
        [f"boilerplate cut: {line}"],
    )


QUOTE = (
    "«Мы не остановим паром, потому что люди должны ездить на работу каждый день, и никто не "
    "имеет права им мешать»"
)


@pytest.mark.parametrize(
    "text, language",
    [
        (
            f"The mayor of the town spoke on Friday. {QUOTE}, she said. She left the hall after that.",
            None,
        ),
        (
            "Results: Müller (Germany) 9.81, García (Spain) 9.85, Dupont (France) 9.90, Rossi (Italy) "
            "9.91, Nowak (Poland) 9.95, Jansen (Netherlands) 9.97, Silva (Brazil) 9.99",
            None,
        ),
        (
            "Mayor quits\nFerry sinks off Vessmouth\nCannery shuts, 900 lose jobs\nBus fares up again\n"
            "Strike looms\nPort Vell wins derby 3-1",
            None,
        ),
        (
            "Die burgemeester het gesê dat die veerboot Vrydag nie meer sal vaar nie omdat die romp te "
            "dun is en die herstelwerk te duur is vir die dorp.",
            "Afrikaans",
        ),
        (
            "Thị trưởng nói rằng phà sẽ không chạy vào thứ Sáu vì thân tàu quá mỏng và chi phí sửa chữa "
            "quá cao đối với thị trấn nhỏ bé này.",
            "Vietnamese",
        ),
    ],
)
def test_languages_told_apart(text, language):
    assert find_other_language(text) == language


# Wire copy


def test_wire_copy_with_another_head_and_end_is_grouped_and_stays(tmp_path):
    wire = [
        f"Sentence {n} of the agency's report on the ferry at Vessmouth is number {n}."
        for n in range(20)
    ]
    texts = {
        "a.txt": wire,
        "b.txt": ["Our own head on it", "", *wire[:-2]],
        "c.txt": wire[:12],
        "d.txt": ["Quite another report stands here today."],
    }
    for name, lines in texts.items():
        (tmp_path / name).write_text("\n".join(lines))
    documents, loading = load_documents(tmp_path)
    assert len(documents) == 4
    assert loading.duplicate_group.fillna(-1).tolist() == [0, 0, -1, -1]  # c lacks two fifths


@pytest.mark.parametrize(
    "head, row, source",
    [
        ("stories_id,title,publish_date,media_name,story_text", f"1,{TITLE},2031-05-03,Mail,", "Mail"),
        ("DATE,SourceCommonName,Page_Title,text", f"20310503031500,mail.example,{TITLE},",
         "mail.example"),
        ("Headline,Source,Date,Author/Byline,Document Text", f'{TITLE},Mail,"May 3, 2031",Orr,',
         "Mail"),
        ("title,url,seendate,domain,outletName,text", f"{TITLE},u,20310503T031500Z,m,Mail,", "Mail"),
    ],
)  # fmt: skip
def test_columns_of_media_cloud_gdelt_and_newsbank(tmp_path, head, row, source):
    documents, _ = load(tmp_path, "a.csv", f"{head}\n{row}It sails again.\n")
    found = documents.loc[0, ["title", "source", "date"]].tolist()
    assert found == [TITLE, source, pd.Timestamp(2031, 5, 3)]


@pytest.mark.parametrize(
    "head", ["URL,MobileURL,Date,Title", "id,media_name,publish_date,title,url"]
)
def test_a_list_of_articles_without_their_texts_says_so(tmp_path, head):
    with pytest.raises(InputError, match="lists articles without their full text"):
        load(tmp_path, "a.csv", f"{head}\n1,2,3,4{',5' * (head.count(',') - 3)}\n")
