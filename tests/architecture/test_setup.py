"""One command installs, from a lock of hashes without addresses."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml


def pins(lock: Path) -> dict[str, set[str]]:
    """Give the versions that a lock allows of each package."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([a-z0-9-]+)==(\S+)", lock.read_text(encoding="utf-8")):
        found.setdefault(name, set()).add(version)
    return found


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """Give what pyproject.toml says."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def names_of(requirements: list[str]) -> set[str]:
    """Give the bare names of requirements."""
    return {re.split(r"[^A-Za-z0-9-]", text)[0].casefold() for text in requirements}


@pytest.mark.parametrize("lock", ["run", "test"])
def test_every_pin_has_a_hash_and_no_address(root: Path, lock: str) -> None:
    """A lock holds names, exact versions, conditions and hashes: no host, no file, no option."""
    text = (root / "locks" / f"{lock}.txt").read_text(encoding="utf-8")
    for block in re.split(r"\n(?=[a-z])", text.strip()):
        first, *rest = block.split("\n")
        assert re.fullmatch(r"[a-z0-9-]+==[a-z0-9.]+( ; [\w .'=<>!*]+)? \\", first), first
        assert rest, first
        for line in rest:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), line


def test_the_run_lock_is_part_of_the_test_lock(root: Path) -> None:
    """What is tested is what runs."""
    run, test = pins(root / "locks" / "run.txt"), pins(root / "locks" / "test.txt")
    assert set(run) <= set(test)
    assert all(run[name] <= test[name] for name in run)


def test_the_locks_hold_what_the_package_asks_for(root: Path, project: dict[str, Any]) -> None:
    """Every dependency is pinned: of a run and its bench in one lock, of the tests in the other."""
    run, test = pins(root / "locks" / "run.txt"), pins(root / "locks" / "test.txt")
    extras = project["project"]["optional-dependencies"]
    needed = project["project"]["dependencies"] + extras["bench"] + extras["notebook"]
    assert names_of(needed + project["build-system"]["requires"]) <= set(run)
    every = [requirement for extra in extras.values() for requirement in extra]
    assert names_of(every) - {"glasshouse"} <= {name.casefold() for name in test}


def test_numpy_still_runs_on_the_oldest_python(root: Path) -> None:
    """Python 3.11 ends at NumPy 2.4."""
    (version,) = pins(root / "locks" / "run.txt")["numpy"]
    major, minor = (int(part) for part in version.split(".")[:2])
    assert (major, minor) < (2, 5)


def test_version_and_licence_are_said_alike_everywhere(root: Path, project: dict[str, Any]) -> None:
    """The package, its citation and its changelog name one version; the licence is Apache-2.0."""
    import glasshouse

    version = project["project"]["version"]
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    assert glasshouse.__version__ == version
    assert citation["version"] == version
    assert citation["license"] == project["project"]["license"] == "Apache-2.0"
    assert f"## [{version}]" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
    licence = (root / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence


def test_installing_again_does_nothing(root: Path, tmp_path: Path) -> None:
    """A stamp of this lock, in this place, beside the program, is enough; another is not."""
    program = root / "tools" / "install.py"
    script = (
        f"import runpy, pathlib; tool = runpy.run_path({str(program)!r})\n"
        f"venv = pathlib.Path({str(tmp_path)!r})\n"
        "assert not tool['is_current'](venv, 'run')\n"
        "(venv / 'bin').mkdir(); (venv / 'bin' / 'glasshouse').touch()\n"
        "tool['stamp'](venv, 'run').write_text(tool['fingerprint']('run'))\n"
        "assert not tool['is_current'](venv, 'run')\n"
        "(venv / 'bin' / 'python').touch()\n"
        "assert tool['is_current'](venv, 'run')\n"
        "tool['install'](venv, 'run')\n"
        "tool['stamp'](venv, 'run').write_text('another lock')\n"
        "assert not tool['is_current'](venv, 'run')\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_installer_needs_the_standard_library_alone(root: Path) -> None:
    """The set-up runs where nothing has been installed yet."""
    text = (root / "tools" / "install.py").read_text(encoding="utf-8")
    imported = set(re.findall(r"(?m)^\s*(?:import|from) (\w+)", text))
    assert imported <= sys.stdlib_module_names


def test_make_offers_its_verbs(root: Path) -> None:
    """`make help` names what a reader is told to type."""
    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=root, capture_output=True, check=True
    )
    for verb in ("demo", "test", "lint", "bench", "clean", "install", "site"):
        assert f"make {verb} " in done.stdout.decode()


def test_continuous_integration_does_what_a_person_does(root: Path) -> None:
    """`.ci/run` can be executed and ends in `make test`."""
    script = root / ".ci" / "run"
    assert script.stat().st_mode & 0o100
    assert script.read_text(encoding="utf-8").rstrip().endswith("make test")


def test_continuous_integration_looks_with_a_browser(root: Path) -> None:
    """`.ci/run` installs Chromium and a typeface where they are missing, and forbids skipping."""
    text = (root / ".ci" / "run").read_text(encoding="utf-8")
    assert "missing+=(chromium)" in text
    assert "missing+=(fonts-dejavu-core)" in text
    assert "export GLASSHOUSE_BROWSER=required" in text


def test_what_is_installed_is_whole(root: Path, kept_files: list[Path], tmp_path: Path) -> None:
    """A wheel, built without an index, holds every file of the package: data, page, templates."""
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, tmp_path / name)
    inside = {path.relative_to(root / "src") for path in kept_files if root / "src" in path.parents}
    for path in inside:
        (tmp_path / "src" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / "src" / path, tmp_path / "src" / path)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps"]
    place = ["--no-build-isolation", "--wheel-dir", str(tmp_path / "made"), str(tmp_path)]
    subprocess.run([*pip, *place], check=True)
    (wheel,) = (tmp_path / "made").glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        held = set(opened.namelist())
    assert {path.as_posix() for path in inside} <= held
