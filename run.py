"""Run a framebook command, in an environment that is made beside this file when it is missing.

    python run.py COMMAND ...

makes .venv from requirements.lock (once), then does what `framebook COMMAND ...` does.
It needs Python 3.11 or newer and nothing else. Any older Python can read this file too,
so that it can say in one sentence that it is too old: hence no f-strings here.
"""
import hashlib
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
VENV = os.path.join(HERE, ".venv")
PYTHON = os.path.join(VENV, *(["Scripts", "python.exe"] if os.name == "nt" else ["bin", "python"]))
STAMP = os.path.join(VENV, "framebook-stamp")  # what .venv was made from; written last
UNFINISHED = "unfinished"
TEST_LOCK = os.path.join("tests", "requirements.lock")  # what only the tests need
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


def set_up(stamp, stamp_with_tests):
    """Make .venv anew unless it is only the test packages that are missing, and add those."""
    uv = find_uv()
    check_pip_can_come(uv)
    if uv:
        installer = [uv, "pip", "install", "--quiet", "--python", PYTHON, "--compile-bytecode"]
    else:
        installer = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--compile"]
    if not is_ready(stamp):
        make_environment(installer, uv)
        write_stamp(stamp)
    if stamp_with_tests:
        say("Adding what the tests need, from tests/requirements.lock: once.")
        install(installer + ["--require-hashes", "-r", TEST_LOCK])
        write_stamp(stamp_with_tests)


def make_environment(installer, uv):
    """Make .venv anew and install the locked packages and framebook into it."""
    say(
        "Setting up .venv from requirements.lock: once, "
        + ("some seconds, with uv." if uv else "one to two minutes.")
    )
    empty_venv()
    import venv

    venv.create(VENV, symlinks=os.name != "nt", with_pip=not uv)
    install(installer + ["--require-hashes", "-r", "requirements.lock"])
    install(installer + ["--no-index", "--no-deps", "--no-build-isolation", "--editable", "."])


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
        raise SetUpError(
            VENV + " was not made by run.py: rename or delete it, then try again."
        )
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
            "the first set-up needs a network. The next run starts it afresh."
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


def make_ready(testing):
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
            set_up(stamp, with_tests)


def hand_over(arguments):
    """Become `python -m framebook` of .venv, or where that can't be, wait for it."""
    command = [PYTHON, "-P", "-m", "framebook"] + arguments  # -P: not from the current folder
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
    try:
        make_ready(testing=arguments[:1] == ["test"])
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
