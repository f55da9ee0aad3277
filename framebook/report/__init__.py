"""The report: pages about a corpus, the explorer of its sentences, and the doctor."""

from framebook.report.explorer import explore
