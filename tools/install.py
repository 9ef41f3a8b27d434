"""Make the virtual environment of glasshouse from a lock, with the standard library alone.

``python3 tools/install.py .venv run`` installs what a run needs, ``... test`` what the tests need
as well. Every package is checked against the hash in the lock, and nothing is built from source.
Nothing happens when the environment already holds the lock as it is now: a stamp says so.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
HOLDS = {"run": ("run",), "test": ("test", "run")}  # the test lock contains the run lock


class SetupError(Exception):
    """The environment cannot be made, and the message says what to do."""


def main(arguments: list[str]) -> int:
    """Install, or say what stands in the way."""
    if len(arguments) != 2 or arguments[1] not in HOLDS:
        print("usage: install.py DIRECTORY run|test", file=sys.stderr)
        return 2
    try:
        install(Path(arguments[0]), arguments[1])
    except SetupError as error:
        print(f"glasshouse cannot be installed: {error}", file=sys.stderr)
        return 2
    return 0


def install(venv: Path, lock: str) -> None:
    """Bring ``venv`` to ``lock``, and leave it alone where it is there already."""
    if is_current(venv, lock):
        return
    started = time.monotonic()
    print(f"glasshouse: installing into {venv} (locks/{lock}.txt)", file=sys.stderr)
    python = interpreter(venv)
    install_locked(python, ROOT / "locks" / f"{lock}.txt")
    install_itself(python)
    for held in HOLDS[lock]:
        stamp(venv, held).write_text(fingerprint(held), encoding="utf-8")
    print(f"glasshouse: installed in {time.monotonic() - started:.0f} s", file=sys.stderr)


def fingerprint(lock: str) -> str:
    """Name what an installed environment depends on: the lock, the package's face, the place."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in (ROOT / "locks" / f"{lock}.txt", ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamp(venv: Path, lock: str) -> Path:
    """Give the file that says which lock an environment holds."""
    return venv / f".holds-{lock}"


def is_current(venv: Path, lock: str) -> bool:
    """Say whether ``venv`` was made from this lock, here, and still has its program."""
    try:
        same = stamp(venv, lock).read_text(encoding="utf-8") == fingerprint(lock)
    except OSError:
        return False
    # The Python of an environment is a link, which dies with the Python it was made from.
    return same and all((venv / "bin" / name).exists() for name in ("glasshouse", "python"))


def interpreter(venv: Path) -> Path:
    """Give the environment's Python; make the environment where there is none."""
    python = venv / "bin" / "python"
    if not python.exists():
        if venv.exists():
            raise SetupError(f"{venv} is there without a working Python; `make clean`, try again")
        if sys.version_info < OLDEST:
            raise SetupError("it needs Python 3.11 or newer")
        if importlib.util.find_spec("ensurepip") is None:
            raise SetupError("this Python has no venv; on Debian: apt install python3-venv")
        call([sys.executable, "-m", "venv", str(venv)], "the virtual environment was not made")
    question = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    if subprocess.run([python, "-c", question], check=False).returncode:
        raise SetupError(f"{venv} holds an older or broken Python; remove it and try again")
    return python


def install_locked(python: Path, lock: Path) -> None:
    """Install the lock with its hashes: with uv where it is at hand and works, else with pip."""
    options = ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    uv = shutil.which("uv")
    if uv is not None:
        command = [uv, "pip", "install", "--quiet", "--python", str(python), *options]
        if subprocess.run(command, check=False).returncode == 0:
            return
        print("glasshouse: uv did not manage; trying pip", file=sys.stderr)
    call([*pip(python), "install", "--quiet", *options], "a package of the lock is missing")


def install_itself(python: Path) -> None:
    """Put this checkout on the environment's path, without asking any index."""
    options = ["--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    call([*pip(python), "install", "--quiet", *options], "glasshouse itself was not installed")


def pip(python: Path) -> list[str]:
    """Give the command of the environment's own pip."""
    return [str(python), "-m", "pip", "--no-input"]


def call(command: list[str], complaint: str) -> None:
    """Run ``command`` or stop with ``complaint``."""
    if subprocess.run(command, check=False).returncode:
        raise SetupError(f"{complaint} (see above)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
