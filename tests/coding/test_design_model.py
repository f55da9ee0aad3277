"""Corrected regression: hand-computed cases, other implementations, formulas, refusals, plans."""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t
from sklearn.linear_model import LinearRegression

from framebook import cli
from framebook.coding.design_model import (
    LEAST_CODED,
    describe_model,
    fit_model,
    make_columns,
    plan_units,
    read_formula,
    read_units,
)
from framebook.coding.pseudo_outcomes import fit, predict, t_quantile
from framebook.common.errors import InputError
from framebook.validation.sampling import sample


def corpus(seed=3, articles=300, invented=(0.05, 0.2), share=0.25, n_coded=800):
    """Units of two outlets; the machine invents more in the second; a sample has human codes."""
    rng = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(articles), 8)
    outlet = (clusters % 2).astype(int)
    truth = rng.random(len(clusters)) < share
    machine = np.where(truth, rng.random(len(clusters)) < 0.7, False) | (
        rng.random(len(clusters)) < np.array(invented)[outlet]
    )
    human = np.full(len(clusters), np.nan)
    for own in (np.flatnonzero(machine), np.flatnonzero(~machine)):
        drawn = rng.permutation(own)[: n_coded // 2]
        human[drawn] = truth[drawn]
    return pd.DataFrame(
        {
            "machine": machine.astype(float),
            "human": human,
            "truth": truth.astype(float),
            "stratum": np.where(machine, "cue", "unmarked"),
            "cluster": clusters,
            "source": np.where(outlet, "B", "A"),
            "month": [f"2031-0{k % 3 + 1}" for k in clusters],
        }
    )


TERM = "source: B (against A)"


def test_least_squares_by_hand():
    """y = 1, 2, 4 at x = 0, 1, 2: slope 1.5, intercept 5/6; each unit its own cluster."""
    x = np.array([[1, 0], [1, 1], [1, 2]], float)
    beta, covariance, influence = fit(x, np.array([1.0, 2, 4]), np.arange(3))
    assert beta == pytest.approx([5 / 6, 1.5])
    residuals = np.array([1 / 6, -1 / 3, 1 / 6])
    assert influence[:, 1] == pytest.approx([-0.5, 0, 0.5])
    factor = 3 / 2 * 2 / 1  # G/(G−1) · (N−1)/(N−K)
    assert covariance[1, 1] == pytest.approx(factor * ((influence[:, 1] * residuals) ** 2).sum())
    one = fit(x, np.array([1.0, 2, 4]), np.array([0, 1, 1]))[1]
    scores = influence[:, 1] * residuals
    assert one[1, 1] == pytest.approx(2 * 2 * (scores[0] ** 2 + (scores[1] + scores[2]) ** 2))


def test_coefficients_are_those_of_scikit_learn():
    units = corpus()
    x = make_columns(units, ["source", "month"])[0].to_numpy(float)
    weights = np.random.default_rng(1).random(len(units)) + 0.5
    ours = fit(x, units.truth.to_numpy(), units.cluster.to_numpy(), weights)[0]
    theirs = LinearRegression().fit(x[:, 1:], units.truth, weights)
    assert ours == pytest.approx([theirs.intercept_, *theirs.coef_], abs=1e-9)


def test_the_covariance_is_that_of_the_formula_written_out():
    units = corpus(articles=40)
    x, y, c = make_columns(units, ["source"])[0].to_numpy(float), units.truth, units.cluster
    beta, covariance, _ = fit(x, y.to_numpy(), c.to_numpy())
    bread, meat = np.linalg.inv(x.T @ x), np.zeros((2, 2))
    for name in c.unique():
        score = x[c == name].T @ (y[c == name].to_numpy() - x[c == name] @ beta)
        meat += np.outer(score, score)
    n, g = len(y), c.nunique()
    assert covariance == pytest.approx(g / (g - 1) * (n - 1) / (n - 2) * bread @ meat @ bread)


def test_standard_errors_are_those_of_statsmodels():
    """OLS and WLS, cov_type "cluster", by statsmodels 0.15.0, run once outside the project."""
    units = corpus()
    x = make_columns(units, ["source", "month"])[0].to_numpy(float)
    weights = np.random.default_rng(1).random(len(units)) + 0.5
    for given, theirs in (
        (None, [0.01757159, 0.018738, 0.02265779, 0.02238913]),
        (weights, [0.01754039, 0.01893214, 0.02323809, 0.02252934]),
    ):
        covariance = fit(x, units.truth.to_numpy(), units.cluster.to_numpy(), given)[1]
        assert np.sqrt(covariance.diagonal()) == pytest.approx(theirs, abs=1e-8)


def test_where_all_units_are_coded_the_correction_is_least_squares_on_the_codes():
    units = corpus()
    row = fit_model(units.assign(human=units.truth), ["source", "month"]).set_index("term")
    x = make_columns(units, ["source", "month"])[0].to_numpy(float)
    beta, covariance, _ = fit(x, units.truth.to_numpy(), units.cluster.to_numpy())
    assert row.corrected.to_numpy() == pytest.approx(beta, abs=1e-9)
    assert row.human.to_numpy() == pytest.approx(beta, abs=1e-9)
    half = (row.high - row.corrected).to_numpy()
    assert (half >= t.ppf(0.975, 299) * np.sqrt(covariance.diagonal()) - 1e-6).all()
    assert half == pytest.approx(t.ppf(0.975, 299) * np.sqrt(covariance.diagonal()), rel=0.1)


def test_differential_errors_mislead_the_machine_and_not_the_correction():
    row = fit_model(corpus(), ["source"]).set_index("term").loc[TERM]
    assert row.naive_low > 0.05  # “significant”, and there is no difference
    assert row.low < 0 < row.high
    assert row.human_low < 0 < row.human_high
    assert row.high - row.low < 1.05 * (row.human_high - row.human_low)
    assert (row.n_units, row.n_coded) == (2400, 800) and pd.isna(row.reason)


def test_the_correction_is_unbiased():
    """Over samples of one corpus, the mean is the coefficient of the true codes."""
    found = []
    for seed in range(60):
        units, rng = corpus(seed=8), np.random.default_rng(seed)
        units["human"] = np.nan
        for own in units.groupby("stratum").indices.values():
            drawn = rng.choice(own, 150, replace=False)
            units.loc[drawn, "human"] = units.truth[drawn]
        found.append(fit_model(units, ["source"]).corrected[1])
    true = fit_model(units.assign(human=units.truth), ["source"]).corrected[1]
    assert abs(np.mean(found) - true) < 4 * np.std(found) / 60**0.5


def test_a_prediction_comes_from_other_documents():
    machine, stratum, clusters = np.ones(50), np.zeros(50, int), np.arange(50)
    human = np.zeros(50)
    before = predict(machine, stratum, human, np.ones(50, bool), clusters)
    human[7] = 1
    after = predict(machine, stratum, human, np.ones(50, bool), clusters)
    assert after[7] == before[7] and (after != before).sum() >= 30


@pytest.mark.parametrize("df", [15, 20, 40, 199, 10_000])
def test_quantiles_of_t(df):
    assert t_quantile(df) == pytest.approx(t.ppf(0.975, df), abs=1e-5)


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("conflict ~ source", ("conflict", ["source"])),
        ("generic-news-frames:conflict~source+ month", ("conflict", ["source", "month"])),
    ],
)
def test_formulas_are_read(formula, found):
    assert read_formula(formula) == found


@pytest.mark.parametrize(
    "formula",
    ["", "conflict", "~ source", "a ~", "a ~ tone", "a ~ source * month", "a ~ source + source",
     "a ~ source +", "a ~ 1", "a ~ source - 1"],
)  # fmt: skip
def test_other_formulas_are_refused(formula):
    with pytest.raises(InputError, match="is not a formula"):
        read_formula(formula)


def test_terms_that_say_the_same_are_refused():
    units = corpus().assign(year=lambda t: np.where(t.source == "A", "2031", "2032"))
    with pytest.raises(InputError, match="say the same"):
        fit_model(units, ["source", "year"])


def test_units_without_a_term_are_left_out():
    units = corpus()
    units.loc[units.cluster < 10, "month"] = None
    assert fit_model(units, ["month"]).n_units[0] == 2400 - 80
    with pytest.raises(InputError, match="No unit has month"):
        fit_model(units.assign(month=None), ["month"])


def test_too_few_codes_are_refused_each_with_its_reason():
    few = corpus(n_coded=LEAST_CODED - 2)
    found = fit_model(few, ["source"])
    assert found.corrected.isna().all() and found.naive.notna().all()
    assert set(found.reason) == {"98 units have human codes, and 100 are needed"}
    rare = corpus(share=0.005, n_coded=120)
    assert fit_model(rare, ["source"]).reason.str.startswith("too few human codes").any()
    small = corpus(articles=12, n_coded=96).assign(human=lambda t: t.truth)
    assert set(fit_model(small, ["source"]).reason) == {"fewer than 16 articles"}
    blind = corpus().assign(human=lambda t: t.human.where(t.stratum == "cue"))
    assert set(fit_model(blind, ["source"]).reason) == {"no unit of a stratum has a human code"}
    away = corpus(n_coded=800).assign(human=lambda t: t.human.where(t.source == "A"))
    found = fit_model(away, ["source"])
    assert set(found.reason) == {"a term has levels without any human code"}
    assert found.human.isna().all()
    lines = describe_model(found, "conflict")
    assert "    corrected  none: a term has levels without any human code" in lines


def test_a_plan_reaches_its_width():
    """As many codes as planned, in every stratum, give the interval that was wished for."""
    units, widths = corpus(articles=600, n_coded=400), []
    plan = plan_units(units, ["source"], TERM, 0.11)
    assert plan.n_coded.tolist() == [200, 200]
    assert plan.n_needed.sum() <= plan.n_sampled.sum() <= len(units)
    for seed in range(10):
        rng = np.random.default_rng(seed)
        units["human"] = np.nan
        for name, n in zip(plan.stratum, plan.n_needed, strict=True):
            drawn = rng.choice(np.flatnonzero(units.stratum == name), n, replace=False)
            units.loc[drawn, "human"] = units.truth[drawn]
        row = fit_model(units, ["source"]).set_index("term").loc[TERM]
        widths.append(row.high - row.low)
    assert np.mean(widths) == pytest.approx(0.11, rel=0.1)


def test_plans_that_cannot_be_made_are_refused():
    units = corpus()
    with pytest.raises(InputError, match="more articles are needed"):
        plan_units(units, ["source"], TERM, 0.001)
    with pytest.raises(InputError, match="no coefficient 'tone'"):
        plan_units(units, ["source"], "tone", 0.1)
    with pytest.raises(InputError, match="A plan needs 50"):
        plan_units(corpus(n_coded=40), ["source"], TERM, 0.1)


# ---- from the files


BOOK = """[codebook]
name = "demo"
[[code]]
id = "flood"
definition = "Water."
patterns = ["flood*"]
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Forty articles of two outlets, and the sheets of two people who coded 150 sentences."""
    place = tmp_path_factory.mktemp("model")
    rows = [
        {"text": " ".join(f"{'Flood' if (n + k) % 3 else 'Sun'} came on day {k} of {n}."
                          for k in range(9)),
         "source": "AB"[n % 2], "date": f"2031-0{n % 3 + 1}-11"}
        for n in range(40)
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(place / "news.csv", index=False)
    (place / "demo.toml").write_text(BOOK, "utf-8")
    drawn = sample(place / "news.csv", place / "demo.toml", place / "drawn", n=150, by_source=True)
    for name in ("coder-1", "coder-2"):
        path = drawn / "for-coders" / f"{name}.csv"
        sheet = pd.read_csv(path, dtype="str", keep_default_na=False)
        wet = sheet.text.str.contains("Flood") & ~sheet.text.str.contains("day 3")
        sheet.assign(flood=wet.astype(int).astype(str)).to_csv(path, index=False)
    return place


def test_the_command_prints_and_writes_three_models(place, capsys):
    line = [str(place / "news.csv"), "--codes", str(place / "drawn")]
    line += ["--codebook", str(place / "demo.toml")]
    out = place / "model.csv"
    assert cli.main(["model", "flood ~ source + month", *line, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Share of units with flood: 360 units, 150 with human codes.")
    table = pd.read_csv(out)
    assert table.term.tolist() == [
        "(intercept)",
        TERM,
        *(f"month: 2031-0{k} (against 2031-01)" for k in (2, 3)),
    ]
    assert said.count("corrected  ") == len(table)
    command = ["plan", "flood ~ source", *line, "--term", TERM, "--width"]
    assert cli.main([*command, "0.25"]) == 0
    assert "unmarked | A: " in capsys.readouterr().out
    assert cli.main([*command, "0.0001"]) == 2


def test_units_carry_their_terms(place):
    units = read_units(place / "news.csv", place / "drawn", "flood", place / "demo.toml")
    assert set(units.stratum) == {"flood | A", "flood | B", "unmarked | A", "unmarked | B"}
    assert set(units.month) == {f"2031-0{k}" for k in (1, 2, 3)} and set(units.year) == {"2031"}
    assert units.human.notna().sum() == 150 and units.time.max() == pytest.approx(59 / 365.25)
    design = json.loads((place / "drawn" / "design.json").read_text("utf-8"))
    drawn = units.human.notna().groupby(units.stratum).sum().to_dict()
    assert drawn == pd.Series([row["stratum"] for row in design["units"]]).value_counts().to_dict()
    with pytest.raises(InputError, match="no code 'fire'; it has flood"):
        read_units(place / "news.csv", place / "drawn", "fire", place / "demo.toml")
