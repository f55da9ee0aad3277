"""What a corpus lacks is counted, and said by kind."""

from test_readers import load

from framebook.loading import describe_loading
from framebook.tables import empty, make_documents

TABLE = """source,date,text
Quay News,2031-05-03,The ferry sailed again on Monday.
QUAY NEWS,"May 3-4, 2031",The winter was lean.
Quay News,,"It froze.

Related Articles

Mayor quits"
Mail,2031-05-05,Паром снова на воде
,2031-05-06,
"""


def test_what_is_missing_uncertain_or_cut_is_counted(tmp_path):
    found = describe_loading(*load(tmp_path, "a.csv", TABLE))
    assert found.to_numpy().tolist() == [
        ["rejected", 1, 5, "is not English (looks Cyrillic)"],
        ["rejected", 1, 5, "is empty"],
        ["no date", 2, 3, ""],
        ["no headline", 3, 3, ""],
        ["date not understood", 1, 3, "May 3-4, 2031"],
        ["cut", 1, 3, ""],
        ["outlets alike", 2, 2, "QUAY NEWS | Quay News"],
    ]


def test_a_corpus_that_lacks_nothing_has_no_finding():
    documents = make_documents(["It rained."], source="Quay", title="Rain", date="2031-05-03")
    assert describe_loading(documents, empty("loading")).empty
