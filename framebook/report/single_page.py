"""The pages of a report as one: what a researcher sends to somebody in a single file."""

import re
from base64 import b64encode
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

KINDS = {".svg": "image/svg+xml", ".png": "image/png"}
REFERRING = ["aria-labelledby", "aria-describedby", "for"]


def join_pages(folder, names):
    """Return the HTML of the pages `names` (the cover first) of a report's folder as one page.

    Each page becomes a section, its ids and links led by the page's name and its headings a
    level lower; pictures are taken in. A link to another file of the folder becomes text.
    """
    pages = {
        name: BeautifulSoup((folder / f"{name}.html").read_text("utf-8"), "html.parser")
        for name in names
    }
    whole = pages[names[0]]
    for policy in pages.get("explorer", whole).select("meta[http-equiv]"):
        whole.find("meta", attrs={"http-equiv": True})["content"] = policy["content"]
    looks = dict.fromkeys(str(style) for page in pages.values() for style in page.main("style"))
    for name, page in pages.items():
        for gone in page.main.select("style, nav.turn, .files"):
            gone.decompose()
        part = page.main
        _lead_ids(part, name)
        _lead_links(part, name, names)
        _take_in(part, folder)
        if page is not whole:
            _lower_headings(part)
            label = part.find("h2")
            for region in part.select("[role=region]"):
                region["aria-label"] += f", {label.get_text(strip=True)}"
            section = whole.new_tag(
                "section", attrs={"class": "page", "id": name, "aria-labelledby": label["id"]}
            )
            section.extend(list(part.contents))
            whole.main.append(section)
    whole.main.insert(0, whole.new_tag("span", id=names[0]))
    for frame in (whole.header, whole.footer):
        _lead_links(frame, names[0], names)
    for style in looks:
        whole.head.append(BeautifulSoup(style, "html.parser"))
    return str(whole)


def _lead_ids(part, name):
    own = {e["id"] for e in part.select("[id]") if not e["id"].startswith("ex-")}
    for attribute in ["id", *REFERRING]:
        for element in part.select(f"[{attribute}]"):
            ids = element[attribute].split()
            element[attribute] = " ".join(f"{name}-{one}" if one in own else one for one in ids)


def _lead_links(part, name, names):
    for link in part.select("a[href]"):
        target = urlsplit(link["href"])
        page = unquote(target.path).removesuffix(".html") or name
        if page == "explorer" and "=" in target.fragment:
            link["href"] = f"#{target.fragment}"  # a selection, which the explorer's script reads
        elif page in names:
            link["href"] = "#" + "-".join(filter(None, [page, target.fragment]))
            del link["aria-current"]
        elif not target.scheme:
            link.unwrap()


def _take_in(part, folder):
    for image in part.select("img[src]"):
        if not urlsplit(image["src"]).scheme:
            path = folder / unquote(image["src"])
            data = b64encode(path.read_bytes()).decode()
            image["src"] = f"data:{KINDS[path.suffix]};base64,{data}"


def _lower_headings(part):
    for heading in part.find_all(re.compile("^h[1-5]$")):
        heading.name = f"h{int(heading.name[1]) + 1}"
