"""The report: pages about a corpus, the explorer of its sentences, and the doctor."""

try:
    from framebook.report.explorer import explore
except ImportError:  # as in a browser's kernel, which lacks what makes pages

    def explore(*_, **__) -> None:
        """Say that the explorer needs more than a browser's kernel has."""
        print("The explorer needs a full installation: python3 run.py report makes it.")
