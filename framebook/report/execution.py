"""Notebooks executed in memory, each in a fresh kernel; the files are never written."""

import asyncio
import copy
import html
import os
import re
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import nbformat

from framebook import STATIC
from framebook.common.errors import ChapterError
from framebook.common.folders import PROJECT

CELL_SECONDS = 600  # seconds that a cell of a notebook may take
# What these name would change a page: settings, startup files, where a figure is drawn.
CONFIGURED = ("JUPYTER", "IPYTHON", "MPLBACKEND", "PYTHONSTARTUP", "PYTHONWARNINGS")
SHOWN_TEXT = {"text", "evalue", "text/plain", "text/html", "text/markdown"}


def read_notebooks(folder):
    """Return {name: notebook} of the chapters (NN_name.ipynb) in a folder, in their order.

    Raises ChapterError when one is no notebook.
    """
    notebooks = {}
    for path in sorted(Path(folder).glob("[0-9][0-9]_*.ipynb")):
        try:
            notebooks[path.stem] = nbformat.read(path, as_version=4)
        except (ValueError, AttributeError, KeyError, nbformat.ValidationError) as error:
            raise ChapterError(f"Chapter {path.stem} cannot be read as a notebook.") from error
    return notebooks


def has_tag(cell, *tags):
    """Return whether a cell has one of the tags."""
    return not set(tags).isdisjoint(cell.metadata.get("tags", []))


def without_cells(notebook, *tags):
    """Return a copy of the notebook without the cells that have one of the tags."""
    notebook = copy.deepcopy(notebook)
    notebook.cells = [cell for cell in notebook.cells if not has_tag(cell, *tags)]
    return notebook


def with_parameters(notebook, values):
    """Return a copy in which a new cell sets what the `parameters` cell sets, as papermill does.

    Names that the `parameters` cell does not assign are left out.
    """
    notebook = copy.deepcopy(notebook)
    for place, cell in enumerate(notebook.cells, start=1):
        if has_tag(cell, "parameters"):
            names = re.findall(r"^(\w+) *=(?!=)", cell.source, re.MULTILINE)
            lines = [f"{name} = {value!r}" for name, value in values.items() if name in names]
            tag = "injected-parameters"
            injected = nbformat.v4.new_code_cell("\n".join(lines), id=tag, metadata={"tags": [tag]})
            notebook.cells.insert(place, injected)
            break
    return notebook


def execute(notebooks, folder, started=lambda name: None, finished=lambda name, notebook: None):
    """Execute {name: notebook} in place, a fresh kernel each, with `folder` as working directory.

    They start in order, two at a time; `started(name)` and `finished(name, notebook)` are
    called as they come. Raises ChapterError when one fails, and stops the others.
    """
    gate, finishing = asyncio.Semaphore(2), asyncio.Lock()

    async def execute_one(name, notebook, file, kernel):
        async with gate:
            started(name)
            await _execute_one(name, notebook, file, kernel)
        # In a thread, for a page takes long enough to make that a kernel would wait.
        async with finishing:
            await asyncio.to_thread(finished, name, notebook)

    async def execute_all(own, **kernel):
        # Else nbclient would take Ctrl-C, which asyncio.run turns into an orderly end.
        asyncio.get_running_loop().add_signal_handler = lambda *_: None
        async with asyncio.TaskGroup() as group:
            for name, notebook in notebooks.items():
                file = os.path.join(own, f"{name}.json")
                group.create_task(execute_one(name, notebook, file, kernel))

    with tempfile.TemporaryDirectory(prefix="framebook-", ignore_cleanup_errors=True) as ipython:
        # The user's environment less what would let one machine's output differ from another's.
        style = Path(find_spec("matplotlib").origin).with_name("mpl-data")
        environment = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith(CONFIGURED)
            },
            "IPYTHONDIR": ipython,
            "PYTHONHASHSEED": "0",
            "MATPLOTLIBRC": str(style),
            STATIC: "1",
        }
        try:
            asyncio.run(execute_all(own=ipython, cwd=str(folder), env=environment))
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None


async def _execute_one(name, notebook, file, kernel):
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpecManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    # Looked for in this environment only: the user's own "python3" may be another Python.
    kernels = KernelSpecManager(kernel_dirs=[str(Path(sys.prefix, "share", "jupyter", "kernels"))])
    # The connection is kept in our folder, since the user's home may be closed.
    manager = AsyncKernelManager(
        kernel_name="python3", kernel_spec_manager=kernels, connection_file=file
    )
    client = NotebookClient(
        notebook,
        km=manager,
        timeout=CELL_SECONDS,
        startup_timeout=CELL_SECONDS,
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
        extra_arguments=["--log-level=ERROR"],
    )
    try:
        await client.async_execute(cleanup_kc=True, **kernel)
        return
    except CellExecutionError as error:
        reason = f"{error.ename}: {error.evalue}".strip().splitlines()[0]
    except CellTimeoutError:
        reason = f"it took more than {CELL_SECONDS} seconds."
    except DeadKernelError:
        if asyncio.current_task().cancelling():  # nbclient takes being stopped for this
            raise asyncio.CancelledError from None
        reason = "its Python ended; the memory may have run out."
    finally:
        if manager.has_kernel:  # nbclient leaves one that was still starting
            await manager.shutdown_kernel(now=True)
    injected = any(has_tag(cell, "injected-parameters") for cell in notebook.cells)
    number = client.code_cells_executed - injected
    raise ChapterError(f"Chapter {name} failed in code cell {number}: {reason}")


def run_lessons(place, folder, corpus, title, codes, say):
    """Return {name: (heading, body)} of the notebooks in `place`, executed on a corpus.

    Cells about the seed article stay only where it is the corpus that they know. Raises
    ChapterError when one fails.
    """
    from framebook.report.pages import describe, notebook_body

    values = {"tables": str(folder / "tables"), "figures": str(folder / "figures")}
    values |= {"cards": str(folder / "cards.json"), "corpus": str(corpus), "title": title}
    values |= {"codes": str(codes)}
    left_out = [] if corpus.resolve() == PROJECT / "seeds" else ["seed-reading"]
    notebooks = {
        name: with_parameters(without_cells(notebook, *left_out), values)
        for name, notebook in read_notebooks(place).items()
    }
    if not notebooks:
        raise ChapterError("There are no notebooks next to the package; use a clone of Framebook.")
    paths = {
        folder / "tables": "tables",
        folder / "figures": "figures",
        folder: "report",
        corpus: corpus.name,
        PROJECT: "framebook",
        Path(sys.prefix): "python",
        Path(sys.base_prefix): "python",
    }
    paths |= {codes: codes.name} if codes else {}
    made = {}

    def finished(name, notebook):
        _hide_paths(notebook, paths)
        made[name] = (describe(name, notebook)["heading"], notebook_body(notebook, notebooks))

    execute(notebooks, place, lambda name: say(f"notebook {name}"), finished)
    return {name: made[name] for name in notebooks}


def _hide_paths(notebook, paths):
    """Name what lies on this machine as the report does: no page shows where it was made."""
    names = {
        form: name
        for path, name in paths.items()
        if path.name
        for form in (str(path), path.as_posix(), html.escape(str(path)))
    }
    longest_first = sorted(names, key=len, reverse=True)
    known = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")
    # What a warning names as its file: a cell, by the process that ran it.
    temporary = re.compile(rf"{re.escape(tempfile.gettempdir())}[\\/]ipykernel_\d+[\\/]\d+\.py:\d+")
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        for holder in (output, output.get("data", {})):
            for key in SHOWN_TEXT & set(holder):
                text = known.sub(lambda found: names[found[1]], "".join(holder[key]))
                holder[key] = temporary.sub("cell", text)
