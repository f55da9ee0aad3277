"""What several tests need."""

import pytest
from steps import find_chromium


@pytest.fixture(scope="session")
def chromium():
    """The path of a Chromium; a test that needs one is skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium on PATH (or in FRAMEBOOK_CHROMIUM)")
    return path
