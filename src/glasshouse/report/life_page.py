"""One life as a page of its own: the picture, where its lanes part and why, and every event.

No script stands in it, nothing is fetched, and it is the same bytes on every build.
"""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from glasshouse.errors import BadUsage
from glasshouse.report.life import HOW_TO_READ, TOTALS
from glasshouse.report.life_picture import picture_of
from glasshouse.report.life_rows import Span
from glasshouse.report.metric_table import rests_on
from glasshouse.report.parting import partings, titled, together
from glasshouse.report.reproduce import reproduce

if TYPE_CHECKING:
    from glasshouse.archive.reading import Archive
    from glasshouse.law.experiment import Experiment
    from glasshouse.report.life import Life

TEMPLATES = Path(__file__).parent / "templates"
NOBODY = (
    "Nobody lives this life: it is drawn from published tables and a seed. Every lane has "
    "the same candidate acts and the same luck; the lanes differ by their rules alone."
)
ENDINGS = (".html", ".svg")
"""What a file may end in; the picture alone is an SVG."""


def refuse_ending(path: str | os.PathLike[str]) -> str:
    """Give the ending of a file's name, or refuse one that says nothing of what it is to hold."""
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise BadUsage(
            f"{str(path)[:200]}: a life is written as a page (.html) or as its picture (.svg)"
        )
    return ending


def drawn(life: Life, archive: Archive, experiment: Experiment, ending: str) -> bytes:
    """Give the life as a page, or as the picture alone where the ending is that of one."""
    dates = archive.dates()
    svg = picture_of(life, experiment, Span(dates[0][0], dates[-1][1]))
    if ending == ".svg":
        return f"{svg}\n".encode()
    return _page(life, archive, svg).encode()


def _page(life: Life, archive: Archive, svg: str) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    said = archive.provenance
    style = " ".join((TEMPLATES / "life.css").read_text(encoding="utf-8").split())
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    room = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    again = reproduce(said)
    return room.get_template("life.html").render(
        title=f"{titled(life)} in {len(life.arms)} lanes: {said.scenario.title}",
        who=life.who,
        nobody=NOBODY,
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=f"sha256-{digest}",
        picture=Markup(svg),  # noqa: S704 - escaped where it is drawn
        together=together(life),
        partings=partings(life),
        arms=life.arms,
        totals=totals_of(life),
        how_to_read=HOW_TO_READ,
        rows=life.rows(),
        rests_on=rests_on(said.arms),
        command=again.command,
        life_command=f"glasshouse life DIR {life.person}",
        version=said.glasshouse_version,
        digest=again.digest,
    )


def totals_of(life: Life) -> list[tuple[str, list[str]]]:
    """Give what stands below a life: a label and a number an arm, where any is not zero."""
    found = []
    for name, label in TOTALS.items():
        numbers = [sum(n or 0 for key, n in row.items() if key.startswith(name))
                   for row in life.totals]  # fmt: skip
        if any(numbers):
            found.append((label, [f"{number:,}" for number in numbers]))
    return found
