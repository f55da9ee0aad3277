"""Supervised coding: its statistics against independent ones, folds that do not leak, the file."""

import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from framebook.common.errors import InputError
from framebook.learning import crossvalidation, features
from framebook.learning import model as supervised
from framebook.tables import make_documents

PLACES = ["Arden", "Barton", "Corley", "Denby", "Elmham", "Farley", "Gorton", "Hedley"]


@pytest.fixture(scope="module")
def coded():
    texts = [
        text.format(place)
        for place in PLACES
        for text in (
            "Rivals in {} accused the mayor of lying. She rejected the charge.",
            "The bridge of {} will cost millions. Taxpayers pay for it.",
            "The choir of {} sings on Friday. Children are welcome there.",
        )
    ]
    documents = make_documents(texts)
    frame = pd.DataFrame(
        {
            "conflict": [n % 3 == 0 for n in range(len(texts))],
            "economic": [n % 3 == 1 for n in range(len(texts))],
        },
        index=documents.doc_id.to_numpy(),
    )
    return documents, frame


@pytest.fixture(scope="module")
def model(coded):
    return supervised.train(*coded)


def make_truth(rows):
    return np.array(rows, bool).reshape(len(rows), -1)


# ---- labels


def test_truth_is_the_majority_and_the_target_keeps_the_division():
    documents = make_documents(["a", "b", "c"])
    rows = [
        (0, "x", "k", "yes"),
        (0, "y", "k", "no"),
        (1, "x", "k", "Yes"),
        (1, "y", "k", "1"),
        (1, "z", "k", "no"),
        (2, "x", "k", False),
    ]
    labels = pd.DataFrame(rows, columns=["doc_id", "coder", "code", "value"])
    truth, target = supervised.read_labels(labels, documents)
    assert truth.k.tolist() == [False, True, False]  # half is no majority
    assert target.k.tolist() == pytest.approx([0.25, (1 + 2 / 3) / 2, 0])


def test_the_adjudicator_decides_and_the_others_still_count():
    documents = make_documents(["a", "b"])
    rows = [
        (0, "x", "k", "yes"),
        (0, "y", "k", "yes"),
        (0, "final", "k", "no"),
        (1, "final", "k", "yes"),
    ]
    labels = pd.DataFrame(rows, columns=["doc_id", "coder", "code", "value"])
    truth, target = supervised.read_labels(labels, documents, adjudicator="final")
    assert truth.k.tolist() == [False, True]
    assert target.k.tolist() == [0.5, 1.0]


@pytest.mark.parametrize(
    "labels, words",
    [
        (
            pd.DataFrame([(0, "x", "k", "maybe")], columns=["doc_id", "coder", "code", "value"]),
            "maybe",
        ),
        (
            pd.DataFrame(
                [(0, "x", "k", "yes"), (1, "x", "j", "no")],
                columns=["doc_id", "coder", "code", "value"],
            ),
            "no code for every column",
        ),
        (pd.DataFrame({"k": [True]}, index=[9]), "No label belongs"),
        (pd.DataFrame({"k": [2, 0]}), "not all yes or no"),
    ],
)
def test_labels_that_cannot_be_read_are_refused_in_one_sentence(labels, words):
    with pytest.raises(InputError, match=words) as error:
        supervised.read_labels(labels, make_documents(["a", "b"]))
    assert str(error.value).count(". ") == 0


def test_a_code_without_enough_answers_is_refused(coded):
    documents, frame = coded
    with pytest.raises(InputError, match="'rare' .* 3"):
        supervised.train(documents, frame.assign(rare=frame.index < 3))


def test_an_unknown_adjudicator_is_refused():
    labels = pd.DataFrame([(0, "x", "k", 1)], columns=["doc_id", "coder", "code", "value"])
    with pytest.raises(InputError, match="'final'"):
        supervised.read_labels(labels, make_documents(["a"]), adjudicator="final")


# ---- folds


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.booleans()), min_size=5, max_size=60),
    st.integers(2, 5),
    st.integers(0, 99),
)
def test_a_group_is_never_parted_and_no_fold_is_empty(rows, folds, seed):
    groups, truth = [r[0] for r in rows], make_truth([r[1:] for r in rows])
    if len(set(groups)) < folds:
        with pytest.raises(InputError):
            supervised.make_folds(groups, truth, folds, seed)
        return
    fold = supervised.make_folds(groups, truth, folds, seed)
    for own in set(groups):
        assert len({f for f, g in zip(fold, groups, strict=True) if g == own}) == 1
    assert set(fold) == set(range(folds))
    assert (fold == supervised.make_folds(groups, truth, folds, seed)).all()


def test_rare_codes_are_spread_over_the_folds():
    truth = make_truth([[n < 10, n % 2] for n in range(50)])
    for seed in range(5):
        fold = supervised.make_folds(range(50), truth, 5, seed)
        assert np.bincount(fold[truth[:, 0]]).tolist() == [2] * 5
        assert np.bincount(fold).tolist() == [10] * 5


@settings(max_examples=15)
@given(st.integers(0, 1000))
def test_near_duplicates_never_stand_on_both_sides(seed):
    random = np.random.default_rng(seed)
    words = [f"word{n}" for n in range(500)]
    originals = [" ".join(random.choice(words, 60)) for _ in range(12)]
    copies = [text + " added by another desk" for text in originals[:6]]
    documents = make_documents(originals + copies)
    groups = supervised.group_documents(documents)
    assert (groups[12:] == groups[:6]).all() and len(set(groups)) == 12
    fold = supervised.make_folds(groups, random.random((18, 1)) < 0.5, 4, seed)
    assert (fold[12:] == fold[:6]).all()


def test_a_title_that_returns_makes_a_group_but_a_standing_heading_does_not():
    texts = [
        "Rain fell on the hills.",
        "A choir sang in the hall.",
        "Trade grew in spring.",
        "The bridge was closed.",
        "Rain fell on the hills.",
    ]
    titles = [
        "Nine things to know on Friday",
        "Nine things to know on friday",
        "Letters",
        "Letters",
        None,
    ]
    documents = make_documents(texts, title=titles)
    groups = supervised.group_documents(documents.assign(doc_id=[7, 8, 9, 3, 4]))
    assert groups[0] == groups[1] == groups[4] and len(set(groups)) == 3


def test_a_copy_teaches_nothing_about_its_original():
    """Random words with random codes, each text twice: leaking folds would score near 1."""
    random = np.random.default_rng(5)
    texts = [" ".join(random.choice([f"w{n}" for n in range(300)], 40)) for _ in range(30)]
    documents = make_documents(texts * 2)
    labels = pd.DataFrame({"k": list(random.permutation([True, False] * 15)) * 2})
    _, predictions = crossvalidation.cross_validate(documents, labels, seeds=2)
    auc = metrics.roc_auc_score(predictions.truth, predictions.probability)
    assert auc < 0.75


# ---- features and lines


def test_words_are_weighed_as_scikit_learn_weighs_them(coded):
    documents = coded[0]
    found = features.count_features(documents)
    found.matrices = {"words": found.matrices["words"]}
    weights = features.fit_weights(found)
    expected = TfidfVectorizer(min_df=2, max_df=0.8, sublinear_tf=True)
    matrix = expected.fit_transform(documents.text).toarray()
    assert found.terms["words"][weights["words"][0]].tolist() == list(
        expected.get_feature_names_out()
    )
    assert features.weigh(found, weights).toarray() == pytest.approx(matrix)


def test_cue_features_of_a_tiny_document(tmp_path):
    (tmp_path / "own.toml").write_text(
        '[codebook]\nname = "own"\n[[code]]\nid = "row"\n[[code.indicator]]\nid = "blame"\n'
        'question = "?"\npatterns = ["blam*"]\n',
        encoding="utf-8",
    )
    documents = make_documents(
        ["He blamed her and blamed him. It rained. It snowed. Nothing else came.", "Quiet."]
    )
    found = features.count_features(documents, [tmp_path / "own.toml"])
    cues = pd.DataFrame(found.matrices["cues"].toarray(), columns=found.terms["cues"])
    assert cues["own:row"].tolist() == [0.5, 0]  # one of four sentences, as a root
    assert cues["own:row/blame"].tolist() == [0.5, 0]
    assert cues["own:row (most in a sentence)"].tolist() == pytest.approx([2**0.5, 0])


def test_a_title_has_kinds_of_its_own_beside_those_of_the_text():
    documents = make_documents(
        ["Mayor lied\n\nRain fell. Snow fell.", "Snow fell."], title=["Mayor lied", None]
    )
    found = features.count_features(documents)
    assert list(found.terms) == [
        "words",
        "letters",
        "cues",
        "title words",
        "title letters",
        "title cues",
    ]
    assert found.terms["title words"].tolist() == ["lied", "mayor"]
    assert found.matrices["title words"].toarray().tolist() == [[1, 1], [0, 0]]
    assert found.matrices["words"].toarray()[0, found.terms["words"] == "fell"] == 2
    again = features.count_features(documents.assign(title=None), terms=found.terms)
    assert again.matrices["title words"].toarray().tolist() == [[0, 0], [0, 0]]
    assert list(features.count_features(documents.assign(title="")).terms) == [
        "words",
        "letters",
        "cues",
    ]


def test_titles_without_a_word_have_no_columns():
    documents = make_documents(["It rained."] * 2, title=["?!", "…"])
    found = features.count_features(documents)
    assert found.matrices["title words"].shape == (2, 0)
    assert features.weigh(found, features.fit_weights(found)).shape[0] == 2


def test_lines_are_balanced_logistic_regressions():
    import scipy.sparse

    random = np.random.default_rng(1)
    matrix = random.normal(size=(40, 3))
    answer = matrix[:, 0] + random.normal(size=40) > 0.7
    slopes, constants = supervised.fit_lines(scipy.sparse.csr_matrix(matrix), answer[:, None])
    own = LogisticRegression(
        C=1.0, solver="liblinear", class_weight="balanced", random_state=0
    ).fit(matrix, answer)
    assert slopes[:, 0] == pytest.approx(own.coef_[0], abs=1e-3)
    assert constants[0] == pytest.approx(own.intercept_[0], abs=1e-3)


def test_a_share_counts_on_both_sides():
    import scipy.sparse

    matrix = scipy.sparse.csr_matrix([[1.0], [0.0]])
    slopes, constants = supervised.fit_lines(matrix, np.array([[0.5], [0.5]]))
    assert slopes[0, 0] == pytest.approx(0) and constants[0] == pytest.approx(0)


# ---- thresholds, calibration, scores


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=30))
def test_the_threshold_has_the_highest_expected_f1(probability):
    p = np.array(probability)

    def expected(t):
        return 2 * p[p >= t].sum() / ((p >= t).sum() + p.sum())

    found = supervised.best_threshold(p)
    assert expected(found) == pytest.approx(max(expected(t) for t in p))


def test_the_threshold_of_three_probabilities():
    # yes to one: 2·.9/(1+1.5); to two: 2·1.4/(2+1.5); to three: 2·1.5/(3+1.5)
    assert supervised.best_threshold([0.1, 0.9, 0.5]) == 0.5


def test_calibrated_probabilities_have_the_mean_of_the_codes():
    random = np.random.default_rng(2)
    scores = random.normal(size=400)
    truth = random.random(400) < 1 / (1 + np.exp(-(2 * scores - 1)))
    slope, constant = supervised.calibrate(scores, truth)
    assert (slope, constant) == pytest.approx((2, -1), abs=0.4)
    assert (1 / (1 + np.exp(-(slope * scores + constant)))).mean() == pytest.approx(
        truth.mean(), abs=1e-3
    )
    assert supervised.calibrate(scores, np.zeros(400, bool)) == (0.0, -6.0)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_f1_is_scikit_learns(pairs):
    truth, value = np.array(pairs).T
    assert crossvalidation.f1_score(truth, value, 0.0) == pytest.approx(
        metrics.f1_score(truth, value, zero_division=0)
    )


def test_scores_of_a_tiny_table():
    rows = [
        (0, "a", True, True),
        (0, "a", True, False),
        (0, "a", False, True),
        (0, "b", True, True),
        (0, "b", False, False),
        (0, "b", False, False),
        (1, "a", True, True),
        (1, "a", True, True),
        (1, "a", False, False),
        (1, "b", True, True),
        (1, "b", False, False),
        (1, "b", False, False),
    ]
    table = pd.DataFrame(rows, columns=["seed", "code", "truth", "value"])
    scores = crossvalidation.tabulate_scores(table)
    assert scores.f1.to_dict() == pytest.approx(
        {"a": 0.75, "b": 1.0, "macro": 0.875, "micro": 5 / 6}
    )
    assert scores.f1_sd["a"] == pytest.approx(0.5 / 2**0.5)
    assert scores.always_yes_f1.to_dict() == {"a": 0.8, "b": 0.5, "macro": 0.65, "micro": 2 / 3}
    assert scores.precision["a"] == scores.recall["a"] == 0.75


def test_the_curve_goes_on_along_its_line():
    sizes = np.array([25, 100, 400.0])
    assert crossvalidation._continue(sizes, np.array([0.4, 0.6])) == pytest.approx([0.4, 0.6, 0.7])


def test_f1_of_documents_counted_twice_is_that_of_the_longer_table():
    random = np.random.default_rng(0)
    yes, found = random.random((9, 2)) < 0.5, random.random((1, 1, 9, 2)) < 0.5
    weight = random.integers(0, 3, 9)
    twice = np.repeat(np.arange(9), weight)
    expected = np.mean([metrics.f1_score(yes[twice, c], found[0, 0, twice, c]) for c in (0, 1)])
    assert crossvalidation._weighted_f1(found, yes, weight)[0] == pytest.approx(expected)


def test_a_learning_curve_measures_and_continues(coded):
    table = crossvalidation.learning_curve(
        *coded, seeds=1, parts=(0.5, 1.0), ahead=(2.0,), resamples=20
    )
    assert table.measured.tolist() == [True, True, False]
    assert table.n_documents.tolist() == [10, 19, 38]
    assert (table.low <= table.high).all()


# ---- the model


def test_what_is_plain_is_learned(coded):
    scores, predictions = crossvalidation.cross_validate(*coded, seeds=1)
    assert scores.f1["macro"] > 0.9
    assert len(predictions) == 2 * len(coded[0])
    again = crossvalidation.cross_validate(*coded, seeds=1)[1]
    pd.testing.assert_frame_equal(predictions, again)


def test_one_of_several_codes_is_chosen(coded):
    documents, frame = coded
    frame = frame.assign(neither=~frame.any(axis=1))
    table = supervised.code_documents(supervised.train(documents, frame), documents)
    by = table.groupby("doc_id")
    assert (by.value.sum() == 1).all()
    assert by.probability.sum().to_numpy() == pytest.approx(1)


def test_contributions_sum_to_the_score(coded, model):
    documents = coded[0].iloc[[3]]
    found, sentences = supervised.explain(model, documents, 3, "conflict")
    score = model.score(supervised._count_for(model, documents))[0, 0]
    assert found.contribution.sum() == pytest.approx(score - model.intercepts[0])
    assert sentences.contribution.is_monotonic_decreasing and len(sentences) == 2
    texts = documents.text.iloc[0]
    assert all(texts[row.start : row.end] == row.sentence for row in sentences.itertuples())
    first = sentences.iloc[0]
    rest = documents.assign(text=texts[: first.start] + texts[first.end :])
    assert first.contribution == pytest.approx(
        score - model.score(supervised._count_for(model, rest))[0, 0]
    )


def test_a_title_speaks_and_falls_with_its_sentence(coded):
    documents, frame = coded
    titles = documents.text.str.split(".").str[0] + " now"
    documents = documents.assign(title=titles, text=titles + "\n\nIt rained.")
    trained = supervised.train(documents, frame)
    found, sentences = supervised.explain(trained, documents, 3, "conflict")
    assert found.kind.str.startswith("title ").any()
    one = documents.iloc[[3]]
    bare = make_documents(["It rained."])
    counts = [supervised._count_for(trained, d) for d in (one, bare)]
    scores = [trained.score(c)[0, 0] for c in counts]
    assert found.contribution.sum() == pytest.approx(scores[0] - trained.intercepts[0])
    assert sentences.sentence[0] == titles[3]
    assert sentences.contribution[0] == pytest.approx(scores[0] - scores[1])


def test_an_unknown_code_is_refused(coded, model):
    with pytest.raises(InputError, match="conflict, economic"):
        supervised.explain(model, coded[0], 0, "peace")


def test_a_saved_model_codes_the_same(coded, model, tmp_path):
    supervised.save(model, tmp_path / "m.skops")
    again = supervised.load(tmp_path / "m.skops")
    pd.testing.assert_frame_equal(
        supervised.code_documents(model, coded[0]), supervised.code_documents(again, coded[0])
    )
    assert again.provenance == model.provenance
    assert again.provenance["n_yes"] == {"conflict": 8, "economic": 8}
    assert [p.name for p in tmp_path.iterdir()] == ["m.skops"]


class Foreign:
    """What a hostile file would bring."""


def test_a_file_with_foreign_types_is_not_opened(model, tmp_path):
    import skops.io

    skops.io.dump(vars(model) | {"provenance": Foreign()}, tmp_path / "m.skops")
    with pytest.raises(InputError, match="Foreign"):
        supervised.load(tmp_path / "m.skops")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_a_broken_file_is_refused(content, tmp_path):
    (tmp_path / "m.skops").write_bytes(content)
    with pytest.raises(InputError, match="not a model"):
        supervised.load(tmp_path / "m.skops")
    with pytest.raises(InputError, match="no file"):
        supervised.load(tmp_path / "other.skops")


def test_a_file_of_something_else_is_refused(tmp_path):
    import skops.io

    for other in ({"a": 1}, [1, 2]):
        skops.io.dump(other, tmp_path / "m.skops")
        with pytest.raises(InputError, match="not a model"):
            supervised.load(tmp_path / "m.skops")


def test_a_codebook_that_changed_is_noticed(model, tmp_path):
    provenance = model.provenance | {"codebooks": {"rhetoric": "0" * 64}}
    supervised.save(supervised.Model(**vars(model) | {"provenance": provenance}), tmp_path / "m")
    with pytest.raises(InputError, match="rhetoric has changed"):
        supervised.load(tmp_path / "m")


def test_without_the_extra_one_sentence_says_what_to_install(coded, monkeypatch):
    for name in [n for n in sys.modules if n.partition(".")[0] == "sklearn"] + ["sklearn"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(InputError, match=r"framebook\[supervised\]"):
        supervised.train(*coded)


def test_empty_and_wordless_texts_are_coded(model):
    table = supervised.code_documents(model, make_documents(["", "!!! ???", "\u200f …"]))
    assert table.probability.between(0, 1).all() and len(table) == 6


# ---- the lead, the rules and the encoder


def test_longer_texts_have_a_lead_and_rules_of_their_own():
    quiet = " It rained." * 6
    documents = make_documents(["Rivals accused her." + quiet, quiet + " Rivals accused her."])
    found = features.count_features(documents)
    assert list(found.terms) == ["words", "letters", "cues", "lead cues", "rules"]
    column = list(found.terms["lead cues"]).index("generic-news-frames:conflict")
    assert found.matrices["lead cues"].toarray()[:, column].tolist() == pytest.approx([0.2**0.5, 0])
    column = list(found.terms["rules"]).index("generic-news-frames:conflict (n_indicators)")
    assert (found.matrices["rules"].toarray()[:, column] > 0).all()
    assert "rules" not in features.count_features(make_documents(["Rivals accused her."])).terms
    short = features.count_features(make_documents(["It rained."]), terms=found.terms)
    assert short.matrices["rules"].shape == (1, len(found.terms["rules"]))


def fake_encode(texts):
    """What says `bridge` lies in one direction, everything else in another."""
    rows = np.zeros((len(texts), features.SIZE), np.float32)
    rows[np.arange(len(texts)), [int("bridge" in text) for text in texts]] = 1
    return rows


@pytest.fixture
def fake(monkeypatch):
    monkeypatch.setattr(features, "encode", fake_encode)


def test_the_mean_of_the_sentences_is_learned_from(coded, fake):
    found = features.count_features(coded[0], encoder=True)
    assert list(found.terms)[-1] == "meaning"
    assert found.matrices["meaning"].toarray()[:3, :2].tolist() == [[1, 0], [0.5, 0.5], [1, 0]]
    assert list(found.without_encoder().terms) == ["words", "letters", "cues"]
    rows = features.weigh(found, features.fit_weights(found)).toarray()[:, -features.SIZE :]
    assert np.linalg.norm(rows, axis=1) == pytest.approx(features.MEANING["meaning"])


def test_what_the_encoder_adds_stands_beside_the_same_folds_without_it(coded, fake):
    scores, found = crossvalidation.cross_validate(*coded, seeds=1, encoder=True)
    plain, before = crossvalidation.cross_validate(*coded, seeds=1)
    assert scores.f1_without.tolist() == plain.f1.tolist()
    assert found.value_without.tolist() == before.value.tolist()
    said = crossvalidation.describe_gain(scores.assign(f1=0.67, f1_without=0.62))
    assert said.startswith("macro-F1 0.62 without the encoder, 0.67 with it; micro-F1 0.62")


def test_a_model_with_the_encoder_explains_itself_and_is_kept(coded, fake, tmp_path):
    trained = supervised.train(*coded, encoder=True)
    found, _ = supervised.explain(trained, coded[0], 4, "economic")
    assert found.kind.eq("meaning").sum() == 1
    score = trained.score(supervised._count_for(trained, coded[0].iloc[[4]]))[0, 1]
    assert found.contribution.sum() == pytest.approx(score - trained.intercepts[1])
    supervised.save(trained, tmp_path / "m.skops")
    again = supervised.load(tmp_path / "m.skops")
    assert again.provenance["encoder"] == supervised.ENCODER
    pd.testing.assert_frame_equal(
        supervised.code_documents(again, coded[0]), supervised.code_documents(trained, coded[0])
    )
    trained.provenance["encoder"] = "0" * 64
    supervised.save(trained, tmp_path / "m.skops")
    with pytest.raises(InputError, match="another encoder"):
        supervised.load(tmp_path / "m.skops")


def test_one_cut_for_all_codes_serves_micro_f1(coded):
    one = supervised.train(*coded, measure="micro").thresholds
    assert one[0] == one[1]


@pytest.mark.parametrize("columns", [3, 80])
def test_more_columns_than_documents_give_the_same_line(columns):
    import scipy.sparse

    random = np.random.default_rng(4)
    matrix = random.normal(size=(40, columns)) / columns**0.5
    answer = matrix[:, 0] + random.normal(size=40) > 0.3
    slopes, constants = supervised.fit_lines(scipy.sparse.csr_matrix(matrix), answer[:, None], 2.0)
    own = LogisticRegression(
        C=2.0, solver="liblinear", class_weight="balanced", random_state=0, tol=1e-8
    ).fit(matrix, answer)
    assert slopes[:, 0] == pytest.approx(own.coef_[0], abs=1e-3)
    assert constants[0] == pytest.approx(own.intercept_[0], abs=1e-3)
