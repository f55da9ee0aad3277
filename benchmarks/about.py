"""How much of a report is about the corpus: visible words, and height in a browser.

    python benchmarks/about.py REPORT REPORT [REPORT …]

Each argument is the folder of a report on another corpus. A block of text (a paragraph, list item,
table row, caption, heading) is not about a corpus when every other report has the same block;
folded parts do not count. Height is that of the blocks in Chromium, 1280 px wide. The explorer
is left out: all of it is the corpus.
"""

import argparse
import json
import sys
from pathlib import Path

BLOCKS = "h1,h2,h3,h4,p,li,caption,figcaption,tr,blockquote,summary,img,.columns"
LOOK = f"""() => [...document.querySelectorAll('main :is({BLOCKS})')]
  .filter(one => !one.querySelector('{BLOCKS}') && !one.closest('nav')
    && one.checkVisibility() && one.getBoundingClientRect().height > 8)
  .map(one => [one.matches('img,.columns') ? (one.alt || one.innerHTML) : one.innerText,
               one.getBoundingClientRect().height, one.localName])"""


def read(browser, folder):
    """Return [(page, text, height, tag)] of the visible blocks of a report."""
    page, found = browser.new_page(viewport={"width": 1280, "height": 900}), []
    for path in sorted(folder.glob("*.html")):
        if path.stem not in ("explorer", "report"):
            page.goto(path.resolve().as_uri())
            found += [(path.stem, " ".join(text.split()), height, tag)
                      for text, height, tag in page.evaluate(LOOK)]  # fmt: skip
    page.close()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("reports", nargs="+", type=Path)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    args = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=args.chromium, args=["--no-sandbox"])
        blocks = {folder: read(browser, folder) for folder in args.reports}
        browser.close()
    texts = {folder: {text for _, text, *_ in found} for folder, found in blocks.items()}
    least = 1
    for folder, found in blocks.items():
        others = [own for other, own in texts.items() if other != folder]
        same = set.intersection(*others) if others else set()
        words = height = own_words = own_height = 0
        for _, text, tall, _ in found:
            n, own = len(text.split()), text not in same
            words, height = words + n, height + tall
            own_words, own_height = own_words + n * own, own_height + tall * own
        shares = {"words": own_words / max(words, 1), "height": own_height / max(height, 1)}
        least = min(least, *shares.values())
        print(json.dumps({"report": folder.name, "visible_words": words}
                         | {name: round(share, 3) for name, share in shares.items()}))  # fmt: skip
    return 0 if least >= 0.85 else 1


if __name__ == "__main__":
    sys.exit(main())
