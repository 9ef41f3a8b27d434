"""Seeing, by which channel, and for whose act it is taken."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from glasshouse.stages.detection.detection_kernel import (
    COMMUNITY,
    ELSEWHERE,
    ENTRIES_FELT,
    HERE,
    HOUSEHOLD,
    N_CHANNELS,
    THEIR_OWN,
    chance_under,
    channel_of,
    faces_taken,
    other_member,
    patches_here,
    watched_by,
    watched_closer,
    whose,
)

level = st.integers(0, 65_535)
word = st.integers(0, 2**32 - 1)


@given(level, st.integers(0, 65_535))
def test_attention_multiplies_the_chance(chance: int, attention: int) -> None:
    """Full attention leaves the chance, none sees nothing, twice as much sees no less."""
    assert chance_under(chance, HERE) == chance
    assert chance_under(chance, 0) == 0
    assert chance_under(chance, attention) <= chance_under(chance, 2 * attention) <= 65_535


def test_mistakes_are_shared_out_as_said() -> None:
    """Over all words: the share of mistakes, and of these the household's and the community's."""
    for wrong, home, near in ((6554, 16384, 49152), (65_535, 0, 65_535), (100, 65_535, 65_535)):
        found = Counter(whose(luck, wrong, home, near) for luck in range(65_536))
        assert found[THEIR_OWN] == 65_536 - wrong
        assert abs(found[HOUSEHOLD] - wrong * home / 65_536) <= 1
        assert abs(found[COMMUNITY] - wrong * (near - home) / 65_536) <= 2
        assert abs(found[ELSEWHERE] - wrong * (65_536 - near) / 65_536) <= 2
    assert Counter(whose(luck, 0, 9, 9) for luck in range(65_536)) == {THEIR_OWN: 65_536}


@given(word, st.integers(0, 5000), st.integers(1, 300), st.data())
def test_another_member_is_another(luck: int, first: int, size: int, data: st.DataObject) -> None:
    """Somebody else of the run, or oneself where nobody else is there."""
    slot = first + data.draw(st.integers(0, size - 1))
    found = other_member(luck, slot, first, size)
    assert first <= found < first + size
    assert (found == slot) == (size == 1)


def test_every_other_member_is_as_likely() -> None:
    """Evenly spread words pick the others evenly."""
    found = Counter(other_member(place * 2**32 // 7000 + 1, 3, 0, 8) for place in range(7000))
    assert set(found) == set(range(8)) - {3}
    assert max(found.values()) - min(found.values()) <= 2


@given(level, st.lists(level, min_size=N_CHANNELS, max_size=N_CHANNELS))
def test_the_last_channel_takes_the_rest(luck: int, cuts: list[int]) -> None:
    """A channel always sees; which, is how many thresholds the word has passed."""
    rising = sorted(cuts)
    found = channel_of(luck, [0, *rising], 1)
    assert found == sum(luck >= cut for cut in rising[:-1])
    assert 0 <= found < N_CHANNELS


@given(st.integers(0, 65_535), st.integers(0, 5000), st.integers(0, 5000))
def test_watch_is_plain_where_nothing_is_asked_for(attention: int, more: int, doubt: int) -> None:
    """Neutral numbers leave the community's attention; others raise it, within 16 bits."""
    assert watched_closer(1, 9, 0, 0) == HERE
    assert watched_by(attention, HERE, HERE) == attention
    closer = watched_closer(1, 3, more, 10)
    assert closer == HERE + more + 30
    assert watched_closer(0, 200, more, 10) == HERE + 10 * ENTRIES_FELT
    assert attention <= watched_by(attention, closer, HERE + doubt) <= 65_535


@given(st.integers(0, 10**9))
def test_faces_are_exact_in_the_mean(faces: int) -> None:
    """Over all words the faces of a probe sum to what was set, in parts of a face."""
    whole, part = divmod(faces, 65_536)
    assert faces_taken(0, faces) == whole
    assert faces_taken(65_535, faces) == whole + (part > 0)
    assert faces_taken(65_535 - part, faces) == whole


def test_a_patch_is_there_for_good_at_its_rate() -> None:
    """A community has a channel or not, the same in every step; none and all are exact."""
    presence = [0, 1 << 32, 3 << 30]
    found = [patches_here(5, community, presence, 0, 3) for community in range(2000)]
    assert not any(there & 1 for there in found)
    assert all(there & 2 for there in found)
    assert abs(sum(there >> 2 for there in found) - 1500) < 120
    assert patches_here(5, 7, presence, 0, 3) == found[7]
