"""A link that carries a whole scenario: what was set, the law by its hash, the version, the view.

It stands behind the ``#`` of the page's address, which no browser sends anywhere. It is read here,
strictly, when somebody opens it: a link that says anything else is refused, and law or a version
that has changed since is said before anything runs.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from glasshouse.app.request import Order, Rules, ShortName, flaw, plain_of
from glasshouse.errors import BadInput, Problem
from glasshouse.law.load import Document
from glasshouse.law.scenario import MAX_ARMS
from glasshouse.law.validate import Strict, validated
from glasshouse.version import __version__

if TYPE_CHECKING:
    from glasshouse.app.request import Settled

MOST_LETTERS = 8_000
"""The longest link that is read."""


ArmNumber = Annotated[int, Field(ge=0, lt=MAX_ARMS)]


class Link(Strict):
    """What a link says; the names are short because it is an address."""

    v: Annotated[str, Field(max_length=40)]
    s: ShortName
    c: Annotated[dict[ShortName, float | bool], Field(max_length=64)] = Field(default_factory=dict)
    r: Annotated[tuple[ShortName | None, ...], Field(max_length=2)] = ()
    p: int
    y: int
    seed: int
    h: Annotated[dict[ShortName, str], Field(max_length=128)]
    """Rulebooks in force and the SHA-256 of each."""
    m: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """The step that is shown."""
    a: Annotated[int, Field(ge=0, le=4_294_967_295)] | None = None
    """The row that is followed."""
    k: ShortName | None = None
    """The rulebook whose score is shown."""
    w: Annotated[tuple[ArmNumber, ...], Field(max_length=2)] = ()
    """The arms that are shown, by number."""
    b: bool = False
    """Whether the picture is large."""

    @property
    def order(self) -> Order:
        """What it asks for."""
        return Order(
            scenario=self.s, controls=self.c, rulebooks=self.r,
            people=self.p, years=self.y, seed=self.seed,
        )  # fmt: skip


class Asking(Strict):
    """What the page sends to have a link read."""

    link: Annotated[str, Field(max_length=MOST_LETTERS)]


def link_of(settled: Settled, rules: Rules) -> str:
    """Give the link of an order; the page adds what is shown, ``m`` and ``a``."""
    order = settled.order
    said: dict[str, Any] = {
        "v": __version__,
        "s": order.scenario,
        "c": order.controls,
        "r": list(order.rulebooks),
        "p": order.people,
        "y": order.years,
        "seed": order.seed,
        "h": rules.in_force(order),
    }
    text = json.dumps(said, ensure_ascii=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def link_from(text: str) -> Link:
    """Read a link, or raise BadInput with all that is wrong with it."""
    letters = text.removeprefix("#")
    if len(letters) > MOST_LETTERS:
        raise BadInput([flaw("link", "is too long", f"at most {MOST_LETTERS:,} letters")])
    try:
        content = base64.b64decode(letters + "=" * (-len(letters) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        right = "copy the whole address from the page"
        raise BadInput([flaw("link", "is cut off or was never written here", right)]) from None
    problems: list[Problem] = []
    found = validated(Link, Document("link", plain_of(content)), problems)
    if found is None:
        raise BadInput(problems)
    return found


def opened(text: str, rules: Rules) -> dict[str, Any]:
    """Give what a link restores, and what has changed since it was written; or raise BadInput."""
    link = link_from(text)
    settled = rules.settled(link.order)
    return {
        "order": settled.order.model_dump(mode="json"),
        "month": link.m,
        "row": link.a,
        "rulebook": link.k,
        "arms": list(link.w) or None,
        "big": link.b,
        "changed": list(changes(link, rules)),
    }


def changes(link: Link, rules: Rules) -> list[str]:
    """Say in sentences what is not as it was when a link was written."""
    said = []
    if link.v != __version__:
        said.append(
            f"The link was made with version {link.v[:40]} and this is {__version__}: numbers may"
            " differ."
        )
    now = rules.in_force(link.order)
    for name in sorted({*now, *link.h}):
        if name not in link.h or name not in now:
            said.append(f"The link does not name the same rulebooks: {name[:80]}.")
        elif link.h[name] != now[name]:
            said.append(f"The rulebook {name[:80]} is not the one that the link was made with.")
    return said
