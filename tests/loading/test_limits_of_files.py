"""Archives, bylines and dates at their limits and one step past them."""

import struct
import zipfile

import pytest

from framebook.common.errors import InputError
from framebook.loading import archives
from framebook.loading.boilerplate import find_byline, is_date, is_dateline, load_boilerplate


def pack(path, *members, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", method) as file:
        for n, data in enumerate(members):
            file.writestr(f"{n}.xml", data)
    return path


def test_as_many_members_and_bytes_as_are_allowed(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MEMBERS", 2)
    with archives.open_zip(pack(tmp_path / "a.zip", "ab", "c"), 3) as packed:
        assert [packed.read(name) for name in packed.namelist()] == [b"ab", b"c"]
    with pytest.raises(InputError, match="holds more than 2 files; pack it again"):
        archives.open_zip(pack(tmp_path / "b.zip", "a", "b", "c"), 3)
    with pytest.raises(InputError, match="would be larger than 0 MB when unpacked"):
        archives.open_zip(pack(tmp_path / "c.zip", "ab", "cd"), 3)


def test_packed_a_hundred_times_only_where_it_is_little(tmp_path):
    small = pack(tmp_path / "a.zip", b" " * 10**7, method=zipfile.ZIP_DEFLATED)
    archives.open_zip(small).close()
    large = pack(tmp_path / "b.zip", b" " * (10**7 + 1), method=zipfile.ZIP_DEFLATED)
    with pytest.raises(InputError, match="over a hundred times its size"):
        archives.open_zip(large)


def test_as_many_tags_as_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "TAGS", 3)
    archives.open_xml(pack(tmp_path / "a.zip", "<a><b>", "<c>"), 100).close()
    with pytest.raises(InputError):
        archives.open_xml(pack(tmp_path / "b.zip", "<a><b>", "<c><d>"), 100)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("By Ann Orr\nIt rained.", "Ann Orr"),
        ("A\n\nB\nC\nBy Ann Orr", "Ann Orr"),
        ("A\nB\nC\nD\nBy Ann Orr", None),
        ("\n" * 990 + "By Ann Orr", "Ann Orr"),
        ("\n" * 1000 + "By Ann Orr", None),
        ("It rained by the sea.", None),
        ("", None),
    ],
)
def test_a_byline_stands_above(text, name):
    assert find_byline(text) == name


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("3 May 2031", True),
        ("May 3, 2031 14.30", True),
        ("3 May 2031, the day", False),
        ("3 May 1899", False),
        ("3 May", False),
        ("It rained.", False),
    ],
)
def test_a_day_alone(line, expected):
    assert is_date(line) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("VESSMOUTH, May 3 (Quay Press) —", True),
        ("VESSMOUTH (Quay Press)", True),
        ("Vessmouth, Ilverra –", True),
        ("Vessmouth", False),
        ("The mayor of Vessmouth left.", False),
    ],
)
def test_a_place_alone(line, expected):
    assert is_dateline(line) is expected


def test_what_belongs_to_the_page():
    known = load_boilerplate()
    answers = [
        known.is_page(line) for line in ("Share", "Share Tweet", "share " * 13, "It rained.")
    ]
    assert answers == [True, True, False, False]
    assert [known.is_above(line) for line in ("By Ann Orr", "3 May 2031", "It rained today")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("members", "length", "passes"), [(2, 1000, True), (3, 9, False), (1, 1001, False)]
)
def test_the_list_of_members_is_looked_at_before_it_is_read(
    tmp_path, monkeypatch, members, length, passes
):
    monkeypatch.setattr(archives, "MEMBERS", 2)
    path = pack(tmp_path / "a.zip", "ab")
    data = bytearray(path.read_bytes())
    end = data.rfind(b"PK\5\6")
    data[end + 10 : end + 16] = struct.pack("<HI", members, length)
    path.write_bytes(data)
    if passes:
        archives._check_directory(path)
        return
    with pytest.raises(InputError, match="holds more than 2 files"):
        archives._check_directory(path)
