"""Framebook: notebooks for sentiment and framing analysis of news text.

One room stands behind each notebook: loading, tokenising, sentiment, framing, voices,
visualisation, validation, robustness. `framebook.tables` fixes what their tables look like,
and `framebook.chain` makes all of them from a corpus.
"""

__version__ = "0.1.0"
# In the environment of a kernel whose notebook becomes a page: no menus, which need it alive.
STATIC = "FRAMEBOOK_STATIC"
