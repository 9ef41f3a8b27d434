"""Candidate acts of a community, shared by all arms, and what each arm makes of them."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import CANDIDATE_ACT, CANDIDATE_COUNT, draw
from glasshouse.engine.journal import ACT
from glasshouse.engine.sweep.alarms import TOO_MANY_ACTS
from glasshouse.engine.sweep.laps import (
    CANDIDATES_COUNTED,
    CANDIDATES_DRAWN,
    CANDIDATES_GATHERED,
    CANDIDATES_PLACED,
    CANDIDATES_SCREENED,
)
from glasshouse.kernel import (
    add,
    barrier,
    first_lane,
    i64,
    lanes,
    mark,
    note,
    notes,
    pack,
    passage,
    scan,
    spread,
)
from glasshouse.stages.conduct.conduct_kernel import (
    AFFORDED,
    CHILLED,
    DETERRED,
    FALSE_REPORT,
    LAWFUL,
    NEUTRAL,
    PRAISED,
    REPORTING,
    REWARDED,
    STRAINED,
    TYPE_BITS,
    UNAFFORDED,
    UNMOVED,
    UNREWARDED,
    WARNED,
    act_type_of,
    candidate_count,
    day_in_month,
    eighth_of,
    eighths_of,
    swayed,
    threshold_of,
)
from glasshouse.stages.consequence.consequence_kernel import factor_without
from glasshouse.stages.detection.detection_kernel import chance_under
from glasshouse.stages.response.response_kernel import (
    afforded_factor,
    chilled_factor,
    deterred_factor,
    lowered_by_distrust,
    rewarded_factor,
    rising_factor,
)
from glasshouse.stages.society.society_kernel import activity_class

EIGHTHS_BITS = 12
"""Bits of a row's traits below where the aliases of its activity class begin."""

GRADIENT_BITS = 32
"""Bits of an act below its gradient; the lowest 16 say whose it is, the next of which type."""

ACT_BITS = 8
"""Bits of a sum that hold a person's acts of one sort in a month (at most COUNT_STEPS)."""

FINE_BITS = 3 * ACT_BITS
"""Bits of such a sum below its fair fines: three sorts of acts."""

SEEN_BITS = 32
"""Bits of a sum by type that hold the acts done, below those seen."""


@passage
def draw_candidates(here: Any, conduct: Any, frame: Any) -> None:
    """Draw the month's candidate acts of all rows: whose, the how-manieth, four words each."""
    people, when, rows = here.people, here.when, here.rows
    for slot in lanes(people):
        frame.word_0[slot], _, _, _ = draw(
            here.seed, here.base + slot, when.month, CANDIDATE_COUNT, 0
        )
    barrier()
    for slot in lanes(people):
        activity = activity_class(
            rows.kind[slot], rows.birth_month[slot], rows.exposure[slot], when.age_month
        )
        frame.count[slot] = candidate_count(
            frame.word_0[slot],
            conduct.count_cumulative,
            conduct.count_guide,
            activity,
            when.month_days,
        )
        frame.traits[slot] = eighths_of(
            rows.honesty[slot], rows.altruism[slot], rows.outspokenness[slot], rows.literacy[slot]
        ) | ((i64(activity) * here.sizes.rows) << EIGHTHS_BITS)
    barrier()
    mark(frame.cycles, CANDIDATES_COUNTED)
    scan(frame.count, people)
    barrier()
    for _ in first_lane():
        frame.alarm[TOO_MANY_ACTS] |= frame.count[people] > here.sizes.acts
    total = min(frame.count[people], here.sizes.acts)
    spread(frame.count, people, frame.act_slot, frame.act_serial, total)
    barrier()
    mark(frame.cycles, CANDIDATES_PLACED)
    for place in lanes(total):
        (
            frame.word_0[place],
            frame.word_1[place],
            frame.word_2[place],
            frame.word_3[place],
        ) = draw(
            here.seed,
            here.base + i64(frame.act_slot[place]),
            when.month,
            CANDIDATE_ACT,
            frame.act_serial[place],
        )
    barrier()
    mark(frame.cycles, CANDIDATES_DRAWN)


@passage
def screen_candidates(here: Any, conduct: Any, frame: Any) -> None:
    """Keep the candidates that fall in this step and that some arm could carry out."""
    when = here.when
    total, rows = min(frame.count[here.people], here.sizes.acts), here.sizes.rows
    for place in lanes(total):
        slot = i64(frame.act_slot[place])
        traits = i64(frame.traits[slot])
        found = act_type_of(frame.word_0[place], conduct.alias, traits >> EIGHTHS_BITS, rows)
        kind = found & 0xFFFF
        eighth = eighth_of(traits, found >> TYPE_BITS)
        gradient = i64(conduct.gradient[kind * 8 + eighth])
        day = when.month_first + day_in_month(i64(frame.word_1[place]) & 0xFFFF, when.month_days)
        frame.act[place] = (gradient << GRADIENT_BITS) | (kind << 16) | slot
        lucky = (i64(frame.word_1[place]) >> 16) < gradient
        frame.keep[place] = lucky & (day >= when.first_day) & (day < when.end_day)
    barrier()
    mark(frame.cycles, CANDIDATES_SCREENED)
    pack(frame.keep, total, frame.kept, here.sizes.acts)
    barrier()
    possible = i64(frame.kept[here.sizes.acts])
    for place in lanes(possible):
        source = i64(frame.kept[place])
        frame.possible[place] = frame.act[source]
        frame.luck[place] = (frame.word_1[source] & 0xFFFF0000) | (frame.word_2[source] >> 16)
    for place in lanes(possible):
        act = frame.possible[place]
        frame.slot[place] = act & 0xFFFF
        frame.type[place] = (act >> 16) & 0xFFFF
        frame.gradient[place] = act >> GRADIENT_BITS
    barrier()
    mark(frame.cycles, CANDIDATES_GATHERED)


@passage
def day_of_act(here: Any, frame: Any, place: int) -> int:
    """Give the day of the run on which a possible act falls."""
    word = i64(frame.word_1[i64(frame.kept[place])]) & 0xFFFF
    first: int = here.when.month_first
    return first + day_in_month(word, here.when.month_days)


@passage
def weigh_responses(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Give each row its factor for each response class, from its state at the start of the step."""
    people, state, settings = here.people, arm.state, law.settings
    for slot in lanes(people):
        frame.factor[UNMOVED * people + slot] = 65535
        frame.factor[DETERRED * people + slot] = deterred_factor(
            state.caution[slot], state.habit[slot], settings.deterrence, settings.habit_keeps
        )
        frame.factor[CHILLED * people + slot] = chilled_factor(
            state.silence[slot], settings.chilling
        )
        crowded = 0
        if settings.crowding != 0:
            crowded = i64(state.crowded[slot])
        rewarded = rewarded_factor(
            state.gaming[slot],
            crowded,
            settings.crowding,
            settings.rewarded_base,
            settings.rewarded_top,
        )
        frame.factor[REWARDED * people + slot] = rewarded
        if settings.trust_moves_reporting != 0:
            frame.factor[REPORTING * people + slot] = lowered_by_distrust(
                rewarded, state.trust[slot], settings.trust_moves_reporting
            )
        frame.factor[STRAINED * people + slot] = rising_factor(
            65535 - i64(state.means[slot]), settings.strained_base, 65535
        )
        frame.factor[FALSE_REPORT * people + slot] = 65535
        frame.factor[UNREWARDED * people + slot] = rewarded_factor(
            0, crowded, settings.crowding, settings.rewarded_base, 0
        )
    if settings.has_afforded:
        for slot in lanes(people):
            frame.factor[AFFORDED * people + slot] = afforded_factor(
                i64(frame.factor[REWARDED * people + slot]), state.means[slot]
            )
            frame.factor[UNAFFORDED * people + slot] = afforded_factor(
                i64(frame.factor[UNREWARDED * people + slot]), state.means[slot]
            )
    if settings.announced_caution:
        for slot in lanes(people):
            warned = settings.announced_caution if state.aware[slot] else 0
            frame.factor[WARNED * people + slot] = deterred_factor(
                max(i64(state.caution[slot]), warned),
                state.habit[slot],
                settings.deterrence,
                settings.habit_keeps,
            )
    barrier()


@passage
def weigh_kinds(here: Any, law: Any, frame: Any) -> None:
    """Give each row of the act tables what it answers to, and its weight in a person's sums.

    Eight bits each for culpable, lawful and praised acts, and behind them the fair fine. What is
    said of people and what comes from elsewhere is nobody's act, and weighs nothing.
    """
    table = law.block * here.sizes.rows
    for kind in lanes(here.sizes.rows):
        frame.kinds[kind] = 0
        chance = i64(law.seen[table + kind])
        if not law.settings.has_watch:
            chance = chance_under(chance, law.attention)
        frame.kind_chance[kind] = chance
        frame.kind_factors[kind] = i64(law.rule.response[kind]) * here.people
        frame.weight[kind] = 0
        if kind < here.sizes.types:
            sort = i64(law.conduct.sort[kind])
            place = (sort == LAWFUL) * ACT_BITS + (sort == PRAISED) * 2 * ACT_BITS
            counted = i64(sort != NEUTRAL) << place
            frame.weight[kind] = (i64(law.rule.gravity_yuan[kind]) << FINE_BITS) | counted
    for slot in lanes(here.people):
        frame.deeds[slot] = 0
    barrier()


@passage
def weigh_acts(here: Any, law: Any, frame: Any, possible: int) -> None:
    """Give each possible act the luck below which it is done, and the chance that it is seen."""
    rule, norms = law.rule, here.province * here.sizes.rows
    for place in lanes(possible):
        kind = i64(frame.type[place])
        factors = i64(frame.kind_factors[kind])
        frame.act_factor[place] = frame.factor[factors + i64(frame.slot[place])]
        frame.chance[place] = frame.kind_chance[kind]
    if law.settings.has_norms:
        for place in lanes(possible):
            norm = rule.norm[norms + i64(frame.type[place])]
            frame.act_factor[place] = swayed(frame.act_factor[place], norm)
    if law.settings.has_needs:
        for place in lanes(possible):
            kind, slot = i64(frame.type[place]), i64(frame.slot[place])
            closed = (i64(frame.bars[slot]) >> i64(rule.act_needs[kind])) & 1
            without, omits = rule.act_without[kind], rule.act_omits[kind]
            frame.act_factor[place] = factor_without(
                frame.act_factor[place], closed, without, omits
            )


@passage
def see_acts(here: Any, law: Any, frame: Any, possible: int) -> None:
    """Say of each possible act whether it is done and whether it is seen."""
    people, types = here.people, here.sizes.types
    if law.settings.has_watch:
        for place in lanes(possible):
            kind = i64(frame.type[place])
            sort = (kind >= types) + (kind >= 2 * types)
            attention = i64(frame.watch[sort * people + i64(frame.slot[place])])
            frame.chance[place] = chance_under(frame.chance[place], attention)
    for place in lanes(possible):
        luck = i64(frame.luck[place])
        done = (luck >> 16) < threshold_of(frame.gradient[place], frame.act_factor[place])
        frame.done[place] = done
        frame.keep[place] = done & ((luck & 0xFFFF) < frame.chance[place])
    barrier()


@passage
def carry_out(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let this arm's persons do what they do of the possible acts, and count it.

    Sums without branches: which act is done is luck, and a processor cannot guess it.
    """
    types, possible = here.sizes.types, i64(frame.kept[here.sizes.acts])
    weigh_kinds(here, law, frame)
    weigh_acts(here, law, frame, possible)
    see_acts(here, law, frame, possible)
    for place in lanes(possible):
        kind, done = i64(frame.type[place]), i64(frame.done[place])
        add(frame.kinds, kind, done + (i64(frame.keep[place]) << SEEN_BITS))
        add(frame.deeds, i64(frame.slot[place]), -done & frame.weight[kind])
    barrier()
    outcome = arm.outcome
    for kind in lanes(types):
        add(arm.counts.acts, kind, i64(frame.kinds[kind]) & 0xFFFFFFFF)
        add(arm.counts.acts_seen, kind, i64(frame.kinds[kind]) >> SEEN_BITS)
    for slot in lanes(here.people):
        deeds = i64(frame.deeds[slot])
        outcome.acts_culpable[slot] = outcome.acts_culpable[slot] + (deeds & 255)
        outcome.acts_lawful[slot] = outcome.acts_lawful[slot] + ((deeds >> ACT_BITS) & 255)
        outcome.acts_praised[slot] = outcome.acts_praised[slot] + ((deeds >> 2 * ACT_BITS) & 255)
        outcome.gravity_yuan[slot] = outcome.gravity_yuan[slot] + (deeds >> FINE_BITS)
    if notes(here.journal):
        for place in lanes(possible):
            kind = i64(frame.type[place])
            if frame.done[place] and kind < types:
                day = day_of_act(here, frame, place)
                seen = i64(frame.keep[place])
                note(here.journal, ACT, i64(frame.slot[place]), arm.number, day, kind, seen)
    if law.settings.has_rules:
        pack(frame.keep, possible, frame.recorded, here.sizes.acts)
    barrier()
