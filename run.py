"""Run a framebook command, in an environment that is made next to this file when it is missing.

    python run.py COMMAND ...

makes .venv from requirements.lock (once), then does what `framebook COMMAND ...` does.

    python run.py add formats                adds the packages for one of the extras in locks/
    python run.py bundle --out room.zip      makes a bundle for a room without a network
    python run.py --bundle room.zip COMMAND  takes the packages from it; the run.py of an
                                             unpacked bundle does so without being told

It needs Python 3.11 or newer and nothing else. Any older Python can read this file too,
so that it can say in one sentence that it is too old: that is why it has no f-strings.
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
PIP = ["-m", "pip"]  # of that Python
STAMP = os.path.join(VENV, "framebook-stamp")  # what .venv was made from; written last
FILES = os.path.join(VENV, "framebook-files")  # the size and name of each file that was installed
LOG = os.path.join(VENV, "framebook-set-up.log")  # all that the installer printed
FREE = os.path.join(".venv", "framebook-no-constraints")  # empty: the lock alone decides
LOCK = "requirements.lock"
TEST_LOCK = os.path.join("tests", "requirements.lock")  # what only the tests need
LOCKS = "locks"  # one lock for each extra that can be added
WHEELS = os.path.join(HERE, "wheels")  # only an unpacked bundle has it
IN_ZIP = "framebook/wheels/"  # where a bundle that is still a zip has it
MANIFEST = "bundle.json"  # in there: the lock that it was made from, and the wheels for whom
OTHERS = re.compile("__pycache__|pip|setuptools|pkg_resources|_distutils_hack|distutils-prec")
PROCEDURE = 3  # raise it when the set-up below changes, so that every .venv is made again


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
    with open(os.path.join(HERE, LOCK), "rb") as file:
        return hashlib.sha256(file.read().replace(b"\r\n", b"\n")).hexdigest()


def list_extras():
    """Return {name: lock} of the extras that `add` knows."""
    folder = os.path.join(HERE, LOCKS)
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return {n[: -len(".lock")]: os.path.join(LOCKS, n) for n in names if n.endswith(".lock")}


# What is in .venv


def read_stamp():
    """Return what .venv was made from; nothing where that is not known or it is unfinished."""
    try:
        with open(STAMP) as file:
            stamp = json.loads(file.read())
        return {"made": stamp["made"], "added": dict(stamp["added"]), "top": list(stamp["top"])}
    except (OSError, ValueError, LookupError, TypeError):
        return {"made": "", "added": {}, "top": []}


def write_stamp(made="", added=(), top=()):
    with open(STAMP, "w") as file:
        file.write(json.dumps({"made": made, "added": dict(added), "top": list(top)}))


def site_packages():
    """Return the folder in .venv that packages are installed into."""
    if os.name == "nt":
        return os.path.join(VENV, "Lib", "site-packages")
    return os.path.join(VENV, "lib", "python%d.%d" % tuple(sys.version_info[:2]), "site-packages")


def list_top():
    """Return what is in there, without what Python writes later and what its user may upgrade."""
    return sorted(name for name in os.listdir(site_packages()) if not OTHERS.match(name))


def list_files():
    """Yield (size, name) of each file in .venv, less the same."""
    for folder, folders, files in os.walk(VENV):
        folders[:] = sorted(name for name in folders if not OTHERS.match(name))
        for name in sorted(files):
            path = os.path.join(folder, name)
            own = OTHERS.match(name) or path in (STAMP, FILES, LOG)
            if not own and not os.path.islink(path):
                yield os.path.getsize(path), os.path.relpath(path, VENV)


def seal(made, added):
    """Write down that .venv is complete, and what is in it."""
    with open(FILES, "wb") as file:
        for size, name in list_files():
            file.write(("%d %s\n" % (size, name)).encode("utf-8", "surrogateescape"))
    if hasattr(os, "sync"):
        os.sync()  # after a power cut there is no stamp without the files that it stands for
    write_stamp(made, added, list_top())


def find_damage(stamp, thoroughly):
    """Return what is wrong with a finished .venv, or None. Thoroughly: look at every file."""
    try:
        missing = set(stamp["top"]) - set(list_top())
        if missing:
            return "%s is missing" % sorted(missing)[0]
        where = "import os, sys; print(os.path.realpath(sys.prefix))"
        command = [PYTHON, "-I", "-c", where]
        null = subprocess.DEVNULL
        clean = clean_environment()
        prefix = subprocess.check_output(command, stdin=null, stderr=null, env=clean)
        prefix = prefix.decode(errors="replace")
        if os.path.normcase(prefix.strip()) != os.path.normcase(os.path.realpath(VENV)):
            return "its Python is another"
        if thoroughly:
            with open(FILES, "rb") as file:
                expected = file.read().decode("utf-8", "surrogateescape").splitlines()
            there = set("%d %s" % each for each in list_files())
            wrong = [line for line in expected if line not in there]
            if wrong:
                return "%s is missing or was changed" % wrong[0].partition(" ")[2]
    except (OSError, subprocess.CalledProcessError):
        return "its Python does not start, or files are missing"
    return None


def plan(wanted, thoroughly=False):
    """Return (the stamp to come, whether .venv must be made, why, the extras to add)."""
    extras = dict(list_extras(), test=TEST_LOCK)
    made = digest_of(LOCK, "pyproject.toml")
    stamp = read_stamp()
    why = None
    if stamp["made"]:
        changed = stamp["made"] != made
        why = "it is out of date" if changed else find_damage(stamp, thoroughly)
    if why or not stamp["made"]:
        # what was added is added again, less the tests' packages, which the next test adds
        kept = [name for name in stamp["added"] if name in extras and name != "test"]
        missing = kept + [name for name in wanted if name not in kept]
        return {"made": made, "added": {}}, True, why, missing
    digests = {name: digest_of(extras[name]) for name in wanted}
    missing = [name for name in wanted if stamp["added"].get(name) != digests[name]]
    return {"made": made, "added": stamp["added"]}, False, None, missing


# The set-up


def make_ready(wanted, bundle, thoroughly=False):
    """See to it that .venv is complete and up to date, one process at a time."""
    _, make, why, missing = plan(wanted, thoroughly)
    if not (make or missing):
        return
    import time

    with open(VENV + ".lock", "w") as file:
        os.set_inheritable(file.fileno(), True)
        if not lock(file):
            say("Another run is setting up .venv; waiting for it.")
            while not lock(file):
                time.sleep(0.2)
        stamp, make, why, missing = plan(wanted, thoroughly)  # the other run may have done it
        if make or missing:
            set_up(stamp, make, why, missing, bundle)


def set_up(stamp, make, why, missing, bundle):
    """Make .venv unless it is only extras that are missing, and add those."""
    uv = find_uv()
    check_pip_can_come(uv)
    if uv:
        installer = [uv, "pip", "install", "--python", PYTHON, "--compile-bytecode"]
        check = [uv, "pip", "check", "--python", PYTHON]
    else:
        installer = [PYTHON] + PIP + ["install", "--disable-pip-version-check", "--compile"]
        check = [PYTHON] + PIP + ["check", "--disable-pip-version-check"]
    # The locks are complete: nothing is resolved, so no newer release can change the outcome.
    locked = installer + ["--no-deps", "--require-hashes"]
    extras = dict(list_extras(), test=TEST_LOCK)
    if make:
        wheels = wheels_for_this_machine(bundle) if bundle else []
        if why:
            say("The folder .venv must be made again: %s." % why)
        say(
            "Setting up .venv, once: "
            + ("this takes some seconds, with uv." if uv else "this takes one to two minutes.")
        )
        say("1 of 4: an empty environment for Python %d.%d." % tuple(sys.version_info[:2]))
        empty_venv()
        create(uv)
        # -f names a folder with wheels here on this disk, and no address
        from_bundle = ["--no-index", "-f", unpack(bundle, wheels)] if bundle else []
        say("2 of 4: the packages of %s." % (bundle or LOCK))
        install(locked + from_bundle + ["-r", LOCK])
        say("3 of 4: Framebook itself.")
        own = ["--no-index", "--no-deps", "--no-build-isolation", "--editable", "."]
        install(installer + own)
        say("4 of 4: do the packages fit together?")
        install(check)
        remove(os.path.join(VENV, "wheels"))
        seal(stamp["made"], stamp["added"])
    for name in missing:
        say("Adding the packages for %s, from %s: once." % (name, extras[name]))
        folder = ["-f", bundle] if bundle and os.path.isdir(bundle) else []
        install(locked + folder + ["-r", extras[name]])
        install(check)
        stamp["added"][name] = digest_of(extras[name])
        seal(stamp["made"], stamp["added"])


def create(uv):
    """Make an environment in .venv, which holds nothing but the mark of an unfinished set-up."""
    import venv

    try:
        venv.create(VENV, symlinks=os.name != "nt", with_pip=not uv)
    except subprocess.CalledProcessError as error:
        said = (error.output or b"").decode(errors="replace")
        with open(LOG, "a", errors="replace") as file:
            file.write(said)
        raise SetUpError(  # noqa: B904  older Pythons have no "from"
            "Python could not put pip into .venv (%s); its whole output is in %s."
            % (reason_in(said), LOG)
        )
    open(os.path.join(HERE, FREE), "w").close()


def install(command):
    """Run an installer; its whole output goes into the log, and a terminal shows where it is."""
    with open(LOG, "a", errors="replace") as log:
        log.write("$ %s\n" % " ".join(command))
        log.flush()
        process = subprocess.Popen(
            command,
            cwd=HERE,  # so that no settings of the user's own folder apply
            env=installer_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
            errors="replace",
            close_fds=False,  # the installer holds the lock too, should this process be killed
        )
        live = sys.stderr.isatty()
        said = []
        try:
            for line in process.stdout:
                log.write(line)
                said.append(line)
                if live and line.startswith(("Collecting", "Installing")):
                    sys.stderr.write("\r  %-70s" % line.strip()[:70])
                    sys.stderr.flush()
            status = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
        finally:
            process.stdout.close()
            sys.stderr.write("\r%72s\r" % "" if live else "")
    if status != 0:
        raise SetUpError(
            "the packages could not be installed (%s); the installer's whole output is in %s. "
            "The first set-up needs a network or a bundle; the next run starts it again."
            % (reason_in("".join(said)), LOG)
        )


def reason_in(said):
    """Return the line of an installer's output that says what was wrong."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(?i)error\b|.*\u00d7|.*has requirement", line)]
    return (errors or lines or ["it said nothing"])[-1].rstrip(".:")[:300]


def clean_environment():
    """Return the environment variables without those that would send .venv's Python astray."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH")}
    if kept.get("LC_ALL") in ("C", "POSIX"):
        kept["LC_ALL"] = "C.UTF-8"  # or Python 3.11 cannot start in a folder named "ü"
    return kept


def installer_environment():
    """Return the same without settings that would install other packages, or elsewhere.

    Where packages come from stays the user's choice: index, proxy, certificates, cache.
    """
    elsewhere = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_HASHES", "PIP_DRY_RUN")
    elsewhere += ("UV_TARGET", "UV_PREFIX", "UV_REQUIRE_HASHES")
    kept = {k: v for k, v in clean_environment().items() if k not in elsewhere}
    constraints = {name: FREE for name in ("PIP_CONSTRAINT", "UV_CONSTRAINT", "UV_OVERRIDE")}
    return dict(kept, PIP_USER="0", **constraints)


def empty_venv():
    """Leave a .venv folder that holds nothing but the mark of an unfinished set-up."""
    found = os.listdir(VENV) if os.path.isdir(VENV) else []
    if found and os.path.basename(STAMP) not in found:
        raise SetUpError(VENV + " was not made by run.py: rename or delete it, then try again.")
    if not os.path.isdir(VENV):
        os.mkdir(VENV)
    write_stamp()
    for name in os.listdir(VENV):
        if os.path.join(VENV, name) != STAMP:
            remove(os.path.join(VENV, name))


def remove(path):
    """Remove a file, a link or a folder, if it is there."""
    import shutil

    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


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


# A bundle


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
            "%s is not a whole bundle made by `run.py bundle` (%s): copy it again."
            % (bundle, error)
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
        made_from, wheels = manifest["lock"], manifest["wheels"]
        for name in sum(wheels.values(), []):
            if not re.match(r"[\w.+!-]+\.whl\Z", name):  # nothing that leads to another folder
                raise ValueError("%r is not the name of a wheel" % name)
    if made_from != digest_of_lock():
        raise SetUpError(
            "%s was made from another requirements.lock than the one next to run.py: "
            "unpack it and use the run.py in it, or make it again from this folder." % bundle
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


# The commands


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


def choose_extras(names):
    """Return the extras named after `add`; raise where one is not known."""
    extras = list_extras()
    if not names or not set(names) <= set(extras):
        raise ValueError("add takes one or more of %s." % ", ".join(sorted(extras)))
    return list(names)


def main(arguments):
    if sys.version_info < (3, 11):
        say("needs Python 3.11 or newer, and this is Python %d.%d." % tuple(sys.version_info[:2]))
        return 1
    bundle = WHEELS if os.path.isdir(WHEELS) else None
    if arguments[:1] == ["--bundle"]:
        if len(arguments) == 1:
            say("--bundle needs the zip that `run.py bundle` made, and then a command.")
            return 2
        bundle, arguments = os.path.abspath(arguments[1]), arguments[2:]
    command = arguments[0] if arguments else ""
    try:
        wanted = choose_extras(arguments[1:]) if command == "add" else []
    except ValueError as error:
        say(str(error))
        return 2
    try:
        make_ready(["test"] if command == "test" else wanted, bundle, command == "check")
        if command == "add":
            say("%s can be used now." % " and ".join(wanted))
            return 0
        return hand_over(arguments)
    except SetUpError as error:
        say(str(error))
    except UnicodeError:
        say("the folder's name has letters that this locale cannot write: set PYTHONUTF8=1.")
    except OSError as error:
        say(
            "cannot make the environment: %s. " % error
            + "This needs the project's whole folder, permission to write in it, and 1 GB of disk."
        )
    except KeyboardInterrupt:
        say("interrupted; the next run starts the set-up again.")
        return 130
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
