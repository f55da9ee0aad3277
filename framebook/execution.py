"""Notebooks executed in memory, each in a fresh kernel; the files are never written."""

import ast
import asyncio
import copy
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from importlib.util import find_spec
from pathlib import Path

import nbformat

from framebook.errors import ChapterError

CELL_SECONDS = 600


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


def without_cells(notebook, tag):
    """Return a copy of the notebook without the cells that have the tag."""
    notebook = copy.deepcopy(notebook)
    notebook.cells = [cell for cell in notebook.cells if not has_tag(cell, tag)]
    return notebook


def with_parameters(notebook, values):
    """Return a copy in which a new cell sets what the `parameters` cell sets, as papermill does.

    Names that the `parameters` cell does not assign are left out.
    """
    notebook = copy.deepcopy(notebook)
    for place, cell in enumerate(notebook.cells, start=1):
        if has_tag(cell, "parameters"):
            names = _assigned(cell.source)
            lines = [f"{name} = {value!r}" for name, value in values.items() if name in names]
            injected = nbformat.v4.new_code_cell(
                "\n".join(lines), id="injected-parameters",
                metadata={"tags": ["injected-parameters"]},
            )
            notebook.cells.insert(place, injected)
            break
    return notebook


def _assigned(source):
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return set()  # running the cell says so, with the chapter's name
    targets = [target for node in statements if isinstance(node, ast.Assign)
               for target in node.targets]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def execute(notebooks, folder, started=None, finished=None, at_once=2):
    """Execute {name: notebook} in place, a fresh kernel each, with `folder` as working directory.

    They start in order, `at_once` at a time; `started(name)` and `finished(name, notebook)` are
    called as they come. Raises ChapterError when one fails, and stops the others.
    """
    with tempfile.TemporaryDirectory(prefix="framebook-", ignore_cleanup_errors=True) as ipython:
        kernel = {"cwd": str(folder), "env": _environment(ipython)}
        _run(_execute_all(notebooks, kernel, started, finished, at_once))


def _environment(ipython):
    """The user's environment less what would let one machine's output differ from another's."""
    environment = {**os.environ, "IPYTHONDIR": ipython, "PYTHONHASHSEED": "0"}
    environment.pop("MPLBACKEND", None)  # the kernel then draws inline
    matplotlib = find_spec("matplotlib")
    if matplotlib:
        style = Path(matplotlib.submodule_search_locations[0], "mpl-data", "matplotlibrc")
        environment["MATPLOTLIBRC"] = str(style)
    return environment


async def _execute_all(notebooks, kernel, started, finished, at_once):
    gate = asyncio.Semaphore(at_once)
    finishing = asyncio.Lock()

    async def one(name, notebook):
        async with gate:
            if started:
                started(name)
            await _execute_one(name, notebook, kernel)
        if finished:
            # In a thread, for a page takes long enough to make that a kernel would wait.
            async with finishing:
                await asyncio.to_thread(finished, name, notebook)

    try:
        async with asyncio.TaskGroup() as group:
            for name, notebook in notebooks.items():
                group.create_task(one(name, notebook))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def _execute_one(name, notebook, kernel):
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpecManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    # Looked for in this environment only: the user's own "python3" may be another Python.
    kernels = KernelSpecManager(kernel_dirs=[str(Path(sys.prefix, "share", "jupyter", "kernels"))])
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=kernels)
    client = NotebookClient(notebook, km=manager, timeout=CELL_SECONDS,
                            startup_timeout=CELL_SECONDS, record_timing=False,
                            coalesce_streams=True, shutdown_kernel="immediate",
                            extra_arguments=["--log-level=ERROR"])
    try:
        await client.async_execute(cleanup_kc=True, **kernel)
    except CellExecutionError as error:
        reason = f"{error.ename}: {error.evalue}".strip().splitlines()[0]
    except CellTimeoutError:
        reason = f"it took more than {CELL_SECONDS} seconds."
    except DeadKernelError:
        reason = "its Python ended; the memory may have run out."
    else:
        return
    finally:
        if manager.has_kernel:  # nbclient leaves one that was still starting
            await manager.shutdown_kernel(now=True)
    injected = any(has_tag(cell, "injected-parameters") for cell in notebook.cells)
    number = client.code_cells_executed - injected
    raise ChapterError(f"Chapter {name} failed in code cell {number}: {reason}")


def _run(coroutine):
    """Run to the end in a thread of its own: in the main thread nbclient would take Ctrl-C."""
    running = []

    async def run():
        running.extend([asyncio.get_running_loop(), asyncio.current_task()])
        await coroutine

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(asyncio.run, run())
        try:
            while wait([future], timeout=0.2).not_done:
                pass  # Windows would not let Ctrl-C through to an endless wait
        except BaseException:
            if running:
                loop, task = running
                loop.call_soon_threadsafe(task.cancel)
            raise
    future.result()
