"""Framebook: notebooks for sentiment and framing analysis of news, and the rooms behind them.

One notebook, one room, one table. In the order of the chapters:

    loading         01  documents           articles from files and exports
    tokenising      02  sentences, tokens   where sentences and words begin and end
    sentiment       03  sentiment           the tone of each sentence
    framing         04  spans               the cues that codebooks find
    voices          05  voices, segments,   who answers for the claims
                        actors
    visualisation   06                      figures with their numbers
    validation      07  labels              human codes, agreement, corrected estimates
    robustness      08                      which choice moves the result
    coding          09                      language models as coders; corrected regression

    tables      what every table looks like; make_documents, text_of, read, write
    chain       documents -> all tables in memory (derive_from, get_tables)
    scaling     the same for a corpus of any size, as Parquet (make_tables)
    report      the pages and the explorer; comparison  two corpora side by side
    learning    codes learned from human codes; classroom  exercises and checks
    common      errors, text, folders, resampling
    cli         the commands

`help(framebook.loading)` shows the front of a room: its table and what it hands on. Everything
that a detector finds has doc_id, start and end, and `documents.text[start:end]` is what it saw:

>>> from framebook.framing import find_cues, load_codebook
>>> from framebook.tables import make_documents, text_of
>>> from framebook.tokenising import tokenise
>>> documents = make_documents(["The mayor blamed the board for the flood."])
>>> sentences, tokens = tokenise(documents)
>>> spans = find_cues(tokens, [load_codebook("generic-news-frames")])
>>> sorted(set(text_of(documents, spans)))
['blamed']
"""

__version__ = "0.2.0"
# In the environment of a kernel whose notebook becomes a page, where no script runs.
STATIC = "FRAMEBOOK_STATIC"
