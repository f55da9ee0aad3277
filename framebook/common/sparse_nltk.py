"""NLTK without what it takes along and no command of ours calls."""

import sys


class SparseNLTK:
    """A finder that gives NLTK, while it is imported, neither scikit-learn nor SciPy.

    They double the time in which a command starts. Only for processes that run nothing but our
    own code: a reader's kernel, or her own scorer, may want the functions that need them.
    """

    @classmethod
    def enter(cls):
        """Let this process import NLTK so, if it has not yet."""
        if cls not in sys.meta_path:
            sys.meta_path.insert(0, cls)

    @staticmethod
    def find_spec(name, path=None, target=None):
        """Refuse the two packages while NLTK is imported; leave all else to the others."""
        nltk = getattr(sys.modules.get("nltk"), "__spec__", None)
        if name in ("scipy", "sklearn") and getattr(nltk, "_initializing", False):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
