"""What chapter 09 shows: requests, replies, and a record that is made by its script."""

import pytest
from simulate_machine import NAME, PROJECT, simulate

from framebook.coding import judge_replies, replay, show_request, table_examination
from framebook.coding.record import read_record
from framebook.common.errors import InputError
from framebook.framing import Code

FLOOD = Code("flood", "Flood", "Water where it should not be.", ["flood*"])


def test_a_request_is_shown_in_every_wording_and_order():
    shown = {show_request(FLOOD, "It rose.", w, o) for w in range(3) for o in range(2)}
    assert len(shown) == 6 and all('To code: "It rose."' in text for text in shown)
    plain, turned = show_request(FLOOD, "x"), show_request(FLOOD, "x", order=1)
    assert plain.index('- "yes"') < plain.index('- "no"')
    assert turned.index('- "yes"') > turned.index('- "no"')


def test_replies_are_judged_as_those_of_a_server():
    given = ['{"token": "TOKEN", "answer": "yes"}', '{"answer": "no", "token": "TOKEN"}', "yes", ""]
    found = judge_replies(FLOOD, "It rose.", given)
    assert found.answer.tolist()[:2] == [1, 0] and found.answer[2:].isna().all()
    assert found.reason.tolist() == ["", "", "not one JSON object", "empty"]


def test_the_stored_record_is_simulated_and_made_by_its_script(tmp_path):
    simulate(tmp_path)
    for path in (PROJECT / "notebooks" / "machine").iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name
    first, *replies = read_record(tmp_path / "requests.jsonl")
    assert first["simulated"] and first["model"] == NAME
    assert {entry["status"] for entry in replies} == {200}


def test_a_record_gives_codes_and_an_examination():
    codes, examination = replay("notebooks/machine/requests.jsonl", "notebooks/codes")
    assert codes.shape == (100, 5) and set(codes.stack().dropna()) == {0.0, 1.0}
    table = table_examination(examination)
    failed = table.test[table.passed.eq(False)]
    assert len(failed) == 3 and failed.str.contains("label|instructions").all()


def test_a_sample_without_a_sheet_is_refused(tmp_path):
    design = PROJECT / "notebooks" / "codes" / "design.json"
    (tmp_path / "design.json").write_bytes(design.read_bytes())
    with pytest.raises(InputError, match="There is no sheet"):
        replay(PROJECT / "notebooks" / "machine" / "requests.jsonl", tmp_path)
