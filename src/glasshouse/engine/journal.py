"""The events of a community, as codes that a kernel can write.

The primitive ``note`` writes them into the community's journal (:mod:`glasshouse.engine.noted`); a
run whose journals have no room writes none.
"""

from __future__ import annotations

from typing import NamedTuple

ACT = 1
ENTRY = 2
GROUND_DROPPED = 3
LISTED = 4
LEARNED = 5
CONTESTED = 6
PERFORMED = 7
LEFT = 8
REFUSED = 9
PRIVILEGE = 10
GRADE = 11
SCORE = 12
JOINED = 33
OPTED = 34
GONE = 35


class Meaning(NamedTuple):
    """What an event is called, and what its two numbers say."""

    word: str
    first: str
    second: str


MEANINGS: dict[int, Meaning] = {
    ACT: Meaning("act", "act type", "1: seen by some channel"),
    ENTRY: Meaning(
        "entry",
        "act type; from the number of types on a false report, from twice that on a stray",
        "label",
    ),
    GROUND_DROPPED: Meaning(
        "ground dropped",
        "list",
        "0 not followed up, 1 found unable to pay, 2 stopped in review",
    ),
    LISTED: Meaning("listed", "list", "label"),
    LEARNED: Meaning("learned", "list", "0 from a notice, 1 at a counter, 2 from the own file"),
    CONTESTED: Meaning("contested", "list", "1: the contest will be won"),
    PERFORMED: Meaning("performed", "list", "0 credited, 1 refused, 2 lost"),
    LEFT: Meaning("left", "list", "reason"),
    REFUSED: Meaning("refused", "counter", "times, repeated tries included"),
    PRIVILEGE: Meaning("privilege", "counter", "1"),
    GRADE: Meaning("grade", "instrument", "grade, 0 the lowest"),
    SCORE: Meaning("score", "instrument", "points"),
    JOINED: Meaning("joined", "0", "0"),
    OPTED: Meaning("left the scheme", "0", "0"),
    GONE: Meaning("gone", "0", "0"),
}
