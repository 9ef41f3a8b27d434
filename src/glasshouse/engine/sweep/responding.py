"""How people change at the end of a step, from what they know and not from what is true."""

from __future__ import annotations

from typing import Any

from glasshouse.kernel import add, barrier, i64, kernel, lanes, passage
from glasshouse.stages.consequence.consequence_kernel import means_after
from glasshouse.stages.response.response_kernel import (
    faded,
    felt_entries,
    habit_after,
    raised,
    raised_by_distrust,
)
from glasshouse.state.bits import NEWS_LISTED, NEWS_LOW_NEXT_DOOR

BAD_NEWS = NEWS_LISTED + NEWS_LOW_NEXT_DOOR


@passage
def see_ties(here: Any, frame: Any) -> None:
    """Count the friends, colleague and neighbour of whom bad news was published in the last step.

    News is a listing or a fall into the lowest grade; some of it reaches the neighbour alone.
    """
    rows, people = here.rows, here.people
    told = 0
    for slot in range(people):
        told |= frame.sees_listed[slot]
    for slot in lanes(people):
        frame.ties[slot] = 0
    if told & BAD_NEWS:
        for slot in lanes(people):
            near, colleague = i64(rows.neighbour[slot]), i64(rows.colleague[slot])
            before, after = i64(rows.friend_before[slot]), i64(rows.friend_after[slot])
            seen = published(frame.sees_listed, before, slot, people)
            seen += published(frame.sees_listed, after, slot, people)
            seen += published(frame.sees_listed, colleague, slot, people)
            seen += published(frame.sees_listed, near, slot, people)
            low = (i64(frame.sees_listed[near]) & BAD_NEWS) == NEWS_LOW_NEXT_DOOR
            frame.ties[slot] = seen + (low & (near < people) & (near != slot))


@kernel
def published(news: Any, tie: int, slot: int, people: int) -> int:
    """Give 1 where a listing of a tie was published, 0 for oneself and for nobody."""
    return i64(news[tie]) & NEWS_LISTED & i64((tie < people) & (tie != slot))


@passage
def lose_and_recover(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Move means and trust: what refusals took, what comes back, and who is blamed for it."""
    settings, state = law.settings, arm.state
    local = centre = 0
    for slot in lanes(here.people):
        state.means[slot] = means_after(
            i64(state.means[slot]),
            i64(here.rows.means_start[slot]),
            i64(frame.means_lost[slot]),
            settings.means_recovers,
        )
        refused = min(i64(frame.refused_times[slot]), 64)
        trust = raised(i64(state.trust[slot]), settings.trust_recovers)
        lost = min(refused * settings.trust_lost_per_refusal, trust)
        state.trust[slot] = trust - lost
        near = (lost * settings.blame_local) >> 16
        local += near
        centre += lost - near
    add(arm.counts.trust_lost_local, 0, local)
    add(arm.counts.trust_lost_centre, 0, centre)


@passage
def feel(here: Any, law: Any, frame: Any) -> None:
    """Give the fear that the entries raise of which each row came to know."""
    settings = law.settings
    if settings.severity_weight == 0:
        for slot in lanes(here.people):
            felt = felt_entries(frame.known_entries[slot], 0, 0, 1, settings.loss_aversion)
            frame.fear[slot] = min((felt * settings.caution_per_entry) >> 16, 65535)
    else:
        for slot in lanes(here.people):
            felt = 0
            if frame.known_entries[slot] != 0:
                felt = felt_entries(
                    frame.known_entries[slot],
                    i64(frame.known_lost[slot]),
                    settings.severity_weight,
                    settings.severe_points,
                    settings.loss_aversion,
                )
            frame.fear[slot] = min((felt * settings.caution_per_entry) >> 16, 65535)


@passage
def take_care(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Move caution, habit and silence of those who know of the scheme."""
    settings, state = law.settings, arm.state
    for slot in lanes(here.people):
        aware, ties = state.aware[slot] != 0, i64(frame.ties[slot])
        fear = (
            i64(frame.fear[slot])
            + i64(frame.learned[slot]) * settings.caution_per_entry
            + ties * settings.caution_per_tie_listed
        )
        caution = faded(i64(state.caution[slot]), settings.caution_fades)
        caution = raised(caution, min(fear, 65535))
        habit = habit_after(
            i64(state.habit[slot]), caution, settings.habit_forms, settings.habit_fades
        )
        state.caution[slot] = caution if aware else i64(state.caution[slot])
        state.habit[slot] = habit if aware else i64(state.habit[slot])
    for slot in lanes(here.people):
        aware, ties = state.aware[slot] != 0, i64(frame.ties[slot])
        hush = raised_by_distrust(
            i64(frame.known_speech[slot]) * settings.silence_per_entry
            + ties * settings.silence_per_tie_listed,
            state.trust[slot],
            settings.trust_moves_silence,
        )
        silence = faded(i64(state.silence[slot]), settings.silence_fades)
        silence = raised(silence, min(hush, 65535))
        state.silence[slot] = silence if aware else i64(state.silence[slot])


@passage
def play_along(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Move gaming of those who know of the scheme, and what it crowds out."""
    settings, state = law.settings, arm.state
    for slot in lanes(here.people):
        gaming = faded(i64(state.gaming[slot]), settings.gaming_fades)
        gaming = raised(gaming, settings.gaming_rises)
        state.gaming[slot] = gaming if state.aware[slot] != 0 else i64(state.gaming[slot])
    if settings.gaming_per_gain != 0:
        for slot in lanes(here.people):
            if state.aware[slot] != 0:
                gained = min(i64(frame.known_gained[slot]), 64 * settings.severe_points)
                pull = (gained * settings.gaming_per_gain) // settings.severe_points
                state.gaming[slot] = raised(i64(state.gaming[slot]), min(pull, 65535))
    if settings.crowds != 0:
        for slot in lanes(here.people):
            if state.aware[slot] != 0:
                state.crowded[slot] = habit_after(
                    i64(state.crowded[slot]),
                    i64(state.gaming[slot]),
                    settings.crowds,
                    settings.crowded_fades,
                )


@passage
def respond(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let everybody change by what they know; those who know nothing stay as they are."""
    lose_and_recover(here, law, arm, frame)
    feel(here, law, frame)
    see_ties(here, frame)
    take_care(here, law, arm, frame)
    play_along(here, law, arm, frame)
    barrier()
