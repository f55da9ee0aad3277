"""What belongs to a page is cut, mostly by whole lines; a sentence never is."""

import pytest
from test_readers import load, word

from framebook.loading import load_documents, parse_date, repair_text
from framebook.loading.boilerplate import cut_boilerplate, find_byline
from framebook.loading.dates import find_date
from framebook.loading.language import find_other_language

BODY = "The ferry sailed again on Monday.\n\nThe mayor called it a good day."


@pytest.mark.parametrize(
    "line",
    [
        "This article was originally published on May 3, 2031.", "Topics: ferry, council, jobs",
        "Correction: An earlier version of this article misstated the year.", "View comments",
        "Have a tip? Email us at tips@quay.example", "Comments are closed.", "Sign in to comment",
        "To view this photo, visit the site.", "Support our journalism. Subscribe today.",
        "PHOTO (color): The ferry in May.", "Read next: Mayor quits", "___",
        "CLOSE", "USA TODAY", "Our view:The ferry must stay", "Also see:",
        "Interested in Ferries? Add Ferries as an interest to stay up to date on Ferries news.",
        "Share this article", "SHARE Tweet Email", "Facebook Twitter Pinterest", "Comments", "Print",
        "Listen to this article 4:12", "This article is more than 2 years old", "5 min read",
        "Story continues below advertisement", "Advertisement:", "Continue reading the main story",
        "Read more: ‘We wait’", "RELATED: A lean winter", "More: Mayor quits", "More:Mayor quits over ‘dam’", "Read more",
        "(See also: Mayor quits over ferry)", "Full coverage: The ferry",
        "PHOTO: A ferry on Monday. (PHOTOGRAPH BY Ann Orr/The Quay News FOR THE QUAY NEWS)",
        "FILE PHOTO: The ferry leaves Vessmouth, May 3, 2031. REUTERS/Ann Orr",
        "The ferry leaves Vessmouth. Ann Orr/Getty Images", "A ferry at dusk (Photo: Ann Orr)",
        "The ferry on Monday. Photo: Ann Orr/Quay Pictures", "Photo by Ann Orr", "Getty Images",
        "Image copyright Quay News Image caption The ferry was late", "CREDIT: Ann Orr",
        "https://www.quay.example/2031/05/03/ferry.html", "ann.orr@quay.example", "@annorr",
        "Contact Ann Orr at ann.orr@quay.example.", "Follow us on Twitter @quay",
        "Follow Ann Orr on Twitter: @annorr", "Sign up for our daily newsletter",
        "Get the day’s news delivered to your inbox", "Updated at 9:10 a.m. ET",
        "Last updated: 3 May 2031 10:15", "Ann Orr and Bo Pell contributed to this report.",
        "(Reporting by Ann Orr; Editing by Bo Pell)", "© 2031 Quay News. All rights reserved.",
    ],
)  # fmt: skip
def test_a_line_of_the_page_is_cut_and_told(line):
    text = f"{BODY}\n\n{line}\n\nIt froze on Tuesday."
    left, said = repair_text(text)
    assert left == f"{BODY}\n\n\nIt froze on Tuesday."
    assert said == [f"boilerplate cut: {line}"]


@pytest.mark.parametrize(
    "line",
    [
        "Related: he sits on the board of the cannery that was to be closed.",
        "See also: the mayor told reporters that the old plan was dead.",
        "Photo: the mayor said that no picture of the ferry would be shown.",
        "More: they want more boats, and they want them soon.",
        "To see this as a victory would be wrong.", "Comments are free, facts are sacred.",
        "An earlier version of the ferry sank.", "Help is on its way, the mayor said.",
        "Have a heart, she told the board.", "Correction: the mayor says there was none.",
        "Share prices fell on Monday.", "Print is dead, said the editor.",
        "Voters prefer the ferry, according to Reuters/Ipsos polling data.",
        "“We hope we will find common ground,” he said. “We will.”",
        "Follow the money, the inspector told the board.", "Updated plans were shown on Monday.",
        "By Monday the dam had broken.", "Credit is cheap again, the bank said.",
        "Read the letter again, the judge told the clerk.", "The photo was taken by Ann Orr.",
        "The board wrote to the engineer at once.", "What happened next", "The Mayor",
        "Comments by the mayor were not welcome.", "He photographed the dam (it leaked).",
    ],
)  # fmt: skip
def test_a_sentence_is_never_cut(line):
    for text in (
        f"{BODY}\n\n{line}\n\nIt froze.",
        f"{BODY}\n{line}\nIt froze.",
        f"{BODY}\n\n{line}",
    ):
        assert repair_text(text) == (text, [])


def test_a_row_of_buttons_has_twelve_words_at_most():
    row = "Share tweet email print save copy link " * 2
    for words, left in ((12, ""), (13, " ".join(row.split()[:13]) + "\n\n")):
        line = " ".join(row.split()[:words])
        text = f"{BODY}\n\n{line}\n\nIt froze."
        assert repair_text(text)[0].replace("\n\n\n", "\n\n") == f"{BODY}\n\n{left}It froze."


@pytest.mark.parametrize(
    "text",
    [
        "The Quay and Harbour Committee\nhas said that it will meet.",
        "Ann Orr and Bo Pell\nhave said that they will meet.",
        "Orr Ferries Inc and Quay Research\nSaid it all.",
        "May 1193 bid\nJul 1240 bid",
        "MAY 1922 (1934)\nSEP 1981 (1989)",
        "Pay Aug 14, 2031",
        "March 31, 2031 end",
    ],
)
def test_what_begins_an_article_is_no_byline_and_no_date(text):
    assert cut_boilerplate(text, titled=True) == (text, [])


def test_half_a_sentence_is_no_byline():
    """Lines cut at a width are joined before a byline is looked for."""
    lines = [
        "American Ferries and Harbours Line",
        "of Vessmouth said that it had asked its two",
        "divers to look at the hull of the ferry, and",
        "that they had found it thinner than the law of",
        "the harbour allows in a winter as long as this",
        "one.",
    ]
    text, said = repair_text("\n".join(lines), titled=True)
    assert (text, said) == (" ".join(lines), ["lines wrapped at a fixed width joined"])


@pytest.mark.parametrize("line", ["Ann Orr and Bo Pell", "May 3, 2031", "Sat 3 May 2031 10.15 GMT"])
def test_bylines_and_dates_above_an_article_are_cut(line):
    assert cut_boilerplate(f"{line}\n{BODY}", titled=True) == (BODY, [line])


INSIDE = [
    (
        "Mayor Ann Orr Ann Mary OrrBoats stay in port The Ferry: Orr waits | Dam holds MORE (Quay) and "
        "Bo PellPell (Bo) PellFive ways to a dam MORE left.",
        "Mayor Ann Orr (Quay) and Bo PellPell (Bo) PellFive ways to a dam MORE left.",
        1,
    ),
    (
        "Sens. Bo Pell Robert (Bo) Pell2031 is near MORE’s dog barked.",
        "Sens. Bo Pell’s dog barked.",
        1,
    ),
    ("It sank.” (RELATED: Mayor Quits Over Ferry)", "It sank.”", 1),
    ("Story highlights Ferry sank in May", "Ferry sank in May", 1),
    ("It sank. Story continues below the video. He left.", "It sank. He left.", 1),
    (
        "Ann Orr is a diver. The opinions expressed in this column are hers.",
        "Ann Orr is a diver.",
        1,
    ),
    ("The views expressed by contributors do not reflect ours. It sank.", " It sank.", 1),
    (
        "Photos: The dam It holds. Hide Caption 1 of 2 Photos: The dam It broke. Hide Caption 2 of 2",
        "",
        1,
    ),
    ("Ferry News Sign up today Email Sign Up By signing up you agree to receive mail.", "", 1),
    ("Newsletter Sign Up Verify you're not a robot. View all newsletters.", "", 1),
    ("Content created by Quay News is available without charge to any publisher.", "", 1),
    ("Politics Dam Holds Dam Holds Listen · 3:16 3:16", "", 1),
    ("This is a rush transcript. Copy may not be in its final form.", "", 1),
    ('poster="https://quay.example/a.jpg?b=1" The dam holds.', "The dam holds.", 1),
    ("Loading...", "", 1),
]


@pytest.mark.parametrize("line, left, n", INSIDE, ids=[line[:20] for line, _, _ in INSIDE])
def test_what_a_page_puts_into_a_line_is_cut_out_and_told(line, left, n):
    text, cut = cut_boilerplate(f"{BODY}\n\n{line}\n\n{BODY}")
    assert text.split(f"{BODY}")[1].strip("\n") == left
    assert len(cut) == n and all(part in line for part in cut)


@pytest.mark.parametrize(
    "line",
    [
        "He asked for MORE (Orr) and left.", "ORR: The views expressed by the mayor are his own.",
        "The opinions expressed in the letter are his own, she said.", "Ann Orr said MORE.",
        "Ann Orr Ann OrrBoats stay in port, and she wanted more (Quay).",
        "The story continues below the dam, where the water is deep.",
        "Stories highlight the dam.", "He said (related: he left) that it sank.",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_stays(line):
    assert cut_boilerplate(line) == (line, [])


def test_the_headlines_of_other_stories_are_cut_with_their_heading():
    tail = ["Related Articles", "Mayor Betrays Town, Fishermen Say", "War of Words Over the Dyke"]
    left, cut = cut_boilerplate(f"{BODY}\n\n" + "\n\n".join(tail))
    assert left.strip() == BODY and cut == tail
    left, cut = cut_boilerplate(f"{BODY}\n\nMore stories\nMayor quits\n\nIt froze, he said.\n\nIce")
    assert left == f"{BODY}\n\n\nIt froze, he said.\n\nIce" and cut == [
        "More stories",
        "Mayor quits",
    ]


def test_as_it_is_nothing_is_cut(tmp_path):
    text = f"By Ann Orr\n\n{BODY}\n\nRelated Articles\n\nMayor quits"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    documents, loading = load_documents(tmp_path, as_is=True)
    assert documents.text[0] == text and loading.reason.isna().all()


@pytest.mark.parametrize(
    "head, title, author",
    [
        (["By ANN ORR"], None, "ANN ORR"),
        (["By Ann Orr, Quay News"], None, "Ann Orr, Quay News"),
        (["Ann Orr, Bo Pell and Gil Starke", "Dam breaks"], "Dam breaks", None),
        (["Orr United and Vess Rovers"], "Orr United and Vess Rovers", None),
        (["Ann Orr and Bo Pell", "By Gil Starke"], "Ann Orr and Bo Pell", "Gil Starke"),
        (["Dam breaks", "Ann Orr and Bo Pell"], "Dam breaks", None),
        (["Analysis by Ann Orr"], None, "Ann Orr"),
        (["Byline: Ann Orr"], None, "Ann Orr"),
        (["Politics | Local", "Dam breaks"], "Dam breaks", None),
        (["From our correspondent in Vessmouth"], None, None),
        (["Special to the Quay News"], None, None),
        (["Sat 3 May 2031 10.15 GMT"], None, None),
        (["(Quay Press) -"], None, None),
        (["Special to whom?"], "Special to whom?", None),
        (["Fire, flood and famine"], "Fire, flood and famine", None),
        (["OPINION", "The dam and the damned"], "The dam and the damned", None),
        (
            ["World news", "Dam breaks", "By Ann Orr and Bo Pell"],
            "Dam breaks",
            "Ann Orr and Bo Pell",
        ),
        (["Share this article", "Dam breaks"], "Dam breaks", None),
        (["May 3, 2031"], None, None),
        (["VESSMOUTH, May 3 (Quay Press) —"], None, None),
        (["By the time it broke"], "By the time it broke", None),
        (["Politics of the dam"], "Politics of the dam", None),
    ],
)
def test_what_is_above_an_article_is_not_its_headline(tmp_path, head, title, author):
    text = "\n\n".join([*head, "The dam broke on Monday, officials said.", "It will be rebuilt."])
    documents, _ = load(tmp_path, "a.txt", text)
    row = documents.astype("object").where(documents.notna(), None).iloc[0]
    assert (row.title, row.author) == (title, author)


def test_a_byline_is_found_in_front_only():
    assert find_byline("Dam breaks\n\nBy Ann Orr\n\nIt broke.") == "Ann Orr"
    assert find_byline("It broke.\n\nIt froze.\n\nIt thawed.\n\nIt rained.\n\nBy Ann Orr") is None


@pytest.mark.parametrize(
    "text, day",
    [
        ("May 3-4, 2031", None), ("3–4 May 2031", None), ("May 30-June 1, 2031", None),
        ("May 3/4, 2031", None), ("May/June 2031", None), ("Spring 2031", None), ("May 2031", None),
        ("2031-05-03/04", None), ("Last updated May 3, 2031", None), ("May 32, 2031", None),
        ("5/3/31", None), ("12/25/30", "2030-12-25"), ("25/12/2030", "2030-12-25"),
        ("03-May-31", "2031-05-03"), ("3. Mai 2031", "2031-05-03"), ("3 mai 2031", "2031-05-03"),
        ("mardi 3 mai 2031", "2031-05-03"), ("3 de mayo de 2031", "2031-05-03"),
        ("Sat, 03 May 2031 10:00:00 +0200", "2031-05-03"), ("20310503T100000Z", "2031-05-03"),
        ("Sept. 9, 2031, 10.30am", "2031-09-09"), ("1.5.31", "2031-05-01"), ("5/3/75", None), ("25-12-2030", "2030-12-25"),
    ],
)  # fmt: skip
def test_dates_are_read_whole_or_not_at_all(text, day):
    assert parse_date(text) == (
        None if day is None else type(parse_date("2031-05-03")).fromisoformat(day)
    )


@pytest.mark.parametrize("part", ["3 ", "3, ", "1/", "May ", "3-", "10:00 "])
def test_a_very_long_date_costs_no_time(part):
    assert parse_date(part * 50_000) is None and parse_date(part * 50) is None
    assert find_date(part * 50_000 + "May 2031") is None


@pytest.mark.parametrize(
    "dates, expected",
    [
        (["5/3/31", "12/25/30"], ["2031-05-03", "2030-12-25"]),
        (["5-3-2031", "25-12-2030"], ["2031-03-05", "2030-12-25"]),
        (["5/3/31", "12/25/30", "25/12/30"], [None, "2030-12-25", "2030-12-25"]),
    ],
)
def test_a_column_of_dates_is_settled_by_one_of_them(tmp_path, dates, expected):
    data = "text,date\n" + "".join(f"It sails.,{date}\n" for date in dates)
    documents, _ = load(tmp_path, "a.csv", data)
    assert [None if day != day else str(day.date()) for day in documents.date] == expected


@pytest.mark.parametrize(
    "text, language",
    [
        ("Паром снова на воде", "Cyrillic"), ("渡轮重新启航", "Chinese"), ("フェリー", "Japanese"),
        ("Το φέρι επέστρεψε στο νερό", "Greek"), ("عادت العبارة إلى الماء", "Arabic"),
        ("Ferry back on the water", None), ("The ferry Паром sails", None), ("Việt Nam đổi mới", None),
    ],
)  # fmt: skip
def test_a_short_text_in_another_script_is_not_english(text, language):
    assert find_other_language(text) == language


def test_the_tail_of_a_database_article(tmp_path):
    lines = ["Ferry back", "Mail", "May 3, 2031", "Length: 9 words", "Body", *BODY.split("\n\n")]
    lines += [
        "https://quay.example/a.html",
        "Related Articles",
        "Mayor Betrays Town",
        "Load-Date: x",
    ]
    documents, loading = load(tmp_path, "a.docx", word(*lines, "End of Document"))
    assert documents.text.tolist() == [f"Ferry back\n\n{BODY}"]
    said = "boilerplate cut: https://quay.example/a.html | Related Articles | Mayor Betrays Town"
    assert loading.reason.tolist() == [said]


def test_names_alone_are_a_byline_where_the_title_is_known(tmp_path):
    rows = '"Dam breaks","Ann Orr and Bo Pell\n\nThe dam broke, officials said."\n,"Orr and Vess\n\nIt broke."\n'
    documents, loading = load(tmp_path, "a.csv", "title,text\n" + rows)
    assert documents.text[0] == "Dam breaks\n\nThe dam broke, officials said."
    assert loading.reason[0] == "boilerplate cut: Ann Orr and Bo Pell"
    assert documents.text[1] == "Orr and Vess\n\nIt broke."
