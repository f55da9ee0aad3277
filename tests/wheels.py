"""Tiny packages for tests of the set-up."""

import hashlib
import zipfile


def make_wheel(folder, name, version="1.0", requires=(), extra="", tag="py3-none-any"):
    """Put a wheel with one empty module into a folder and return its entry for a lock."""
    path = folder / f"{name}-{version}-{tag}.whl"
    about = f"{name}-{version}.dist-info"
    metadata = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}"]
    metadata += [f"Requires-Dist: {one}" for one in requires]
    metadata += [f"Provides-Extra: {extra}"] if extra else []
    files = {
        f"{name}/__init__.py": f"# {tag}\n",
        f"{about}/METADATA": "\n".join(metadata) + "\n",
        f"{about}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    files[f"{about}/RECORD"] = "".join(f"{one},,\n" for one in [*files, f"{about}/RECORD"])
    with zipfile.ZipFile(path, "w") as file:
        for one, text in files.items():
            file.writestr(one, text)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"
