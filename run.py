"""Run a framebook command, in an environment that is made beside this file when it is missing.

    python run.py COMMAND ...

makes .venv from requirements.lock (once), then does what `framebook COMMAND ...` does.

    python run.py bundle --out room.zip      makes a bundle for a room without a network
    python run.py --bundle room.zip COMMAND  takes the packages from it, and so does, without
                                             being told, the run.py of an unpacked bundle

It needs Python 3.11 or newer and nothing else. Any older Python can read this file too,
so that it can say in one sentence that it is too old: hence no f-strings here.
"""

import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, *(["Scripts", "python.exe"] if os.name == "nt" else ["bin", "python"]))
STAMP = os.path.join(VENV, "framebook-stamp")  # what .venv was made from; written last
UNFINISHED = "unfinished"
TEST_LOCK = os.path.join("tests", "requirements.lock")  # what only the tests need
WHEELS = os.path.join(HERE, "wheels")  # only an unpacked bundle has it
IN_ZIP = "framebook/wheels/"  # where a bundle that is still a zip has it
MANIFEST = "bundle.json"  # in there: the lock that it was made from, and the wheels for whom
PROCEDURE = 2  # raise it when the set-up below changes, so that every .venv is made anew


class SetUpError(Exception):
    """The environment cannot be made; the message says why and what to do."""


def say(sentence):
    sys.stderr.write("framebook: " + sentence + "\n")
    sys.stderr.flush()


def digest_of(*names):
    digest = hashlib.sha256()
    for name in names:
        with open(os.path.join(HERE, name), "rb") as file:
            digest.update(file.read())
    made_with = (PROCEDURE, tuple(sys.version_info[:2]), sys.base_prefix, HERE)
    digest.update(repr(made_with).encode())
    return digest.hexdigest()


def digest_of_lock():
    with open(os.path.join(HERE, "requirements.lock"), "rb") as file:
        return hashlib.sha256(file.read().replace(b"\r\n", b"\n")).hexdigest()


def is_ready(stamp):
    """Tell whether .venv is complete, up to date, and its Python still there.

    The stamp of one that has the test packages too begins as the stamp of one that has not.
    """
    try:
        with open(STAMP) as file:
            return file.read().startswith(stamp) and os.path.exists(PYTHON)
    except OSError:
        return False


def write_stamp(text):
    with open(STAMP, "w") as file:
        file.write(text)


def set_up(stamp, stamp_with_tests, bundle):
    """Make .venv anew unless it is only the test packages that are missing, and add those."""
    uv = find_uv()
    check_pip_can_come(uv)
    if uv:
        installer = [uv, "pip", "install", "--quiet", "--python", PYTHON, "--compile-bytecode"]
    else:
        installer = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--compile"]
    if not is_ready(stamp):
        make_environment(installer, uv, bundle)
        write_stamp(stamp)
    if stamp_with_tests:
        say("Adding what the tests need, from tests/requirements.lock: once.")
        install(installer + ["--require-hashes", "-r", TEST_LOCK])
        write_stamp(stamp_with_tests)


def make_environment(installer, uv, bundle):
    """Make .venv anew and install the locked packages and framebook into it."""
    wheels = wheels_for_this_machine(bundle) if bundle else []
    say(
        "Setting up .venv from %s: once, " % (bundle or "requirements.lock")
        + ("some seconds, with uv." if uv else "one to two minutes.")
    )
    empty_venv()
    import venv

    venv.create(VENV, symlinks=os.name != "nt", with_pip=not uv)
    # -f names a folder with wheels here on this disk, and no address
    from_bundle = ["--no-index", "-f", unpack(bundle, wheels)] if bundle else []
    install(installer + from_bundle + ["--require-hashes", "-r", "requirements.lock"])
    install(installer + ["--no-index", "--no-deps", "--no-build-isolation", "--editable", "."])
    if bundle:
        import shutil

        shutil.rmtree(os.path.join(VENV, "wheels"), ignore_errors=True)


def machine():
    """Return what tools/bundle.py calls this machine, and its Python."""
    import platform

    system = {"win32": "windows", "darwin": "macos"}.get(sys.platform, sys.platform)
    processor = platform.machine().lower().replace("amd64", "x86_64")
    return "%s-%s" % (system, processor), "%d.%d" % tuple(sys.version_info[:2])


@contextlib.contextmanager
def reading(bundle):
    """Turn whatever a missing, foreign or damaged bundle raises into one sentence."""
    import zipfile
    import zlib

    foreign = (FileNotFoundError, LookupError, AttributeError, TypeError, ValueError)
    damaged = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
    try:
        yield
    except foreign + damaged as error:
        raise SetUpError(  # noqa: B904  older Pythons have no "from"
            "%s is not a whole bundle made by `run.py bundle` (%s): copy it anew." % (bundle, error)
        )


def wheels_for_this_machine(bundle):
    """Return the file names of this machine's wheels in a bundle; raise where it has none."""
    import zipfile

    with reading(bundle):
        if os.path.isdir(bundle):
            with open(os.path.join(bundle, MANIFEST), "rb") as file:
                manifest = json.loads(file.read().decode())
        else:
            with zipfile.ZipFile(bundle) as file:
                manifest = json.loads(file.read(IN_ZIP + MANIFEST).decode())
        lock, wheels = manifest["lock"], manifest["wheels"]
        for name in sum(wheels.values(), []):
            if not re.match(r"[\w.+!-]+\.whl\Z", name):  # nothing that leads to another folder
                raise ValueError("%r is no name of a wheel" % name)
    if lock != digest_of_lock():
        raise SetUpError(
            "%s was made from another requirements.lock than the one beside run.py: "
            "unpack it and use the run.py in it, or make it anew from this folder." % bundle
        )
    here = "%s, Python %s" % machine()
    if here not in wheels:
        raise SetUpError(
            "%s has no packages for %s, only for %s: where there is a network, make it with "
            "`run.py bundle --out room.zip --platform %s --python %s`."
            % ((bundle, here, "; ".join(sorted(wheels))) + machine())
        )
    return wheels[here]


def unpack(bundle, wheels):
    """Return the folder with the wheels of a bundle; those of a zip are copied into .venv."""
    if os.path.isdir(bundle):
        return bundle
    import shutil
    import zipfile

    folder = os.path.join(VENV, "wheels")
    os.mkdir(folder)
    with reading(bundle), zipfile.ZipFile(bundle) as file:
        for name in wheels:
            with file.open(IN_ZIP + name) as wheel, open(os.path.join(folder, name), "wb") as copy:
                shutil.copyfileobj(wheel, copy)
    return folder


def find_uv():
    """Return the path of a uv that works, or None."""
    import shutil

    uv = shutil.which("uv")
    null = subprocess.DEVNULL
    return uv if uv and subprocess.call([uv, "--version"], stdout=null, stderr=null) == 0 else None


def check_pip_can_come(uv):
    """Raise where neither uv nor pip can be had, as on a Debian without python3-venv."""
    import importlib.util

    if not uv and importlib.util.find_spec("ensurepip") is None:
        raise SetUpError(
            "this Python cannot make environments: install its venv package "
            "(on Debian and Ubuntu: apt install python3-venv) or uv, then try again."
        )


def empty_venv():
    """Leave a .venv folder that holds nothing but the mark of an unfinished set-up."""
    import shutil

    found = os.listdir(VENV) if os.path.isdir(VENV) else []
    if found and os.path.basename(STAMP) not in found:
        raise SetUpError(VENV + " was not made by run.py: rename or delete it, then try again.")
    if not os.path.isdir(VENV):
        os.mkdir(VENV)
    write_stamp(UNFINISHED)
    for name in os.listdir(VENV):
        path = os.path.join(VENV, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif path != STAMP:
            os.remove(path)


def install(command):
    """Run an installer beside this file; of pip's talk show only which package it is at."""
    process = subprocess.Popen(
        command,
        cwd=HERE,  # so that no settings of the user's own folder apply
        env=clean_environment(),
        stdout=subprocess.PIPE,
        universal_newlines=True,
        errors="replace",
        close_fds=False,  # the installer holds the lock too, should this process be killed
    )
    live = sys.stderr.isatty()
    try:
        for line in process.stdout:
            if live and line.startswith(("Collecting", "Installing")):
                sys.stderr.write("\r  %-70s" % line.strip()[:70])
                sys.stderr.flush()
        status = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        sys.stderr.write("\r%72s\r" % "" if live else "")
    if status != 0:
        raise SetUpError(
            "the packages could not be installed, for the reason above; "
            "the first set-up needs a network or a bundle. The next run starts it afresh."
        )


def clean_environment():
    """Return the environment variables less those that would send .venv's Python astray."""
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}


def lock(file):
    """Try to take the lock of an open file; it ends with this process, however that ends."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def make_ready(testing, bundle):
    """See to it that .venv is complete and up to date, one process at a time."""
    stamp = digest_of("requirements.lock", "pyproject.toml")
    with_tests = stamp + digest_of(TEST_LOCK) if testing else ""
    if is_ready(with_tests or stamp):
        return
    import time

    with open(VENV + ".lock", "w") as file:
        os.set_inheritable(file.fileno(), True)
        if not lock(file):
            say("Another run is setting up .venv; waiting for it.")
            while not lock(file):
                time.sleep(0.2)
        if not is_ready(with_tests or stamp):  # the other run may have done it
            set_up(stamp, with_tests, bundle)


def hand_over(arguments):
    """Become `python -m framebook` of .venv, or where that can't be, wait for it."""
    program = ["-m", "framebook"]
    if arguments[:1] == ["bundle"]:
        program, arguments = [os.path.join(HERE, "tools", "bundle.py")], arguments[1:]
    command = [PYTHON, "-P"] + program + arguments  # -P: not from the current folder
    if os.name != "nt":
        os.execve(PYTHON, command, clean_environment())
    process = subprocess.Popen(command, env=clean_environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the command has got it too, and ends in its own way
            continue


def main(arguments):
    if sys.version_info < (3, 11):
        say("needs Python 3.11 or newer, and this is Python %d.%d." % tuple(sys.version_info[:2]))
        return 1
    bundle = WHEELS if os.path.isdir(WHEELS) else None
    if arguments[:1] == ["--bundle"]:
        if len(arguments) == 1:
            say("--bundle needs the zip that `run.py bundle` made, and then a command.")
            return 2
        bundle, arguments = arguments[1], arguments[2:]
    try:
        make_ready(arguments[:1] == ["test"], bundle)
        return hand_over(arguments)
    except SetUpError as error:
        say(str(error))
    except subprocess.CalledProcessError as error:
        say("Python could not put pip into .venv: %s" % error)
    except OSError as error:
        say(
            "cannot make the environment: %s. " % error
            + "This needs the project's whole folder, leave to write in it, and 1 GB of disk."
        )
    except KeyboardInterrupt:
        say("interrupted; the next run starts the set-up afresh.")
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
