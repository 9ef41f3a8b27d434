"""A link carries a whole scenario and the view; another law or version is said before a run."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

import pytest

from glasshouse.app.catalogue import Catalogue
from glasshouse.app.link import MOST_LETTERS, link_from, link_of, opened
from glasshouse.app.request import Order, Rules
from glasshouse.errors import BadInput


@cache
def rules() -> Rules:
    """What there is to ask for in the house."""
    return Catalogue().rules


ORDER = Order(
    scenario="two-rulebooks",
    controls={"aware": 0.5, "expiry": True},
    rulebooks=("suining-2010", None),
    people=1024,
    years=2,
    seed=7,
)


def said() -> dict[str, Any]:
    """What the link of an order says."""
    found: dict[str, Any] = json.loads(read(link_of(rules().settled(ORDER), rules())))
    return found


def read(link: str) -> bytes:
    """The letters of a link as bytes."""
    return base64.urlsafe_b64decode(link + "=" * (-len(link) % 4))


def link_with(**changes: Any) -> str:
    """The link of an order with something else in it."""
    text = json.dumps(said() | changes)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_link_restores_the_order_and_the_view() -> None:
    """Scenario, controls, rulebooks, sizes, seed, month and life come back as they were."""
    found = opened(link_with(m=11, a=307, k="suining-2010", w=[2, 1], b=True), rules())
    assert Order.model_validate({**found["order"], "rulebooks": ORDER.rulebooks}) == ORDER
    assert tuple(found[name] for name in ("month", "row", "rulebook", "arms", "big")) == (
        11, 307, "suining-2010", [2, 1], True,
    )  # fmt: skip
    assert found["changed"] == []


def test_a_link_carries_version_and_the_hash_of_every_rulebook_in_force() -> None:
    """Whoever opens it can tell whether it is the same law."""
    assert set(said()["h"]) == {"suining-2010", "court-list-as-documented"}
    assert said()["h"] == rules().in_force(ORDER)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"v": "0.0.9"}, "made with version 0.0.9"),
        ({"h": {"suining-2010": "0" * 64}}, "is not the one that the link was made with"),
        ({"h": {}}, "does not name the same rulebooks"),
    ],
)
def test_another_law_or_version_is_said(changes: dict[str, Any], words: str) -> None:
    """It is said before anything runs, in a sentence."""
    assert any(words in one for one in opened(link_with(**changes), rules())["changed"])


@pytest.mark.parametrize(
    "link",
    [
        "",
        "#",
        "%00",
        "<script>alert(1)</script>",
        "a",
        "====",
        "../../etc/passwd",
        "A" * (MOST_LETTERS + 1),
        base64.urlsafe_b64encode(b"[" * 4000).decode(),
        base64.urlsafe_b64encode(b'{"v": 1}').decode(),
        base64.urlsafe_b64encode(b"\xff\xfe{}").decode(),
    ],
)
def test_a_hostile_link_is_refused(link: str) -> None:
    """What was never written here is refused in words, whatever it is."""
    with pytest.raises(BadInput):
        link_from(link)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"s": "../../etc/passwd"}, "no scenario"),
        ({"p": 10**9}, "are not run by this page"),
        ({"c": {"<img src=x onerror=alert(1)>": True}}, "no control"),
        ({"c": {"aware": 1e300}}, "outside the declared range"),
        ({"r": ["/etc/passwd"]}, "no rulebook"),
        ({"m": -1}, "out of range"),
        ({"who": "somebody"}, "unknown key `who`"),
    ],
)
def test_a_link_can_ask_for_no_more_than_the_page(changes: dict[str, Any], words: str) -> None:
    """A link is an order like any other: names of the house, ranges and caps hold for it."""
    with pytest.raises(BadInput, match=words):
        opened(link_with(**changes), rules())
