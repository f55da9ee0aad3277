"""Fuzz the readers, the codebook parser and the rules on text, guided by coverage.

    pip install atheris
    python tests/fuzz/run.py [TARGET ...] [--runs N] [--minutes N] [--jobs N] [--seed N]

Without a target all of targets.py, each until the executions that are named there. What
fails is kept as tests/fuzz/found/TARGET/…, the shortest input of each failure, and replayed by
tests/test_fuzzing.py. Figures go to benchmarks/results/fuzz.json; exit 1 where anything failed.
Checked beside what the targets check: that nothing is written outside the scratch folder, nothing
started, no address looked up; an input takes less than SLOW seconds and the process less than
MEMORY megabytes.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import Lock

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
RESULT = PROJECT / "benchmarks" / "results" / "fuzz.json"
SLOW, HANG, MEMORY = 2, 120, 2048
TESTS = HERE.parent
sys.path[:0] = map(
    str, (PROJECT, TESTS, *(TESTS / room for room in ("loading", "framing", "validation")), HERE)
)


class Watch:
    """What Python reports of files that are written, programs and connections, while it is on."""

    def __init__(self, folder):
        self.folder, self.on, self.seen = str(folder), False, []
        sys.addaudithook(self.look)

    def look(self, event, given):
        if not self.on:
            return
        if event == "open":
            writes = (
                isinstance(given[0], str)
                and given[2]
                and given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            )
            outside = writes and not os.path.realpath(given[0]).startswith(self.folder)
        elif event in ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink", "os.chmod"):
            # A name without a folder is one in a folder that is open, as `rmtree` does it.
            outside = (
                isinstance(given[0], str)
                and os.path.isabs(given[0])
                and (not given[0].startswith(self.folder))
            )
        else:
            outside = event in (
                "subprocess.Popen",
                "os.system",
                "os.exec",
                "socket.connect",
                "socket.getaddrinfo",
                "ctypes.dlopen",
            )
        if outside:
            self.seen.append(f"{event} {given[0]}")


def fuzz(name, runs, minutes, seed):
    """Run one target in this process; print its figures as JSON and exit."""
    import atheris

    with atheris.instrument_imports(include=["framebook"]):
        import targets
    target = targets.TARGETS[name]
    with atheris.instrument_imports(include=target.libraries):
        for library in target.libraries:
            importlib.import_module(library)
    folder = targets.scratch()
    tempfile.tempdir = str(folder)
    watch, begun, counts = Watch(folder), time.time(), {"executions": 0, "slowest": 0.0}
    failures, until = {}, time.time() + 60 * minutes

    def once(data):
        started = time.process_time()
        watch.on = True
        try:
            targets.run(name, data)
            failed = None
        except Exception as error:
            failed = error
        watch.on = False
        took = time.process_time() - started
        counts["slowest"] = max(counts["slowest"], took)
        counts["executions"] += 1
        why = (
            describe(failed)
            if failed
            else f"does {watch.seen[0]}"
            if watch.seen
            else "is slow"
            if took > SLOW
            else None
        )
        watch.seen.clear()
        if why and len(data) < len(failures.get(why, data + b"x")):
            failures[why] = data
            print(f"{name}: {why}: {data[:200]!r}", file=sys.stderr, flush=True)
        if counts["executions"] >= runs or counts["executions"] % 100 == 0 and time.time() > until:
            finish()

    def finish():
        for why, data in failures.items():
            kept = HERE / "found" / name / sha256(why.encode()).hexdigest()[:8]
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(data)
        seconds = round(time.time() - begun)
        print(
            json.dumps(
                counts
                | {
                    "slowest": round(counts["slowest"], 2),
                    "seconds": seconds,
                    "found": sorted(failures),
                }
            ),
            flush=True,
        )
        subprocess.call(["rm", "-rf", folder])
        os._exit(0)

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, data in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(data)
    atheris.Setup(
        [
            name,
            str(corpus),
            f"-max_len={target.longest}",
            f"-seed={seed}",
            f"-timeout={HANG}",
            f"-rss_limit_mb={MEMORY}",
            "-verbosity=0",
            "-print_final_stats=0",
            f"-artifact_prefix={folder}/",
        ],
        once,
    )
    atheris.Fuzz()


def describe(error):
    """Return an error's type and the last line of the project that it went through."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(PROJECT)
    ]
    last = frames[-1] if frames else None
    place = f"{Path(last.filename).name}: {last.line}" if last else "?"
    return f"{type(error).__name__} at {place}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--runs", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1e6)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        return fuzz(given.targets[0], given.runs, given.minutes, given.seed)
    import targets

    lock = Lock()

    def start(name):
        runs = given.runs or targets.TARGETS[name].runs
        command = [
            sys.executable,
            __file__,
            name,
            "--here",
            f"--runs={runs}",
            f"--seed={given.seed}",
            f"--minutes={given.minutes}",
        ]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        counts = json.loads(lines[-1]) if lines else {"found": [f"ended with {done.returncode}"]}
        print(f"{name}: {counts}", flush=True)
        with lock:
            results = json.loads(RESULT.read_text()) if RESULT.exists() else {}
            results[name] = {"seed": given.seed} | counts
            RESULT.write_text(json.dumps(dict(sorted(results.items())), indent=1) + "\n")
        return counts["found"]

    with ThreadPoolExecutor(given.jobs) as pool:
        return int(any(list(pool.map(start, given.targets or targets.TARGETS))))


if __name__ == "__main__":
    sys.exit(main())
