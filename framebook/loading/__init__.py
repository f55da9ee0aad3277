"""01 Loading: articles from files, tables and database exports.

`load_documents` returns two tables. documents, one row per article: doc_id, key (the user's own
id), title, source (the outlet), date, author, language, text, path, sha256. loading, one row per
file or row found: path, key, status (read, repaired, rejected), reason, duplicate_group. Start
with articles.py; each format, each database's layout and each repair has a file of its own.
"""

from framebook.loading.articles import find_path, load_documents
from framebook.loading.dates import parse_date
from framebook.loading.describing import describe_loading
from framebook.loading.duplicates import find_duplicates, similarity
from framebook.loading.encoding import decode
from framebook.loading.repairs import repair_text
