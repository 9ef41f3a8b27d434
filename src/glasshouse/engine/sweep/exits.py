"""Exit: those who can and who have lost trust leave, and do nothing here any more."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import EXIT, draw
from glasshouse.engine.journal import GONE as WENT
from glasshouse.engine.sweep.coverage import has_file
from glasshouse.engine.sweep.days import day_drawn
from glasshouse.kernel import add, barrier, i64, lanes, note, passage, row
from glasshouse.stages.conduct.conduct_kernel import N_RESPONSES
from glasshouse.stages.response.response_kernel import by_distrust
from glasshouse.stages.scoring.scoring_kernel import N_GRADES, bin_of, inverse_of
from glasshouse.stages.society.society_kernel import ADULT_YEARS, PERSON, age_years
from glasshouse.stages.standing.standing_kernel import black_lists
from glasshouse.state.bits import GONE


@passage
def rule_out_the_gone(here: Any, law: Any, arm: Any, frame: Any) -> None:
    """Let those who left do nothing and be reported for nothing: every factor is at its foot."""
    if law.settings.leaves != 0:
        for slot in lanes(here.people):
            if (i64(arm.state.bits[slot]) & GONE) != 0:
                for response in range(N_RESPONSES):
                    frame.factor[response * here.people + slot] = 0
        barrier()


@passage
def let_go(here: Any, law: Any, arm: Any) -> None:
    """Let adults leave who know of the scheme and have the means, by the trust they lost."""
    settings, state, rows, when = law.settings, arm.state, here.rows, here.when
    if settings.leaves != 0:
        for slot in lanes(here.people):
            able = state.means[slot] >= settings.leaves_above_means and state.aware[slot] != 0
            adult = age_years(rows.birth_month[slot], when.age_month) >= ADULT_YEARS
            if able and adult and rows.kind[slot] == PERSON:
                word, _, _, _ = draw(here.seed, here.base + slot, when.month, EXIT, 0)
                chance = by_distrust(state.trust[slot], settings.leaves)
                day = day_drawn(when, word, chance, when.first_day)
                if day >= 0:
                    if (i64(state.bits[slot]) & GONE) == 0:
                        note(here.journal, WENT, slot, arm.number, day, 0, 0)
                    state.bits[slot] = i64(state.bits[slot]) | GONE
        barrier()


@passage
def discount_the_gone(here: Any, law: Any, arm: Any) -> None:
    """Take those who left out of the counts of people, and count them apart."""
    state, counts, sizes = arm.state, arm.counts, here.sizes
    if law.settings.leaves != 0:
        on = i64(law.rule.instruments_on[here.province])
        black = black_lists(law.settings.red_lists)
        inverse = inverse_of(law.settings.bin_points)
        for slot in lanes(here.people):
            if (i64(state.bits[slot]) & GONE) != 0:
                add(counts.gone, 0, 1)
                add(counts.gone_means_sum, 0, i64(state.means[slot]))
                add(counts.persons, 0, -1)
                add(counts.means_sum, 0, -i64(state.means[slot]))
                add(counts.caution_sum, 0, -i64(state.caution[slot]))
                add(counts.silence_sum, 0, -i64(state.silence[slot]))
                add(counts.gaming_sum, 0, -i64(state.gaming[slot]))
                add(counts.habit_sum, 0, -i64(state.habit[slot]))
                add(counts.trust_sum, 0, -i64(state.trust[slot]))
                add(counts.crowded_sum, 0, -i64(state.crowded[slot]))
                add(counts.listed_persons, 0, -i64((i64(state.listed[slot]) & black) != 0))
                add(counts.aware_persons, 0, -i64(state.aware[slot]))
                for instrument in range(sizes.instruments):
                    scored = has_file(here, law, instrument, slot)
                    if (on >> instrument) & 1 and scored:
                        score = i64(row(state.score_points, instrument)[slot])
                        place = bin_of(score, law.settings.score_low, inverse, sizes.bins)
                        grade = i64(row(state.grade, instrument)[slot])
                        add(counts.scores, instrument * sizes.bins + place, -1)
                        add(counts.grades, instrument * N_GRADES + grade, -1)
                        add(counts.score_sum, instrument, -score)
                        add(counts.scored, instrument, -1)
        barrier()
