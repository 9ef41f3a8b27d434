"""Publishing one's own score: a choice, until silence is read as a low score."""

from __future__ import annotations

from typing import Any

from glasshouse.chance import DISCLOSURE, SILENCE_READ, draw
from glasshouse.kernel import add, barrier, i64, lanes, passage, row
from glasshouse.stages.society.society_kernel import PERSON
from glasshouse.state.bits import DISCLOSES


@passage
def disclose(here: Any, law: Any, arm: Any) -> None:
    """Let persons publish their score where silence would make it look worse than it is.

    What silence is taken for is the mean of those who kept silent in the last step. Of several
    scores it is the first that counts.
    """
    rule, state, kind = law.rule, arm.state, here.rows.kind
    if law.settings.discloses != 0:
        on, shown = i64(rule.instruments_on[here.province]), 0
        for instrument in range(here.sizes.instruments):
            if (on >> instrument) & 1 and rule.applies_kind[instrument] == PERSON and shown == 0:
                shown = 1
                score = row(state.score_points, instrument)
                silent = total = telling = 0
                for slot in lanes(here.people):
                    if kind[slot] == PERSON:
                        word, _, _, _ = draw(here.seed, here.base + slot, 0, DISCLOSURE, 0)
                        tells = (word < law.settings.discloses) & (
                            i64(score[slot]) > i64(law.silence_reads[instrument])
                        )
                        others = i64(state.bits[slot]) & (255 - DISCLOSES)
                        state.bits[slot] = others | (DISCLOSES * i64(tells))
                        telling += i64(tells)
                        silent += 1 - i64(tells)
                        total += i64(score[slot]) * (1 - i64(tells))
                add(arm.counts.silent, instrument, silent)
                add(arm.counts.silent_score_sum, instrument, total)
                add(arm.counts.disclosing, instrument, telling)
        barrier()


@passage
def is_taken_for_low(here: Any, law: Any, arm: Any, slot: int) -> bool:
    """Say whether a person's silence on a score is read as a low one in this month."""
    word, _, _, _ = draw(here.seed, here.base + slot, here.when.month, SILENCE_READ, 0)
    silent = here.rows.kind[slot] == PERSON and (i64(arm.state.bits[slot]) & DISCLOSES) == 0
    taken: bool = silent and word < law.settings.silence_read_as_low
    return taken


@passage
def favours_of_the_silent(
    here: Any, law: Any, arm: Any, frame: Any, slot: int, favours: int
) -> int:
    """Give what is left of a row's privileges: who shows no score gets none for it.

    Where silence is read as a low score, the silent are refused as well where others are favoured.
    """
    if here.rows.kind[slot] == PERSON and (i64(arm.state.bits[slot]) & DISCLOSES) == 0:
        favours = i64(frame.gifts[slot])
        if is_taken_for_low(here, law, arm, slot):
            frame.bars[slot] = i64(frame.bars[slot]) | law.settings.favoured
    return favours
