"""Build the documentation site: ``python tools/write_site.py build/site``.

Warnings are errors, the tutorials are run, and nothing is fetched. The site opens from disk.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Build the site, or say what is wrong with a page."""
    if len(arguments) != 1:
        print("usage: write_site.py DIRECTORY", file=sys.stderr)
        return 2
    out = Path(arguments[0])
    started = time.monotonic()
    code = build(out)
    if code:
        print("the site was not built: see the warnings above", file=sys.stderr)
        return code
    print(f"{out / 'index.html'} ({time.monotonic() - started:.0f} s)")
    return 0


def build(out: Path) -> int:
    """Run Sphinx over the pages as they are; give its exit status."""
    paths = [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]
    # The tutorials run in a process of their own, which reads the same sources as the pages.
    inherited = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    with tempfile.TemporaryDirectory() as aside:
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
        where = ["-d", aside, "-c", str(ROOT / "docs"), str(ROOT), str(out)]
        return subprocess.run([*command, *where], env=inherited, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
