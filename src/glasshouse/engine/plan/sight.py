"""What channels see: where they are, which of them saw an act, and whom they take for another.

A channel is everywhere, or only in some provinces, or in some communities and not in others: a
*patch*. A *block* is what can be at one place: which of the patches are there, in town or country.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any, NamedTuple

import numpy as np

from glasshouse.engine.plan.exact import decimal, level, threshold
from glasshouse.law.assumptions import Act, Assumptions, Channel
from glasshouse.stages.detection.detection_kernel import ENTRIES_FELT, HERE

PLACES = ("rural", "urban")

INFORMANT = "informant"
"""The channel that rewards for reports move."""


class Block(NamedTuple):
    """What can be at one place: the patches that are there, as bits, and town or country."""

    patches: int
    place: str


def patches_of(channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
    """Give the channels that are not everywhere."""
    return tuple(c for c in channels if c.where is not None or c.by_neighbourhood)


def blocks_of(channels: tuple[Channel, ...]) -> tuple[Block, ...]:
    """Give every block; the number of a block is 2 x its patches, and 1 more in town."""
    count = 1 << len(patches_of(channels))
    return tuple(Block(patches, place) for patches in range(count) for place in PLACES)


def covers(channel: Channel, place: str) -> Decimal:
    """Give the share of town or country that a channel covers where it is at all."""
    return decimal((channel.covers_urban if place == "urban" else channel.covers_rural).value)


def is_in(channel: Channel, province: str) -> bool:
    """Say whether a province has the channel."""
    return channel.where is None or province in channel.where


def chance_there(channel: Channel, place: str) -> int:
    """Give the 32-bit chance that a channel is at a community of a province that has it."""
    cover = covers(channel, place)
    return threshold(cover if channel.by_neighbourhood else Decimal(int(cover > 0)), 32)


def presence_of(channels: tuple[Channel, ...], provinces: tuple[str, ...]) -> Any:
    """Give the 32-bit chances that a community has a patch; i8 [province, urban, patch]."""
    return np.array(
        [
            chance_there(channel, place) if is_in(channel, province) else 0
            for province in provinces
            for place in PLACES
            for channel in patches_of(channels)
        ]
        or [0],
        np.int64,
    )


def cover_at(channel: Channel, channels: tuple[Channel, ...], block: Block) -> Decimal:
    """Give the share of a block that a channel covers: a patch that is not there covers nothing."""
    patches = patches_of(channels)
    if channel in patches:
        if not (block.patches >> patches.index(channel)) & 1:
            return Decimal(0)
        if channel.by_neighbourhood:
            return Decimal(1)
    return covers(channel, block.place)


class Faces(NamedTuple):
    """What comes of comparing a face with a gallery."""

    candidates: Decimal  # faces falsely taken for the one in view, a probe
    found: Decimal  # share of probes after which somebody is named
    wrong: Decimal  # of these, the share named wrongly


def faces_of(channel: Channel) -> Faces:
    """Give what comes of a channel's face match, in closed form.

    A probe brings the right face with probability ``match`` and a Poisson number of false ones,
    gallery x false match rate in the mean; a reviewer rejects each false one with a probability,
    and one of those left is named.
    """
    match = Decimal(1) if channel.match is None else decimal(channel.match.value)
    candidates = left = Decimal(0)
    if channel.gallery and channel.false_match_rate and channel.reviewer_rejects:
        candidates = decimal(channel.gallery.value) * decimal(channel.false_match_rate.value)
        left = candidates * (1 - decimal(channel.reviewer_rejects.value))
    if left == 0:
        return Faces(candidates, match, Decimal(0))
    with localcontext() as context:
        context.prec = 50
        none = (-left).exp()
        found = match + (1 - match) * (1 - none)
        return Faces(candidates, found, 1 - match * (1 - none) / left / found)


def wrong_of(channel: Channel) -> tuple[Decimal, Decimal, Decimal]:
    """Give the share that a channel takes for another's: household's, community's, elsewhere's.

    A face falsely matched is somebody's of the whole gallery, so elsewhere.
    """
    faces, to = faces_of(channel).wrong, channel.wrong_to
    mixed = (1 - faces) * decimal(channel.wrong_person.value)
    home, near = mixed * decimal(to.household), mixed * decimal(to.community)
    return home, near, faces + mixed * decimal(to.elsewhere)


def wrong_tables(channels: tuple[Channel, ...]) -> dict[str, Any]:
    """Give the tables of mistaken identity, by channel."""
    wholes, cuts, faces = [], [], []
    for channel in channels:
        home, near, far = wrong_of(channel)
        whole = home + near + far
        wholes.append(level(whole))
        cuts += [level(part / whole) if whole else 0 for part in (home, home + near)]
        faces.append(threshold(faces_of(channel).candidates, 16))
    return {
        "wrong_person": np.array(wholes, np.uint16),
        "wrong_to": np.array(cuts, np.uint16),
        "false_faces": np.array(faces, np.int64),
    }


def reported(assumptions: Assumptions, channel: Channel) -> Decimal:
    """Give the factor by which rewards raise what a channel brings in."""
    reward = decimal(assumptions.attention["informant_reward"].value)
    return 1 + reward if channel.id == INFORMANT else Decimal(1)


class Lens(NamedTuple):
    """What a channel sees with at one place, whatever the act."""

    channel: str
    cover: Decimal
    found: Decimal
    reported: Decimal


def lenses_of(assumptions: Assumptions, block: Block) -> tuple[Lens, ...]:
    """Give what every channel sees with in a block; one that sees no act at all asks nothing."""
    channels = assumptions.channels
    used = {channel for act in assumptions.acts for channel in act.seen_by}
    return tuple(
        Lens(
            channel.id,
            cover_at(channel, channels, block),
            faces_of(channel).found,
            reported(assumptions, channel),
        )
        if channel.id in used
        else Lens(channel.id, Decimal(0), Decimal(0), Decimal(0))
        for channel in channels
    )


_NONE, _ALL = Decimal(0), Decimal(1)


def sights(act: Act, lenses: tuple[Lens, ...]) -> list[Decimal]:
    """Give, by channel, the chance that it is there, sees the act and names somebody for it."""
    return [
        min(
            lens.cover * decimal(act.seen_by[lens.channel].value) * lens.found * lens.reported,
            _ALL,
        )
        if lens.channel in act.seen_by
        else _NONE
        for lens in lenses
    ]


def chance_seen(act: Act, lenses: tuple[Lens, ...]) -> Decimal:
    """Give the chance that at least one channel sees an act."""
    missed = Decimal(1)
    for one in sights(act, lenses):
        missed *= 1 - one
    return 1 - missed


def channel_shares(act: Act, lenses: tuple[Lens, ...]) -> list[int]:
    """Give rising 16-bit thresholds by channel: who it was that saw the act."""
    parts = sights(act, lenses)
    whole = sum(parts, Decimal(0)) or Decimal(1)
    total, shares, reached = Decimal(0), [], 0
    for part in parts:
        if part:  # an act is seen by a few of the channels
            total += part
            reached = level(total / whole)
        shares.append(reached)
    return shares


def false_rate(act: Act, assumptions: Assumptions) -> Decimal:
    """Give the yearly false reports of an act; rewards raise them where informants bring it in."""
    rate = decimal(act.false_per_year.value)
    reward = decimal(assumptions.attention["informant_reward"].value)
    return rate * (1 + reward) if INFORMANT in act.seen_by else rate


def highest_watch(assumptions: Assumptions) -> Decimal:
    """Give the largest factor by which a person may be watched more than the neighbours."""
    attention = assumptions.attention
    return (
        1
        + decimal(attention["scrutiny_of_licensed"].value)
        + decimal(attention["map_watch"].value)
        + ENTRIES_FELT * decimal(attention["attention_follows_file"].value)
    )


def highest_suspicion(assumptions: Assumptions) -> Decimal:
    """Give the largest factor by which a person may be falsely reported more than neighbours."""
    return highest_watch(assumptions) * (1 + decimal(assumptions.attention["grudge"].value))


def watch_settings(assumptions: Assumptions) -> dict[str, int]:
    """Give the single numbers by which persons are watched more closely, in units of HERE."""
    names = {
        "scrutiny": "scrutiny_of_licensed",
        "follows_file": "attention_follows_file",
        "map_watch": "map_watch",
        "grudge": "grudge",
    }
    closer = {
        setting: round(HERE * assumptions.attention[name].value) for setting, name in names.items()
    }
    return {**closer, "has_watch": int(any(closer.values()))}


def stray_share(act: Act, assumptions: Assumptions) -> Decimal:
    """Bound the share of an act type that is seen and taken for people elsewhere."""
    total = Decimal(0)
    for channel in assumptions.channels:
        if channel.id in act.seen_by:
            widest = max(covers(channel, place) for place in PLACES)
            seen = widest * decimal(act.seen_by[channel.id].value) * reported(assumptions, channel)
            total += min(seen, Decimal(1)) * faces_of(channel).found * wrong_of(channel)[2]
    return total * highest_watch(assumptions)
