"""The report: pages made from the executed notebooks, and the check of a finished one."""

from framebook.report.explorer import explore

__all__ = [
    "explore",
]
