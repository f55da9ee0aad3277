"""The chain end to end: tables that agree with each other, the same bytes each time, bad input."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from framebook import chain, tables
from framebook.chain import derive_tables, get_tables, take_articles
from framebook.common.errors import InputError
from framebook.common.folders import PROJECT
from framebook.scaling import make_tables
from framebook.tables import SENTENCE_STRIDE, TOKEN_STRIDE

NAMES = tables.STORED
BESIDE = ["articles.csv", "articles.parquet", "manifest.json"]
NEWS = (
    "Bridge opens after a year\n\n"
    "Mayor Ada Crane said that the bridge was safe. “We promised it,” she added, “and built it.”"
    "\n\nOfficials have hinted at a toll, but critics call it a tax. A bitter dispute followed.\n"
)
QUIET = "It rained. The road was wet; the river rose by 3.5 metres."


def write_corpus(folder, **texts):
    """Write NAME.txt files and return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
    return folder


def test_articles_are_drawn_with_their_rows():
    documents, sentences, voices = get_tables(
        "seeds/teaching", "", "documents", "sentences", "voices"
    )
    few, own, said = take_articles(5, documents, sentences, voices)
    assert len(few) == 5 and few.doc_id.is_monotonic_increasing
    assert own.equals(sentences[sentences.doc_id.isin(few.doc_id)])
    assert said.equals(voices[voices.doc_id.isin(few.doc_id)])
    assert few.equals(take_articles(5, documents)[0])
    assert not few.equals(take_articles(5, documents, seed=2)[0])
    assert take_articles(12, documents, sentences)[1] is sentences


def awkward(folder):
    """Return a corpus of texts that are short, strange or unusual, with refused files between."""
    write_corpus(
        folder,
        a="Word.",
        b="",
        c=NEWS,
        d=QUIET,
        e="“",
        f="He said.",
        g="🙂 שלום said “🙂🙂 he said”.",
        h="“An open quotation, he said.\n\n“It goes on here, she said.\n\nIt never ends.",
        i="He said " * 20 + "that " + "w " * 4100,
        j="\r\n \r\nSaid he:\r\n\r\n“No”\u2028“Yes” ",
        k="According to\n\naccording to\n\nAccording to him, he said that she said that it rained.",
        l="e\u0301te\u0301 \xadsoft\xad hy\u00adphen, she said: ‘I “never” said it’.",
    )
    (folder / "bb.bin.txt").write_bytes(bytes(range(256)))
    frame = pd.DataFrame(
        {
            "id": ["x", "y", "z"],
            "headline": ["A title", None, "T"],
            "outlet": ["O", "P", None],
            "date": ["2031-01-06", "someday", None],
            "body": [NEWS, " ", "Residents fear floods."],
        }
    )
    frame.to_csv(folder / "cc.csv", index=False)
    return folder


DRAWN = (
    "he she they who which that and but said says told according to by Mayor Ada Crane the a of "
    'officials report claims was is expected has been had described as not , , , . . “ ” " ‘ ’ « '
    "» — ( ) : ; ? ! 🙂 שלום ’s ' '' `` \n \n\n it reports adding warned Lt. Gen. U.S. No. 3.5 10% "
    "“No attack accused conflict hopeful whose … e\u0301 \u2028 \u00a0"
).split(" ")


def drawn(folder):
    """Return a corpus of words and marks drawn at random, always the same."""
    random = Random(7)
    texts = [" ".join(random.choices(DRAWN, k=random.randint(1, 60))) for _ in range(80)]
    return write_corpus(folder, **{f"{n:02}": f"Word {text}" for n, text in enumerate(texts)})


CORPORA = {
    "seeds": lambda folder: PROJECT / "seeds",
    "teaching": lambda folder: PROJECT / "seeds" / "teaching",
    "one": lambda folder: write_corpus(folder, one=NEWS),
    "quiet": lambda folder: write_corpus(folder, quiet=QUIET),
    "awkward": awkward,
    "drawn": drawn,
}


@pytest.fixture(scope="module", params=CORPORA)
def made(request, tmp_path_factory):
    """All tables of a corpus, in memory."""
    return derive_tables(CORPORA[request.param](tmp_path_factory.mktemp("corpus") / "texts"))


@pytest.fixture
def news(tmp_path):
    return write_corpus(tmp_path / "news", one=NEWS, two=QUIET)


# What must hold between the tables. Each rule yields a sentence for what breaks it.


def texts_of(made, rows):
    texts = dict(zip(made["documents"].doc_id, made["documents"].text, strict=True))
    ids = rows["doc_id"] if "doc_id" in rows else rows.sent_id // SENTENCE_STRIDE
    return [texts[doc_id] for doc_id in ids]


def offsets_are_in_their_documents(made):
    for name in ("sentences", "tokens", "spans", "segments"):
        rows = made[name]
        for text, start, end in zip(texts_of(made, rows), rows.start, rows.end, strict=True):
            if not 0 <= start < end <= len(text) or not text[start:end].strip():
                yield f"{name}: {start} to {end} of {len(text)} characters is no text."


def tokens_are_their_words(made):
    rows = made["tokens"]
    values = zip(texts_of(made, rows), rows.start, rows.end, rows.word, strict=True)
    for text, start, end, word in values:
        if text[start:end] != word:
            yield f"The token {word!r} stands for {text[start:end]!r}."


def no_word_is_lost(made):
    tokens = made["tokens"]
    for row in made["documents"].itertuples():
        own, covered = tokens[tokens.sent_id // SENTENCE_STRIDE == row.doc_id], set()
        for start, end in zip(own.start, own.end, strict=True):
            covered.update(range(start, end))
        lost = [c for n, c in enumerate(row.text) if n not in covered and c.isalnum()]
        if lost:
            yield f"Document {row.doc_id} loses {''.join(lost)!r}."


def ids_follow_the_position_rule(made):
    documents, sentences, tokens = made["documents"], made["sentences"], made["tokens"]
    order = [list(group) for group in (documents.doc_id, sentences.sent_id, tokens.token_id)]
    if any(ids != sorted(set(ids)) for ids in order):
        yield "Ids are not unique and ascending."
    expected = sentences.doc_id * SENTENCE_STRIDE + sentences.groupby("doc_id").cumcount()
    if sentences.sent_id.tolist() != expected.tolist():
        yield "A sent_id is not doc_id · 2^20 + n."
    owner = tokens.sent_id // SENTENCE_STRIDE
    expected = owner * TOKEN_STRIDE + tokens.groupby(owner).cumcount()
    if tokens.token_id.tolist() != expected.tolist():
        yield "A token_id is not doc_id · 2^24 + n."
    read = made["loading"].index[made["loading"].status != "rejected"]
    if documents.doc_id.tolist() != read.tolist():
        yield "A doc_id is not its row among the inputs."


def words_are_counted(made):
    has_word = made["tokens"].word.astype("str").map(lambda w: any(c.isalnum() for c in w))
    counts = has_word.groupby(made["tokens"].sent_id).sum()
    for row in made["sentences"].itertuples():
        if row.n_words != counts.get(row.sent_id, 0):
            yield f"Sentence {row.sent_id} has n_words {row.n_words}, not {counts[row.sent_id]}."


def sentences_are_in_order(made):
    for _, rows in made["sentences"].groupby("doc_id"):
        if (rows.start.to_numpy()[1:] < rows.end.to_numpy()[:-1]).any():
            yield "Two sentences overlap."
        if (rows.paragraph.diff().dropna() < 0).any():
            yield "Paragraph numbers fall."
        if rows.part.tolist() != sorted(rows.part, key=["title", "lead", "body"].index):
            yield "The parts are not title, lead, body."


def rows_lie_in_their_sentence(made):
    bounds = made["sentences"].set_index("sent_id")
    for name in ("tokens", "spans", "segments"):
        for sent_id, start, end in made[name][["sent_id", "start", "end"]].itertuples(index=False):
            own = bounds.loc[sent_id]
            if not own.start <= start <= end <= own.end:
                yield f"{name}: {start} to {end} is not in sentence {sent_id}."
    for name in ("spans", "voices"):
        if (made[name].sent_id // SENTENCE_STRIDE != made[name].doc_id).any():
            yield f"{name}: doc_id and sent_id disagree."


def segments_part_each_sentence(made):
    groups = made["segments"].groupby("sent_id", sort=False)
    for row in made["sentences"].itertuples():
        if row.sent_id not in groups.groups:
            yield f"Sentence {row.sent_id} has no segment."
            continue
        own = groups.get_group(row.sent_id)
        joints = [row.start, *own.end]
        if [*own.start, row.end] != joints:
            yield f"The segments of sentence {row.sent_id} leave a gap or overlap."
    segments = made["segments"]
    if (segments.voice_id.isna() != (segments.role == "narrator")).any():
        yield "A segment is the narrator's and a voice's, or neither's."


def voice_ranges_lie_in_their_sentence(made):
    bounds = made["sentences"].set_index("sent_id")
    texts = made["documents"].set_index("doc_id").text
    for voice in made["voices"].itertuples():
        own = bounds.loc[voice.sent_id]
        for ranges in (voice.source, voice.cue, voice.content):
            flat = [at for pair in ranges for at in pair]
            if flat != sorted(flat) or any(a >= b for a, b in ranges):
                yield f"Voice {voice.voice_id}: the ranges {ranges} are empty or out of order."
            if flat and not own.start <= flat[0] <= flat[-1] <= own.end:
                yield f"Voice {voice.voice_id}: {ranges} is not in its sentence."
        text = texts[voice.doc_id][own.start : own.end].rstrip()
        if not voice.content and not text.endswith(":"):  # then the next paragraph is said
            yield f"Voice {voice.voice_id} has no content."


def voices_exist(made):
    voices = made["voices"]
    known = dict(zip(voices.voice_id, voices.sent_id, strict=True))
    if len(known) != len(voices):
        yield "A voice_id stands twice."
    for name in ("spans", "segments"):
        rows = made[name].dropna(subset="voice_id")
        for voice_id, sent_id in zip(rows.voice_id, rows.sent_id, strict=True):
            if known.get(voice_id) != sent_id:
                yield f"{name}: voice {voice_id} is not of sentence {sent_id}."
    for voice in voices.dropna(subset="parent_id").itertuples():
        if known.get(voice.parent_id) != voice.sent_id or voice.parent_id == voice.voice_id:
            yield f"Voice {voice.voice_id} has the parent {voice.parent_id}."


def parents_end(made):
    parent = made["voices"].dropna(subset="parent_id").set_index("voice_id").parent_id
    for voice_id in parent.index:
        seen, at = set(), voice_id
        while at in parent.index and at not in seen:
            seen.add(at)
            at = parent[at]
        if at in seen:
            yield f"Voice {voice_id} is its own ancestor."


def cues_belong_to_the_segment_they_begin_in(made):
    segments = made["segments"].groupby("sent_id")
    for span in made["spans"].itertuples():
        own = segments.get_group(span.sent_id)
        home = own[(own.start <= span.start) & (span.start < own.end)].iloc[0]
        voice_id = home.voice_id if home.role == "content" else None
        given = None if pd.isna(span.voice_id) else span.voice_id
        if given != voice_id:
            yield f"The cue at {span.start} has voice {given}, its segment {voice_id}."


def actors_exist(made):
    actors, voices = made["actors"], made["voices"]
    if actors.actor_id.duplicated().any():
        yield "An actor_id stands twice."
    if (actors.actor_id // SENTENCE_STRIDE != actors.doc_id).any():
        yield "An actor_id does not begin with its doc_id."
    if (actors.n_mentions < 1).any() or (actors.name.str.strip() == "").any():
        yield "An actor has no mention or no name."
    names, kinds = (actors.set_index("actor_id")[column] for column in ("name", "kind"))
    for voice in voices.dropna(subset="actor_id").itertuples():
        if voice.actor_id not in names.index or (
            kinds[voice.actor_id] == "person"
            and voice.speaker[0].isupper()
            and names[voice.actor_id] != voice.speaker
        ):  # who is not named keeps the words of each place
            yield f"Voice {voice.voice_id}: actor {voice.actor_id} is not {voice.speaker}."
        elif voice.actor_id // SENTENCE_STRIDE != voice.doc_id:
            yield f"Voice {voice.voice_id} speaks in another document than its actor."
    if (voices.speaker.isna() != (voices.speaker_class == "unspecified")).any():
        yield "A voice is unspecified and has a speaker, or the other way round."


def each_sentence_has_its_tone(made):
    sentiment = made["sentiment"]
    if sentiment.sent_id.tolist() != made["sentences"].sent_id.tolist():
        yield "sentiment is not one row a sentence."
    for column, low in (
        ("textblob_polarity", -1),
        ("textblob_subjectivity", 0),
        ("vader_compound", -1),
    ):
        if not sentiment[column].between(low, 1).all():
            yield f"{column} leaves {low} to 1."


RULES = [
    offsets_are_in_their_documents,
    tokens_are_their_words,
    no_word_is_lost,
    ids_follow_the_position_rule,
    words_are_counted,
    sentences_are_in_order,
    rows_lie_in_their_sentence,
    segments_part_each_sentence,
    voice_ranges_lie_in_their_sentence,
    voices_exist,
    parents_end,
    cues_belong_to_the_segment_they_begin_in,
    actors_exist,
    each_sentence_has_its_tone,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_tables_agree(made, rule):
    assert list(rule(made)) == []


@pytest.mark.parametrize(
    ("rule", "name", "column", "spoil"),
    [
        (offsets_are_in_their_documents, "tokens", "end", lambda c: c + 1000),
        (tokens_are_their_words, "tokens", "start", lambda c: c + 1),
        (no_word_is_lost, "tokens", "end", lambda c: c - 1),
        (ids_follow_the_position_rule, "tokens", "token_id", lambda c: c + 1),
        (ids_follow_the_position_rule, "sentences", "sent_id", lambda c: c.to_numpy()[::-1]),
        (words_are_counted, "sentences", "n_words", lambda c: c + 1),
        (sentences_are_in_order, "sentences", "end", lambda c: c + 5),
        (rows_lie_in_their_sentence, "segments", "end", lambda c: c + 1),
        (segments_part_each_sentence, "segments", "end", lambda c: c - 1),
        (segments_part_each_sentence, "segments", "role", lambda c: "content"),
        (voice_ranges_lie_in_their_sentence, "voices", "cue", lambda c: [[[900, 901]]] * len(c)),
        (voices_exist, "voices", "voice_id", lambda c: c + 1),
        (parents_end, "voices", "parent_id", lambda c: pd.array([None, *c.index[1:]], "Int64")),
        (
            cues_belong_to_the_segment_they_begin_in,
            "spans",
            "voice_id",
            lambda c: pd.array([5] * len(c), "Int64"),
        ),
        (actors_exist, "actors", "name", lambda c: "Nobody"),
        (each_sentence_has_its_tone, "sentiment", "vader_compound", lambda c: c + 2),
    ],
)
def test_each_rule_sees_a_spoiled_table(news, rule, name, column, spoil):
    made = derive_tables(news)
    assert list(rule(made)) == []
    if rule is parents_end:  # a circle
        ids = made["voices"].voice_id.tolist()
        made["voices"]["parent_id"] = pd.array(ids[1:] + ids[:1], "Int64")
    else:
        made[name] = made[name].assign(**{column: spoil(made[name][column])})
    assert list(rule(made))


def test_the_corpora_have_what_the_rules_are_about(tmp_path):
    made = derive_tables(awkward(tmp_path / "awkward"))
    assert {"rejected", "read", "repaired"} == set(made["loading"].status)
    assert all(len(made[name]) for name in NAMES)
    made = derive_tables(PROJECT / "seeds")
    assert len(made["documents"]) == 1 and len(made["sentences"]) == 22
    assert made["documents"].title.isna().all()
    made = derive_tables(PROJECT / "seeds" / "teaching")
    assert len(made["documents"]) == 12
    assert (made["documents"].source.nunique(), made["documents"].date.nunique()) == (4, 3)
    assert made["voices"].parent_id.notna().any()


def test_every_table_conforms(made):
    for name in NAMES:
        pd.testing.assert_frame_equal(made[name], tables.conform(name, made[name]))


# The functions


@pytest.mark.parametrize("name", NAMES)
def test_one_table_alone_equals_that_of_all(news, name):
    pd.testing.assert_frame_equal(get_tables(news, "", name), derive_tables(news)[name])


def test_only_what_is_wanted_is_derived(news, monkeypatch):
    monkeypatch.setattr(chain, "find_voices", None)
    monkeypatch.setattr(chain, "score_sentences", None)
    documents, tokens = get_tables(news, "", "documents", "tokens")
    assert list(documents.columns)[:2] == ["doc_id", "key"] and "word" in tokens


def test_a_folder_of_tables_equals_what_is_derived(news, tmp_path, monkeypatch):
    out = make_tables(news, tmp_path / "out")
    made = derive_tables(news)
    monkeypatch.setattr(chain, "derive_tables", None)
    for name, table in zip(NAMES, get_tables("no such corpus", out, *NAMES), strict=True):
        left, right = (
            t.astype({c: "str" for c in t if t[c].dtype == "category"}) for t in (table, made[name])
        )
        pd.testing.assert_frame_equal(left, right)


def test_a_codebook_of_ones_own_takes_the_place_of_ours(news, tmp_path):
    book = tmp_path / "mine.toml"
    book.write_text('[codebook]\nname = "mine"\n[[code]]\nid = "toll"\npatterns = ["toll"]\n')
    spans = get_tables(news, "", "spans", codebooks=[book])
    assert spans[["code", "layer", "rule"]].values.tolist() == [["mine:toll", "theme", "toll"]]
    out = make_tables(news, tmp_path / "out", codebooks=[book])
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert [book["name"] for book in manifest["codebooks"]] == ["mine"]
    assert all(re.fullmatch("[0-9a-f]{64}", book["sha256"]) for book in manifest["codebooks"])
    assert len(tables.read(out, "spans")) == 1


def test_as_is_leaves_the_text_alone(tmp_path):
    text = "\n  Cafe\u0301 owners said:\r\n“No.” \n"
    folder = write_corpus(tmp_path / "texts", a=text)
    made = derive_tables(folder, as_is=True)
    assert made["documents"].text.tolist() == [text]
    assert derive_tables(folder)["documents"].text.tolist() == ["Café owners said:\n“No.”"]
    for rule in RULES:
        assert list(rule(made)) == []


def test_the_folder_has_every_table_and_a_manifest(news, tmp_path):
    out = make_tables(news, tmp_path / "deep" / "out")
    files = sorted(path.relative_to(out).as_posix() for path in out.rglob("*"))
    assert files == sorted([f"{name}.parquet" for name in NAMES] + BESIDE)
    text = (out / "manifest.json").read_text("utf-8")
    manifest = json.loads(text)
    assert manifest["made_by"].startswith("framebook ") and manifest["kind"] == "tables"
    assert manifest["rows"] == {name: len(tables.read(out, name)) for name in NAMES}
    assert str(tmp_path) not in text and str(PROJECT) not in text
    assert [path.name for path in out.parent.iterdir()] == ["out"]


# The same bytes

OTHER_WORLDS = [
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "4242", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE"},
]


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def run(*arguments, cwd=None, **environment):
    """Run `python -m framebook` and return what came of it."""
    env = {**os.environ, "PYTHONPATH": str(PROJECT), **environment}
    command = [sys.executable, "-m", "framebook", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, encoding="utf-8", timeout=300, check=False
    )


@pytest.mark.parametrize("corpus", ["seeds", "teaching", "awkward"])
def test_two_runs_give_the_same_bytes(corpus, tmp_path):
    path = CORPORA[corpus](tmp_path / "texts")
    first, second = (
        bytes_of(make_tables(path, tmp_path / name, workers=n))
        for n, name in enumerate("ab", start=1)
    )
    assert [name for name in first if first[name] != second.get(name)] == []
    assert len(first) == len(NAMES) + len(BESIDE)


def test_order_of_files_on_the_disk_does_not_count(tmp_path):
    made = []
    for names in (["one", "two", "zoo"], ["zoo", "one", "two"]):
        folder = tmp_path / names[0] / "texts"
        for name in names:
            write_corpus(folder, **{name: f"The {name} was said to be safe."})
        made.append(bytes_of(make_tables(folder, tmp_path / names[0] / "out")))
    assert made[0] == made[1]


@pytest.mark.parametrize("world", OTHER_WORLDS, ids=lambda world: world["LC_ALL"])
def test_another_world_gives_the_same_bytes(world, tmp_path):
    folder = awkward(tmp_path / "texts")
    here = bytes_of(make_tables(folder, tmp_path / "here"))
    done = run("tables", "texts", "--out", "there", cwd=tmp_path, **world)
    assert done.returncode == 0, done.stderr
    there = bytes_of(tmp_path / "there")
    assert [name for name in here if here[name] != there.get(name)] == []


# Input at fault: a sentence, exit status 2, nothing left behind


def nothing_there(folder):
    return folder / "nowhere", "There is no file or folder"


def empty_folder(folder):
    folder.mkdir(parents=True)
    return folder, "holds no article"


def only_a_readme(folder):
    write_corpus(folder, README="Not an article.")
    return folder, "holds no article"


def empty_file(folder):
    return write_corpus(folder, a="") / "a.txt", "a.txt: is empty"


def white_space(folder):
    return write_corpus(folder, a=" \n\t\u00a0\n") / "a.txt", "a.txt: is empty"


def no_word(folder):
    return write_corpus(folder, a="— 1, 2, 3 …") / "a.txt", "a.txt: holds no word"


def binary(folder):
    file = write_corpus(folder) / "a.txt"
    file.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)))
    return file, "a.txt:"


def undecodable(folder):
    file = write_corpus(folder) / "a.txt"
    file.write_bytes(b"A plain text with \x81 and \xff\xfe in it.")
    return file, "a.txt: cannot be decoded as text"


def broken_utf_16(folder):
    file = write_corpus(folder) / "a.txt"
    file.write_bytes(b"\xff\xfe" + "Text".encode("utf-16-le") + b"x")
    return file, "a.txt: cannot be decoded"


def without_text_column(folder):
    file = write_corpus(folder) / "a.csv"
    file.write_text("id,tone,year\n1,good,2031\n")
    return file, "has no text column; its columns are: id, tone, year"


def text_column_without_text(folder):
    file = write_corpus(folder) / "a.csv"
    file.write_text("id,text\n1,\n2, \n")
    return file, "None of the 2 files or rows"


def no_table(folder):
    file = write_corpus(folder) / "a.csv"
    file.write_text('text,b\n"one\n')
    return file, "a.csv: cannot be read as a table"


def empty_csv(folder):
    return write_corpus(folder, a="").joinpath("a.txt").rename(folder / "a.csv"), "a.csv:"


def no_json(folder):
    file = write_corpus(folder) / "a.jsonl"
    file.write_text('{"text": "Good."}\n{"text": \n')
    return file, "a.jsonl: line 2 is not JSON"


def no_json_object(folder):
    file = write_corpus(folder) / "a.jsonl"
    file.write_text('["text"]\n')
    return file, "a.jsonl: line 1 is not a JSON object"


def no_parquet(folder):
    file = write_corpus(folder) / "a.parquet"
    file.write_bytes(b"PAR1 this is not Parquet PAR1")
    return file, "a.parquet:"


def unknown_type(folder):
    file = write_corpus(folder) / "a.odt"
    file.write_bytes(b"PK\x03\x04")
    return file, "the file type .odt is not read; save it as .docx"


BAD = [
    nothing_there,
    empty_folder,
    only_a_readme,
    empty_file,
    white_space,
    no_word,
    binary,
    undecodable,
    broken_utf_16,
    without_text_column,
    text_column_without_text,
    no_table,
    empty_csv,
    no_json,
    no_json_object,
    no_parquet,
    unknown_type,
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.__name__)
def test_bad_input_is_one_sentence_and_leaves_nothing(bad, tmp_path):
    path, message = bad(tmp_path / "texts")
    with pytest.raises(InputError) as caught:
        make_tables(path, tmp_path / "out")
    said = str(caught.value)
    assert message in said and "\n" not in said and said.endswith(".")
    assert {entry.name for entry in tmp_path.iterdir()} <= {"texts"}


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.__name__)
def test_a_bad_file_among_good_ones_is_refused_by_name(bad, tmp_path):
    folder = tmp_path / "texts"
    path, _ = bad(folder)
    if not path.is_file():
        return
    write_corpus(folder, **{"0": NEWS, "z": QUIET})
    made = derive_tables(folder)
    refused = made["loading"][made["loading"].status == "rejected"]
    assert set(refused.path) == {path.name} and (refused.reason.str.len() > 5).all()
    assert not refused.reason.str.contains("\n").any()
    assert made["documents"].path.tolist() == ["0.txt", "z.txt"]
    assert made["documents"].doc_id.tolist() == [0, len(made["loading"]) - 1]


def test_a_bad_codebook_leaves_nothing(news, tmp_path):
    (tmp_path / "mine.toml").write_text("[codebook\n")
    for book in (tmp_path / "mine.toml", "no-such-book"):
        with pytest.raises(InputError):
            make_tables(news, tmp_path / "out", codebooks=[book])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.toml", "news"]


def test_an_older_result_is_left_when_the_input_is_bad(news, tmp_path):
    out = make_tables(news, tmp_path / "out")
    before = bytes_of(out)
    for bad in BAD:
        path, _ = bad(tmp_path / "bad" / bad.__name__)
        with pytest.raises(InputError):
            make_tables(path, out)
        assert bytes_of(out) == before


def test_an_older_result_is_left_when_writing_fails(news, tmp_path, monkeypatch):
    out = make_tables(news, tmp_path / "out")
    before, wrote = bytes_of(out), tables.to_bytes

    def fail(name, *rest, **options):
        if name == "spans":
            raise KeyboardInterrupt
        return wrote(name, *rest, **options)

    monkeypatch.setattr(tables, "to_bytes", fail)
    with pytest.raises(KeyboardInterrupt):
        make_tables(write_corpus(tmp_path / "others", a=QUIET), out)
    assert bytes_of(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news", "others", "out"]


def test_a_new_result_takes_the_place_of_an_older_one(news, tmp_path):
    out = make_tables(news, tmp_path / "out")
    (out / "left-over.parquet").write_bytes(b"")
    make_tables(write_corpus(tmp_path / "others", a=QUIET), out)
    assert tables.read(out, "documents").path.tolist() == ["a.txt"]
    assert len(bytes_of(out)) == len(NAMES) + len(BESIDE)


def out_with_other_files(place):
    (place / "out").mkdir()
    (place / "out" / "thesis.doc").write_text("mine")
    return place / "out"


def out_with_a_foreign_manifest(place):
    (place / "out").mkdir()
    (place / "out" / "manifest.json").write_text('{"made_by": "another"}')
    return place / "out"


def out_is_a_file(place):
    (place / "out").write_text("mine")
    return place / "out"


@pytest.mark.parametrize(
    "choose",
    [
        out_with_other_files,
        out_with_a_foreign_manifest,
        out_is_a_file,
        lambda place: place / "news",
        lambda place: place / "news" / "out",
        lambda place: place,
        lambda place: PROJECT,
    ],
)
def test_out_is_refused_where_something_would_be_lost(news, tmp_path, choose):
    out = choose(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(InputError) as caught:
        make_tables(news, out)
    assert "name" in str(caught.value) and "folder" in str(caught.value)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_an_empty_folder_may_be_filled(news, tmp_path):
    (tmp_path / "out").mkdir()
    assert (make_tables(news, tmp_path / "out") / "manifest.json").exists()


# The command, in a process of its own


def test_the_command_writes_the_tables(news, tmp_path):
    done = run("tables", "news", "--out", "made", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert bytes_of(tmp_path / "made") == bytes_of(make_tables(news, tmp_path / "here"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "made", "news"]


def test_the_command_reads_the_seed_from_any_folder(tmp_path):
    done = run("tables", "seeds", "--out", "made", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(tables.read(tmp_path / "made", "sentences")) == 22


@pytest.mark.parametrize(
    "bad",
    [
        nothing_there,
        empty_folder,
        white_space,
        binary,
        undecodable,
        without_text_column,
        no_parquet,
    ],
    ids=lambda bad: bad.__name__,
)
def test_the_command_says_in_one_line_what_is_wrong(bad, tmp_path):
    path, message = bad(tmp_path / "texts")
    done = run("tables", path, "--out", tmp_path / "made")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("framebook: ") and message in done.stderr
    assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
    assert {entry.name for entry in tmp_path.iterdir()} <= {"texts"}


def test_the_command_goes_on_after_a_bad_file(news, tmp_path):
    (news / "bad.txt").write_bytes(bytes(range(256)))
    (news / "worse.csv").write_text("id,tone\n1,good\n")
    done = run("tables", news, "--out", tmp_path / "made")
    assert done.returncode == 0 and "Traceback" not in done.stderr
    loading = tables.read(tmp_path / "made", "loading").set_index("path")
    assert loading.status[["bad.txt", "worse.csv"]].tolist() == ["rejected", "rejected"]
    assert "id, tone" in loading.reason["worse.csv"]
    assert len(tables.read(tmp_path / "made", "documents")) == 2
