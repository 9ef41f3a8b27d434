"""From what a report says to its one file: templates filled, everything escaped, nothing twice.

The file holds a strict content security policy: no script, nothing fetched, and its one style by
the hash of its text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from glasshouse.report.words import lasting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from glasshouse.report.figure import Figure

_NOT_NEEDED = re.compile(r"</(?:td|th|tr|li|dt|dd)>")
"""Ends that HTML leaves out where the next thing begins."""

_KEPT = re.compile(r"(<pre.*?</pre>)", re.DOTALL)


def rendered(words: Mapping[str, Any]) -> str:
    """Fill the template of a report."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _environment().get_template("report.html")
    return tight(
        page.render(words, style=Markup(style), style_hash=digest, svg=Markup)  # noqa: S704 - ours
    )


def rendered_figure(figure: Figure, where: str) -> str:
    """A figure as it stands in a report."""
    parts: Any = _environment().get_template("parts.html").module
    return tight(parts.figure_of(figure, where, Markup))


def tight(text: str) -> str:
    """Drop indents, empty lines and needless ends of elements, but not in what is to be copied."""
    pieces = _KEPT.split(text)
    for place in range(0, len(pieces), 2):
        lines = re.sub(r"\s*\n\s*", "\n", pieces[place])
        pieces[place] = _NOT_NEEDED.sub("", lines)
    return "".join(pieces).strip() + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("glasshouse.report", "templates"), autoescape=True,
        trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined,
    )  # fmt: skip
    environment.filters["thousands"] = _thousands
    environment.filters["lasting"] = lasting
    return environment


def _thousands(count: int) -> str:
    return f"{count:,}"


@cache
def _style() -> str:
    text = (files("glasshouse.report") / "templates" / "report.css").read_text(encoding="utf-8")
    return " ".join(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL).split())
