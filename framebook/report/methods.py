"""How a corpus and a report were made, in words for a paper, with the references for it."""

import json
import re
from pathlib import Path

from markupsafe import Markup

from framebook.loading.corpus_toml import show_provenance
from framebook.report.blocks import heading, paragraph, table
from framebook.validation.cards import show_cards, stamp

LISTED = 100  # texts that the page names one by one
REFERENCES = Path(__file__).with_name("references.bib")
ALWAYS = ["framebook", "entman1993", "hutto2014", "desmedt2012", "bird2009", "gallagher2021"]
LEXICONS = [  # name, package whose version tells theirs ("" where it is ours), licence, citation
    (
        "VADER",
        "vaderSentiment",
        "MIT",
        "Hutto & Gilbert (2014), doi:10.1609/icwsm.v8i1.14550; "
        "the rules are those of NLTK (Apache-2.0)",
    ),
    (
        "Pattern, in TextBlob",
        "textblob",
        "PDDL; TextBlob is MIT",
        "De Smedt & Daelemans (2012), Journal of Machine Learning Research 13",
    ),
    ("Harm and help in news", "framebook", "CC0-1.0", "The Framebook authors (2026)"),
]


def describe_method(numbers, versions, codebooks, validated="", stated=None):
    """Return the methods paragraph of a report.

    `numbers` has n_articles, n_sentences and n_words; `versions` {package: version}; `codebooks`
    name, title and version of each; `validated` says what human codes found, if there are any;
    `stated` is what `read_provenance` returned.
    """
    n = numbers["n_articles"]
    books, speakers = (
        [
            f"“{book['title']}” ({book['name']} {book['version']})"
            for book in codebooks
            if bool(book.get("speakers")) == of_speakers
        ]
        for of_speakers in (False, True)
    )
    return " ".join(
        [
            f"{n:,} article{'s' * (n != 1)} ({numbers['n_sentences']:,} sentences, "
            f"{numbers['n_words']:,} words) {'were' if n != 1 else 'was'} analysed with Framebook "
            f"{versions['framebook']} (The Framebook authors 2026).",
            *_describe_provenance(stated or {}),
            "Tone was scored sentence by sentence with VADER (Hutto & Gilbert 2014; NLTK "
            f"{versions['nltk']}, Bird, Klein & Loper 2009, with the lexicon of vaderSentiment "
            f"{versions['vaderSentiment']}) and with TextBlob {versions['textblob']}, whose lexicon "
            "is Pattern’s (De Smedt & Daelemans 2012).",
            f"Cues were found by the patterns of {_listed(books)}; a cue is a place worth reading and "
            "not a frame (Entman 1993)."
            if books
            else "",
            "Attributions, their sources and their speech acts were found by rules over reporting "
            "verbs and quotation marks.",
            f"Speakers were classed by the list {_listed(speakers)}." if speakers else "",
            validated or "No measure was checked against human codes of these texts.",
            "Intervals come from resampling articles, near-duplicates as one."
            if n >= 10
            else "So few texts are a census of themselves: counts are given, and no interval or test.",
        ]
    ).replace("  ", " ")


def _describe_provenance(stated):
    """Yield the sentences on search and sampling, in the user's own words, where given."""
    if "search_string" in stated:
        where = f" in {stated['database']}" if "database" in stated else ""
        day = f" on {stated['date_searched']}" if "date_searched" in stated else ""
        yield f"Texts were searched for{where}{day} with the search string “" + (
            f"{stated['search_string']}”."
        )
    if "sampling" in stated:
        sampling = stated["sampling"].rstrip(".")
        yield f"Sampling, as those who collected the texts state it: “{sampling}”."


def list_references(codebooks, text=""):
    """Return BibTeX: what every report rests on, what the codebooks cite, what `text` names.

    Of a codebook's citation the works whose DOI is known here are given as entries; a codebook
    without one of these stands as an entry of its own with its citation as a note.
    """
    entries = {
        re.match(r"@\w+\{(\w+),", entry)[1]: entry.strip()
        for entry in re.split(r"\n(?=@)", REFERENCES.read_text(encoding="utf-8"))
    }
    dois = {
        key: found[1]
        for key, entry in entries.items()
        if (found := re.search(r"doi = \{(.+?)\}", entry))
    }
    wanted, own = set(ALWAYS), []
    for number, book in enumerate(codebooks, start=1):
        known = {key for key, doi in dois.items() if doi in book["citation"]}
        wanted |= known
        if not known:
            own.append(
                f"@misc{{codebook{number},\n  title = {{{_braced(book['title'])}}},\n"
                f"  note = {{{_braced(book['citation'])}}}\n}}"
            )
    wanted |= {key for key, doi in dois.items() if doi in text}
    return "\n".join([*(entry for key, entry in entries.items() if key in wanted), *own]) + "\n"


def _listed(items):
    return ", ".join(items[:-1]) + " and " + items[-1] if len(items) > 1 else "".join(items)


def _braced(text):
    """A text of a user's codebook, safe within the braces of BibTeX."""
    return re.sub(r"([#$%&_])", r"\\\1", re.sub(r"[{}\\]", "", " ".join(text.split())))


def methods_page(c, versions):
    """Yield the pieces of the appendix: how the report was made, for a paper and for checking."""
    made = json.loads((c.folder / "manifest.json").read_text(encoding="utf-8"))
    books, stated = made["codebooks"], made.get("provenance", {})
    validated = ""
    if c.cards:
        validated = stamp([card.measure for card in c.cards], c.cards, documents=c.documents)
    numbers = {"n_articles": len(c.documents), "n_sentences": c.n, "n_words": c.n_words}
    yield heading("For the methods section of a paper")
    yield paragraph(describe_method(numbers, versions, books, validated, stated))
    if c.cards:
        yield heading("Validation")
        yield Markup(show_cards(c.cards).data)
    chosen = _list_choices(c, made)
    yield heading("What was chosen, and by whom")
    if yours := [row[:2] for row in chosen if row[2]]:
        title = "Chosen by whoever made this report"
        yield table(title, ["Choice", "This report"], yours)
    title = f"Left at the program’s default: {len(chosen) - len(yours)} of {len(chosen)} choices"
    defaults = [row[:2] for row in chosen if not row[2]]
    yield _folded(title, table(title, ["Choice", "This report"], defaults))
    yield heading("Where the articles come from")
    rows = [row for row in show_provenance(stated) if row[1] != "not stated"]
    if rows:
        yield table("As those who collected the articles state it", ["Field", "Statement"], rows)
    if missing := [name.lower() for name, text in show_provenance(stated) if text == "not stated"]:
        yield paragraph(f"Not stated: {', '.join(missing)}.")
    references = list_references(books, "10.1080/19312450709336664" if c.cards else "")
    (c.out / "references.bib").write_text(references, "utf-8", "replace", "\n")
    texts = [
        *((f"codebook {book['name']}", book["sha256"]) for book in books),
        *zip(c.documents.path, c.documents.sha256, strict=True),
    ]
    named = ["Name", "Version", "Licence", "Citation"]
    cited = [[book[key.lower()] for key in named] for book in books]
    lists = [[name, versions[package], *rest] for name, package, *rest in LEXICONS]
    yield heading("For those who check it")
    for title, columns, rows in (
        ("Versions", ["Package", "Version"], versions.items()),
        ("Codebooks", named, cited),
        ("Word lists for tone", named, lists),
        (f"SHA-256 of the first {LISTED} codebooks and texts (all are in the tables)",
         ["Input", "SHA-256"], texts[:LISTED]),
    ):  # fmt: skip
        yield _folded(title, table(title, columns, rows))
    shown = Markup('<pre class="printed">{}</pre>').format(references)
    yield _folded("References in BibTeX (also the file references.bib)", shown)


def _folded(title, body):
    return Markup("<details><summary>{}</summary>{}</details>").format(title, body)


def _list_choices(c, made):
    """Return rows of what could have been chosen otherwise, and whether the user chose it."""
    books = [book for book in made["codebooks"] if not book.get("speakers")]
    lists = ", ".join(book["title"] for book in made["codebooks"] if book.get("speakers"))
    titles = ", ".join(book["title"] for book in books) or "none"
    main = f"sentences with a cue of “{c.codes.label[0]}”" if c.named and len(c.codes) else ""
    return [
        ["Codebooks", titles, c.named],
        ["Classes of speakers", lists or "the built-in list", bool(lists)],
        ["Repair of texts", "none (as they are)" if made["as_is"] else "on", made["as_is"]],
        ["Human codes", "given" if c.cards else "none", bool(c.cards)],
        ["Main measure on the cover", main or "sentences with a source", False],
        ["Names of one speaker", f"{len(c.links):,} joined to others", c.own_links],
        ["Near-duplicates", "counted in every number; one article in every interval", False],
        ["Intervals", "95%, 1,000 draws of articles, from ten articles on", False],
        ["Tone", "VADER and TextBlob, by sentence", False],
    ]
