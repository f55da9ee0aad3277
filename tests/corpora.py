"""Small corpora of every shape that a user may bring: for tests that must run on any of them."""

SENTENCES = [
    "The mayor of Vessmouth said on {day} that the ferry would sail again.",
    "“We waited long enough,” Ann Orr, the harbour master, told the council.",
    "Critics warned that the repair could cost the town {n} million.",
    "The board denied that it had ignored the engineer’s letters.",
    "Boats stayed in port because of the storm, and shops closed early.",
    "Residents fear that the dyke will not hold another winter.",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
OUTLETS = ["Quay News", "North Bank Mail", "Vessmouth Echo"]


def article(n):
    """Return an article of one to four paragraphs, each different from the others."""
    said = [s.format(day=DAYS[n % 5], n=n + 2) for s in SENTENCES]
    said = said[n % 6 :] + said[: n % 6]
    return "\n\n".join(" ".join(said[k : k + 2]) for k in range(0, 2 + 2 * (n % 3), 2))


def write_corpora(folder):
    """Write the corpora into a folder and return {name: path}.

    One sentence, an article without a full stop, a corpus without dates, one without outlets, a
    transcript, and 300 articles of three outlets over a year.
    """

    def table(name, rows):
        path = folder / f"{name}.csv"
        lines = [",".join(f'"{cell}"' for cell in row) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def text(name, content):
        path = folder / f"{name}.txt"
        path.write_text(content, encoding="utf-8")
        return path

    def row(n):
        return OUTLETS[n % 3], f"2031-{n % 12 + 1:02}-{n % 28 + 1:02}", article(n)

    return {
        "one_sentence": text("one_sentence", "The mayor said that the ferry would sail again."),
        "no_full_stop": text("no_full_stop", "Ferry back on the water\n\nMayor praises the crew"),
        "no_dates": table("no_dates", [("source", "text"), *((row(n)[0], article(n)) for n in range(12))]),
        "no_outlets": table("no_outlets", [("date", "text"), *(row(n)[1:] for n in range(12))]),
        "transcript": text("transcript", "\n\n".join(
            f"{('STARKE', 'ORR', 'HOST')[n % 3]}: {SENTENCES[n % 6].format(day='Monday', n=n)}"
            for n in range(12))),
        "many": table("many", [("source", "date", "text"), *map(row, range(300))]),
    }  # fmt: skip
