"""Run the validation and write docs/validation.md: the table as last run, failures included.

``python tools/write_validation.py`` takes a minute or two, so `make docs` leaves it out; a test
sees that every row of `validation/` stands on the page.
"""

from __future__ import annotations

import datetime as dt
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from glasshouse.cli.validate import HEAD, ending, furthest, outcome_words, verdict
from glasshouse.experiment.validation.row import KINDS, read_rows, room_of
from glasshouse.experiment.validation.table import run_rows
from glasshouse.version import __version__

if TYPE_CHECKING:
    from glasshouse.experiment.validation.table import Result

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "validation.md"
MADE = "<!-- Written by `make validation` from a run; change the rows in validation/ instead. -->"
HEADINGS = {
    "closed form": "Closed forms",
    "published model": "Published models",
    "sign": "Signs",
    "published figure": "Published figures and small experiments",
}


def page(found: list[Result], today: dt.date) -> str:
    """Give the page: the table, then every row with all that it compared."""
    machine = f"Python {platform.python_version()}"
    seconds = sum(one.seconds for one in found)
    lines = [
        "# Validation",
        "",
        MADE,
        "",
        (
            f"What others published, run again: `glasshouse validate`, version {__version__}, "
            f"{today.isoformat()}, {machine}, {seconds:.0f} seconds. Each row "
            "is a folder of `validation/`: a file of data with the claim, its source, the "
            "parameters and the tolerance, and a page. Change the parameters and the formula "
            "follows. What does not hold is shown as it came out."
        ),
        "",
        " ".join(ending(found)),
        "",
        "| " + " | ".join(HEAD[:5]) + " |",
        "| " + " | ".join(["---"] * 5) + " |",
    ]
    for one in found:
        file = one.row.file
        name = f"[{file.validation}](../validation/{file.validation}/README.md)"
        must = "yes" if file.must_hold else "no"
        lines.append(f"| {name} | {file.kind} | {must} | {verdict(one)} | {furthest(one)} |")
    for kind in KINDS:
        lines += ["", f"## {HEADINGS[kind]}"]
        for one in found:
            if one.row.file.kind == kind:
                lines += told(one)
    return "\n".join([*lines, ""])


def told(one: Result) -> list[str]:
    """Give what a row claims and what came out, as a section."""
    file = one.row.file
    source = f"`{file.cite.source}`, {file.cite.at}" if file.cite else file.ours
    lines = ["", f"### {file.title}", "", flat(file.claim), ""]
    lines += [f"* *Source*: {source}"]
    if file.unverified:
        lines += [f"* *Not verified*: {flat(file.unverified)}"]
    lines += [
        f"* *Through*: {one.row.runner.through}",
        f"* *Expected*: {flat(file.expected)}",
        f"* *Tolerance*: {file.tolerance.text}; seeds {seeds_of(one)}",
        f"* *Outcome*: {verdict(one)}",
    ]
    if one.failure:
        return [*lines, f"  * {one.failure}"]
    return lines + [f"  * {flat(outcome_words(outcome))}" for outcome in one.outcomes]


def seeds_of(one: Result) -> str:
    """Give the seeds of a row; of many only how many."""
    seeds = one.row.file.seeds
    return ", ".join(map(str, seeds)) if len(seeds) < 10 else f"({len(seeds)} of them)"


def flat(text: str) -> str:
    """Give a text on one line, with nothing that would be a mark."""
    return " ".join(text.split()).replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


def main() -> None:
    """Run all rows and write the page."""
    found = list(run_rows(read_rows(room_of(ROOT / "validation"))))
    PAGE.write_text(page(found, dt.datetime.now(dt.UTC).date()), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    sys.exit(4 if any(one.is_missed for one in found) else 0)


if __name__ == "__main__":
    main()
