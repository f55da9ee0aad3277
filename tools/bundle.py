"""Make the bundle for a room without a network: one zip for a stick or a local server.

    python3 run.py bundle --out room.zip [--platform NAME ...] [--python VERSION ...]

It holds the project's own files, the wheels of requirements.lock for each platform and Python
asked for (this machine's, when none is), an executed report, the coding sheet to print, and
START-HERE.txt. Whoever unpacks it needs Python and nothing else: run.py finds wheels/ beside it.
run.py starts this file with the Python of .venv.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from packaging.requirements import Requirement  # comes with JupyterLab

from framebook import __version__
from framebook.common.errors import InputError
from framebook.common.folders import PROJECT

sys.path.insert(0, str(PROJECT))
import run  # noqa: E402  what it will read must be what is written here

TOP = "framebook"  # the zip's one folder
SHEET = "notebooks/exercises/room/coding-sheet.html"
# What belongs to the project where git cannot be asked, as in a folder that was downloaded.
PARTS = (
    "README.md LICENSE LICENSES REUSE.toml CITATION.cff CHANGELOG.md CONTRIBUTING.md "
    "CODE_OF_CONDUCT.md SECURITY.md .github locks run.py pyproject.toml requirements.lock "
    "environment.yml postBuild .gitignore notebooks framebook seeds figures docs tests tools "
    "benchmarks"
).split()


def tags_of_linux(processor):
    """Return the wheel tags of every Linux with glibc 2.28 (of 2018) or newer, newest first."""
    glibc = [f"manylinux_2_{n}_{processor}" for n in range(28, 4, -1)]
    return [*glibc, *(f"manylinux{name}_{processor}" for name in ("2014", "2010", "1"))]


# Wheel tags, and what the lock's markers ask: os_name, sys_platform, platform_system. Mac wheels
# are those that macOS 12 (of 2021) can use: pyarrow has none for an older one.
MAC, LINUX = ("posix", "darwin", "Darwin"), ("posix", "linux", "Linux")
WINDOWS = ("nt", "win32", "Windows")
PLATFORMS = {
    "windows-x86_64": (["win_amd64"], WINDOWS),
    "macos-arm64": (["macosx_12_0_arm64"], MAC),
    "macos-x86_64": (["macosx_12_0_x86_64"], MAC),
    "linux-x86_64": (tags_of_linux("x86_64"), LINUX),
    "linux-aarch64": (tags_of_linux("aarch64"), LINUX),
}


def main(argv=None):
    """Make a bundle and return the exit status: 0 done, 2 the input is at fault."""
    args = build_parser().parse_args(argv)
    try:
        size = make_bundle(args.out, args.platform, args.python)
    except InputError as error:
        run.say(str(error))
        return 2
    except OSError as error:
        run.say(f"the bundle cannot be written: {error}.")
        return 2
    except KeyboardInterrupt:
        run.say("interrupted; no bundle was made.")
        return 130
    print(f"The bundle is {args.out}, {size / 2**20:.0f} MB")
    return 0


def build_parser():
    platform, python = run.machine()
    parser = argparse.ArgumentParser(prog="run.py bundle", description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, metavar="ZIP")
    parser.add_argument("--platform", nargs="+", choices=PLATFORMS, default=[platform])
    parser.add_argument(
        "--python", nargs="+", default=[python], metavar="VERSION", help="such as 3.11 3.12"
    )
    return parser


def make_bundle(out, platforms, pythons):
    """Write the bundle for each platform with each Python, whole or not at all; return its bytes.

    Raises InputError when a wheel cannot be had, or when something is in the way or missing.
    """
    check_asked_for(out, platforms, pythons)
    beside = out.with_name(f".{out.name}.part")
    with tempfile.TemporaryDirectory() as folder:
        wheels, report = Path(folder, "wheels"), Path(folder, "report")
        wheels.mkdir()
        pip = make_pip(Path(folder, "pip"))
        fetched = {}
        for platform in platforms:
            for python in pythons:
                target = f"{platform}, Python {python}"
                run.say(f"Fetching the wheels for {target}.")
                fetched[target] = fetch_wheels(pip, platform, python, wheels)
        manifest = {
            "made_by": f"framebook {__version__}",
            "lock": run.digest_of_lock(),
            "wheels": fetched,
        }
        (wheels / run.MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        make_report(report)
        try:
            write_zip(beside, wheels, report, fetched)
            os.replace(beside, out)
        finally:
            beside.unlink(missing_ok=True)
    return out.stat().st_size


def check_asked_for(out, platforms, pythons):
    if out.exists():
        raise InputError(f"{out} is there already: delete it or name another file after --out.")
    if not out.resolve().parent.is_dir():
        raise InputError(f"{out} cannot be written, as its folder is not there: make it first.")
    for python in pythons:
        if not re.fullmatch(r"3\.(1[1-9]|[2-9]\d)", python):
            raise InputError(f"{python} is not a Python that Framebook runs on: 3.11 or newer.")
    for platform in platforms:
        if platform not in PLATFORMS:
            raise InputError(
                f"this machine is a {platform}, for which no bundle can be made: "
                f"name others after --platform, of {', '.join(PLATFORMS)}."
            )
    if not (PROJECT / SHEET).is_file():
        raise InputError(f"{SHEET} is missing from the project: take it from a whole copy.")


def make_pip(folder):
    """Return the command of a pip of its own, as uv makes a .venv without one."""
    import venv

    run.check_pip_can_come(uv=None)
    venv.create(folder, symlinks=os.name != "nt", with_pip=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    return [python, "-I", "-m", "pip", "--disable-pip-version-check", "--retries", "2"]


def needed(lock, platform, python):
    """Return the lines of a lock that hold on a platform, hashes included, markers left out.

    pip would ask the markers of the machine that it runs on.
    """
    os_name, sys_platform, system = PLATFORMS[platform][1]
    there = {
        "os_name": os_name, "sys_platform": sys_platform, "platform_system": system,
        "python_full_version": python, "python_version": python.rpartition(".")[0],
        "implementation_name": "cpython", "platform_python_implementation": "CPython",
    }  # fmt: skip
    lines = []
    for entry in re.split(r"^(?=[\w.-]+==)", lock, flags=re.MULTILINE)[1:]:
        requirement = Requirement(entry.partition("\\")[0])
        if not requirement.marker or requirement.marker.evaluate(there):
            hashes = re.findall(r"--hash=\S+", entry)
            lines.append(" ".join([f"{requirement.name}{requirement.specifier}", *hashes]))
    return lines


def fetch_wheels(pip, platform, python, folder):
    """Put the wheels for a platform with a Python into a folder and return their names."""
    lock = (PROJECT / "requirements.lock").read_text("utf-8")
    patches = (f"{python}.0", f"{python}.99")  # the lock's markers may part patch releases
    lists = {"\n".join(needed(lock, platform, patch)): patch for patch in patches}
    names = set()
    for lines, patch in lists.items():
        with tempfile.TemporaryDirectory(dir=folder.parent) as part:
            wanted = Path(part, "wanted.txt")
            wanted.write_text(lines, encoding="utf-8")
            tags = [option for tag in PLATFORMS[platform][0] for option in ("--platform", tag)]
            command = [
                *pip, "download", "--no-deps", "--require-hashes", "--only-binary", ":all:",
                "--requirement", wanted, "--dest", part, "-f", folder,
                "--python-version", patch, *tags,
            ]  # fmt: skip
            done = subprocess.run(
                command, capture_output=True, text=True, errors="replace", check=False
            )
            if done.returncode:
                errors = re.findall(r"^ERROR: (.*)", done.stderr, re.MULTILINE)
                raise InputError(
                    f"the wheels for {platform} with Python {python} could not be fetched "
                    f"({errors[-1] if errors else 'pip failed'}): this needs a network, and a "
                    "wheel of each package of requirements.lock."
                )
            for wheel in Path(part).glob("*.whl"):
                names.add(wheel.name)
                wheel.replace(folder / wheel.name)
    return sorted(names)


def make_report(folder):
    """Execute the notebooks as `framebook report` does."""
    run.say("Executing the report.")
    command = [sys.executable, "-P", "-m", "framebook", "report", "--out", folder]
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
        raise InputError("the report could not be made, for the reason above; mend that first.")


def project_files():
    """Return the paths of the project's own files: what git tracks, or else what is in PARTS."""
    try:
        command = ["git", "-C", PROJECT, "ls-files", "-z"]
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        found = [PROJECT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = []
    if not found:
        for part in PARTS:
            paths = [PROJECT / part, *sorted((PROJECT / part).rglob("*"))]
            found += [p for p in paths if not {"__pycache__", ".ipynb_checkpoints"} & {*p.parts}]
    return [path for path in found if path.is_file() and not path.is_symlink()]


def write_zip(path, wheels, report, targets):
    """Write all parts into one zip, below one folder."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{TOP}/START-HERE.txt", start_here(targets))
        file.write(PROJECT / SHEET, f"{TOP}/coding-sheet.html")
        for own in project_files():
            file.write(own, f"{TOP}/{own.relative_to(PROJECT).as_posix()}")
        for page in sorted(report.rglob("*")):
            if page.is_file():
                file.write(page, f"{TOP}/executed-report/{page.relative_to(report).as_posix()}")
        for wheel in sorted(wheels.iterdir()):  # these are zips themselves
            file.write(wheel, run.IN_ZIP + wheel.name, zipfile.ZIP_STORED)


def start_here(targets):
    """Return what a participant reads first."""
    made_for = "\n".join(f"    {target}" for target in targets)
    return f"""Framebook, for a room without a network

The laptop needs Python, which this folder does not bring. It was made for
{made_for}

1. Copy this folder to the laptop and open a terminal in it.
2. Type  python3 run.py check  (on Windows: py run.py check). The first command
   sets up the folder .venv from the folder wheels, in a minute or two and
   without a network, and says whether the laptop is ready.
3. Type  python3 run.py lab  (on Windows: py run.py lab). The notebooks open in
   the browser; begin with notebooks/00_start_here.ipynb.

python3 run.py report  runs the notebooks and writes reports/index.html.

To read without installing anything: executed-report/index.html, a report as
it comes out. To code by hand: print coding-sheet.html.

A folder of Framebook that has the same requirements.lock can use the zip as it
is:  python3 run.py --bundle room.zip lab
"""


if __name__ == "__main__":
    sys.exit(main())
