"""Estimates of four small designs to the sixth digit: a slip in any step of the method moves one.

The shares can be followed by hand; the bounds are those of the method that `_estimate` describes,
drawn with a fixed seed, and were compared with its published cases in test_estimates.py.
"""

import pandas as pd
import pytest

from framebook.validation.estimates import compare_sources, correct_share


def make_units(n=240):
    units = pd.DataFrame({"unit_id": range(n)})
    return units.assign(
        machine=units.unit_id % 3 == 0,
        source=["A" if n % 2 else "B" for n in units.unit_id],
        stratum=["few" if n % 5 == 0 else "many" for n in units.unit_id],
        doc_id=units.unit_id // 2,
    )


def code(units, every=2, **columns):
    """Return codes of each second unit or so; the machine is wrong about each seventh."""
    coded = units[units.unit_id % 7 % every == 0]
    return coded.assign(
        human=coded.machine ^ (coded.unit_id % 7 == 4), probability=4 / 7, **columns
    )[["unit_id", "human", "probability", *columns]]


def plain():
    units = make_units().drop(columns=["stratum", "doc_id"])
    return units, code(units)


def stratified():
    units = make_units().drop(columns="doc_id")
    coded = code(units)
    few = coded.unit_id.isin(units.unit_id[units.stratum == "few"])
    return units, coded.assign(probability=few.map({True: 0.8, False: 0.5}))


def clustered():
    units = make_units().drop(columns="stratum")
    return units, code(units)


def unequal():
    units = make_units()
    coded = code(units)
    return units, coded.assign(probability=[0.9 if n % 3 else 0.3 for n in range(len(coded))])


DESIGNS = {"plain": plain, "stratified": stratified, "clustered": clustered, "unequal": unequal}
WHOLE = {
    "plain": (0.422121, 0.374361, 0.468572),
    "stratified": (0.422198, 0.372607, 0.466276),
    "clustered": (0.422121, 0.381622, 0.472344),
    "unequal": (0.511948, 0.430204, 0.594079),
}
BY_SOURCE = {
    "plain": [0.438647, 0.39546, 0.48617, 0.405797, 0.365222, 0.44919],
    "stratified": [0.438304, 0.395704, 0.48586, 0.405285, 0.364939, 0.444952],
    "clustered": [0.438647, 0.39546, 0.48617, 0.405797, 0.365222, 0.44919],
    "unequal": [0.534058, 0.44714, 0.608428, 0.490141, 0.401916, 0.555378],
}
APART = {
    "plain": (0.03285, -0.068902, 0.119707),
    "stratified": (0.033019, -0.060376, 0.116426),
    "clustered": (0.03285, -0.068902, 0.119707),
    "unequal": (0.043917, -0.133216, 0.213051),
}


@pytest.mark.parametrize("name", DESIGNS)
def test_one_share(name):
    row = correct_share(*DESIGNS[name](), repeats=400).iloc[0]
    assert (row.group, row.n_units, row.machine_share) == ("all", 240, pytest.approx(1 / 3))
    assert (row.corrected_share, row.low, row.high) == pytest.approx(WHOLE[name], abs=2e-6)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_share_of_each_outlet(name):
    table = correct_share(*DESIGNS[name](), by="source", level=0.8, repeats=400, seed=5)
    assert table.group.tolist() == ["A", "B"] and table.n_units.tolist() == [120, 120]
    found = table[["corrected_share", "low", "high"]].to_numpy().ravel()
    assert found == pytest.approx(BY_SOURCE[name], abs=2e-6)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_difference(name):
    row = compare_sources(*DESIGNS[name](), "A", "B", repeats=400).iloc[0]
    assert (row.a, row.b, row.machine_difference) == ("A", "B", 0)
    found = row.corrected_difference, row.low, row.high
    assert found == pytest.approx(APART[name], abs=2e-6)


def test_few_codes_are_refused_at_the_limit_and_one_below():
    units = make_units().drop(columns=["stratum", "doc_id"])
    coded = code(units)
    for n, reason in ((50, None), (49, "49 units have human codes, and 50 are needed")):
        found = correct_share(units, coded.head(n)).reason.iloc[0]
        assert (None if pd.isna(found) else found) == reason
    alone = code(units, coders=1)
    assert "only one coder" in correct_share(units, alone).reason.iloc[0]
    alone.loc[alone.index[0], "coders"] = 2
    assert pd.isna(correct_share(units, alone).reason.iloc[0])
