"""How long a filter of the explorer takes in a browser, from the new address to the drawn page.

    python benchmarks/explorer.py REPORT

REPORT is the folder of a report; the page itself says how many milliseconds each state took. Each
state is set three times, the first of them cold. Prints the median and the highest median.
"""

import argparse
import json
import sys
from pathlib import Path
from statistics import median

STATES = """q=dam|q=president said|q="white house"|q=warn*&class=attributed|class=attributed
class=government|code=generic-news-frames:conflict|code=generic-news-frames:conflict&class=expert
from=2015|from=2014&to=2016|tone=negative|tone=apart|class=narrator&code=rhetoric:hedge
form=quoted|all=|view=speakers|view=classes&q=tax|view=codes|view=outlets|view=dates
view=words&q=tax""".replace("\n", "|").split("|")
SHOWN = "state => document.getElementById('ex-status').dataset.state === state"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    args = parser.parse_args()
    from playwright.sync_api import sync_playwright

    file, took = args.report.resolve() / "explorer.html", {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=args.chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(file.as_uri())
        page.wait_for_selector("#ex-status[data-n]", state="attached", timeout=120_000)
        for state in STATES * 3:
            page.evaluate("state => { location.hash = state }", state)
            page.wait_for_function(SHOWN, arg=page.evaluate("location.hash"), timeout=60_000)
            ms = int(page.get_attribute("#ex-status", "data-ms"))
            took.setdefault(state, []).append(ms)
        browser.close()
    medians = {state: median(values) for state, values in took.items()}
    filters = [ms for state, ms in medians.items() if not state.startswith("view=")]
    result = {"megabytes": round(file.stat().st_size / 1e6, 2), "milliseconds": took}
    result |= {"median filter": median(filters), "slowest filter": max(filters)}
    print(json.dumps(result, indent=1))
    return 0 if max(filters) < 100 else 1


if __name__ == "__main__":
    sys.exit(main())
