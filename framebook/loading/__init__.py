"""01 Loading: articles from files and exports, as the table `documents`."""

from framebook.loading.articles import find_path, load_documents
from framebook.loading.dates import parse_date
from framebook.loading.duplicates import find_duplicates, similarity
from framebook.loading.encoding import decode
from framebook.loading.repairs import find_other_language, repair_text

__all__ = [
    "decode",
    "find_duplicates",
    "find_other_language",
    "find_path",
    "load_documents",
    "parse_date",
    "repair_text",
    "similarity",
]
