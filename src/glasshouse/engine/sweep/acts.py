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
)
from glasshouse.stages.conduct.conduct_kernel import (
    AFFORDED,
    CHILLED,
    CULPABLE,
    DETERRED,
    FALSE_REPORT,
    LAWFUL,
    PRAISED,
    REPORTING,
    REWARDED,
    STRAINED,
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
from glasshouse.stages.detection.detection_kernel import is_seen
from glasshouse.stages.response.response_kernel import (
    afforded_factor,
    chilled_factor,
    deterred_factor,
    lowered_by_distrust,
    rewarded_factor,
    rising_factor,
)
from glasshouse.stages.society.society_kernel import activity_class


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
        frame.act_type[slot] = activity
        frame.eighths[slot] = eighths_of(
            rows.honesty[slot], rows.altruism[slot], rows.outspokenness[slot], rows.literacy[slot]
        )
    barrier()
    mark(frame.cycles, CANDIDATES_COUNTED)
    scan(frame.count, people)
    barrier()
    for _ in first_lane():
        frame.alarm[TOO_MANY_ACTS] |= frame.count[people] > here.sizes.acts
    total = min(frame.count[people], here.sizes.acts)
    for slot in lanes(people):
        begin = i64(frame.count[slot])
        for place in range(begin, min(frame.count[slot + 1], total)):
            frame.act_slot[place] = slot
            frame.act_serial[place] = place - begin
            frame.act_gradient[place] = frame.act_type[slot]
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
    total = min(frame.count[here.people], here.sizes.acts)
    for place in lanes(total):
        kind = act_type_of(
            frame.word_0[place],
            conduct.alias_cut,
            conduct.alias_other,
            frame.act_gradient[place],
            here.sizes.rows,
        )
        eighth = eighth_of(frame.eighths[frame.act_slot[place]], conduct.trait[kind])
        gradient = conduct.gradient[kind * 8 + eighth]
        day = when.month_first + day_in_month(i64(frame.word_1[place]) & 0xFFFF, when.month_days)
        frame.act_type[place] = kind
        frame.act_gradient[place] = gradient
        lucky = (i64(frame.word_1[place]) >> 16) < gradient
        frame.keep[place] = lucky & (day >= when.first_day) & (day < when.end_day)
    barrier()
    mark(frame.cycles, CANDIDATES_SCREENED)
    pack(frame.keep, total, frame.kept, here.sizes.acts)
    barrier()
    possible = i64(frame.kept[here.sizes.acts])
    for place in lanes(possible):
        source = i64(frame.kept[place])
        frame.slot[place] = frame.act_slot[source]
        frame.type[place] = frame.act_type[source]
        frame.gradient[place] = frame.act_gradient[source]
        frame.thin[place] = i64(frame.word_1[source]) >> 16
        frame.sight[place] = i64(frame.word_2[source]) >> 16
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
def carry_out(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Say of each possible act whether this arm's person does it and whether it is seen."""
    people, conduct = here.people, law.conduct
    possible = i64(frame.kept[here.sizes.acts])
    norms = here.province * here.sizes.rows
    table, types = law.block * here.sizes.rows, here.sizes.types
    noted = notes(here.journal)
    for place in lanes(possible):
        kind, slot = i64(frame.type[place]), i64(frame.slot[place])
        factor = i64(frame.factor[i64(law.rule.response[kind]) * people + slot])
        if law.settings.has_norms:
            factor = swayed(factor, law.rule.norm[norms + kind])
        if law.settings.has_needs:
            closed = (i64(frame.bars[slot]) >> i64(law.rule.act_needs[kind])) & 1
            without, omits = law.rule.act_without[kind], law.rule.act_omits[kind]
            factor = factor_without(factor, closed, without, omits)
        done = frame.thin[place] < threshold_of(frame.gradient[place], factor)
        attention = law.attention
        if law.settings.has_watch:
            attention = i64(frame.watch[((kind >= types) + (kind >= 2 * types)) * people + slot])
        sight = done & is_seen(frame.sight[place], law.seen[table + kind], attention)
        frame.keep[place] = sight
        act = done & (kind < types)
        type_done = kind if act else 0
        sort = conduct.sort[type_done]
        # Sums without branches: which act is done is luck, and a processor cannot guess it.
        add(arm.counts.acts, type_done, i64(act))
        add(arm.outcome.acts_culpable, slot, i64(act & (sort == CULPABLE)))
        fine = i64(law.rule.gravity_yuan[type_done])
        add(arm.outcome.gravity_yuan, slot, fine * i64(act))
        add(arm.outcome.acts_lawful, slot, i64(act & (sort == LAWFUL)))
        add(arm.outcome.acts_praised, slot, i64(act & (sort == PRAISED)))
        if act & sight:
            add(arm.counts.acts_seen, type_done, 1)
        if noted and act:
            day = day_of_act(here, frame, place)
            note(here.journal, ACT, slot, arm.number, day, kind, i64(sight))
    barrier()
    pack(frame.keep, possible, frame.recorded, here.sizes.acts)
    barrier()
