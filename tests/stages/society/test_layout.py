"""A community holds together: households, ties, the same bits everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from glasshouse.stages.society import society_kernel as kernel
from glasshouse.stages.society.layout_kernel import draft_sizes, lay_out
from glasshouse.stages.society.society_kernel import SocietyTables
from glasshouse.state.columns import STATIC

if TYPE_CHECKING:
    from tests.stages.society.conftest import Sample, Survey

MOST_TRIED = 40
"""Communities looked at one by one."""


def communities(sample: Sample) -> list[Any]:
    """Give the first communities one by one."""
    return [type(sample.rows)(*(c[n] for c in sample.rows)) for n in range(MOST_TRIED)]


@pytest.mark.parametrize("rows", [1, 2, 3, 7, 64, 300, 2048])
@pytest.mark.parametrize("society", ["china_tables", "pellucid_tables"])
def test_plain_python_and_compiled_text_give_the_same_bits(
    survey: Survey, request: pytest.FixtureRequest, compiled: Callable[..., None], society: str,
    rows: int,
) -> None:  # fmt: skip
    """The oracle agrees, whatever the work arrays held, and nothing is written beyond them."""
    tables: SocietyTables = request.getfixturevalue(society)
    lengths = [n for _, n in draft_sizes(rows).values()]
    for community in (0, 41) if rows > 100 else range(30):
        slow, slow_draft = survey.empty(rows)
        lay_out(survey.seed, community, *map(survey.viewed, (tables, slow, slow_draft)))
        fast, fast_draft = survey.empty(rows, filling=77, guard=8)
        columns = survey.cut(fast, [rows] * len(STATIC))
        compiled(survey.seed, community, tables, columns, survey.cut(fast_draft, lengths))
        for name, one, other in zip(slow._fields, slow, columns, strict=True):
            assert (one == other).all(), name
        for array in (*fast, *fast_draft):
            assert (array[-8:] == 77).all()


def test_a_community_depends_on_its_own_number_alone(
    survey: Survey, compiled: Callable[..., None], pellucid_tables: SocietyTables
) -> None:
    """Laying out others before or after changes nobody; another seed or number changes all."""
    rows, draft = survey.empty(survey.rows)
    compiled(survey.seed, 9, pellucid_tables, rows, draft)
    alone = [column.copy() for column in rows]
    for community in (3, 1_000_000, 9):
        compiled(survey.seed, community, pellucid_tables, rows, draft)
    assert all((one == other).all() for one, other in zip(alone, rows, strict=True))
    for seed, community in ((survey.seed + 1, 9), (survey.seed, 10)):
        compiled(seed, community, pellucid_tables, rows, draft)
        assert (rows.honesty != alone[rows._fields.index("honesty")]).mean() > 0.99
        assert (rows.birth_month != alone[rows._fields.index("birth_month")]).mean() > 0.9


def test_values_keep_to_their_columns(chinese: Sample, pellucidians: Sample) -> None:
    """Every column stays within the range that the registry declares."""
    for sample in (chinese, pellucidians):
        for column, values in zip(STATIC, sample.rows, strict=True):
            low, high = int(values.min()), int(values.max())
            assert column.low <= low <= high <= column.high, column.name


def test_households_are_runs_of_rows_with_one_head(chinese: Sample, pellucidians: Sample) -> None:
    """Rows of a household stand together, head first, and partners second."""
    for rows in (*communities(chinese), *communities(pellucidians)):
        size = len(rows.kind)
        slot = 0
        while slot < size:
            members = slice(slot, slot + int(rows.household_size[slot]))
            assert (rows.household_first[members] == slot).all()
            assert (rows.household_size[members] == rows.household_size[slot]).all()
            roles = rows.role[members].tolist()
            assert roles[0] in {kernel.HEAD, kernel.COLLECTIVE, kernel.ROLE_OF_BODY}
            assert roles.count(kernel.HEAD) == (roles[0] == kernel.HEAD)
            assert kernel.PARTNER not in roles[2:]
            assert len(roles) <= kernel.LARGEST_HOUSEHOLD
            assert len(roles) == 1 or roles[0] == kernel.HEAD
            slot = members.stop
        assert slot == size


def test_ages_within_a_household_fit(chinese: Sample, pellucidians: Sample) -> None:
    """Parents are 16 to 50 years older than their children, partners near in age, heads adult."""
    minors = orphans = 0
    for rows in (*communities(chinese), *communities(pellucidians)):
        age = -rows.birth_month.astype(np.int64) / 12
        for slot in np.flatnonzero(rows.role == kernel.HEAD):
            members = slice(slot, slot + int(rows.household_size[slot]))
            ages, roles = age[members], rows.role[members]
            assert ages[0] >= 18
            for place in np.flatnonzero(roles == kernel.CHILD):
                for parent in np.flatnonzero(roles <= kernel.PARTNER):
                    assert 16 <= ages[parent] - ages[place] <= 50
            for place in np.flatnonzero(roles == kernel.PARENT):
                assert 16 <= ages[place] - ages[0] <= 50
            if roles.size > 1 and roles[1] == kernel.PARTNER:
                assert abs(ages[0] - ages[1]) <= 16
                assert rows.sex[slot] != rows.sex[slot + 1]
                assert ages[1] >= 18
            minors += int((ages < 18).sum())
            orphans += int(((ages < 18) & (roles != kernel.CHILD)).sum())
    assert orphans < minors / 100


def test_few_live_with_somebody_whom_nothing_explains(chinese: Sample) -> None:
    """Hardly any household has a member who is neither partner, child nor parent."""
    assert (chinese.rows.role == kernel.OTHER).mean() < 0.02


def test_ties_are_mutual_and_inside_the_community(chinese: Sample, pellucidians: Sample) -> None:
    """Friends know each other, colleagues form rings, next door lives somebody else."""
    for rows in (*communities(chinese), *communities(pellucidians)):
        slots = np.arange(len(rows.kind))
        persons = rows.kind == kernel.PERSON
        assert (rows.friend_before[rows.friend_after] == slots).all()
        assert (rows.friend_after[rows.friend_before] == slots).all()
        assert (rows.friend_after[persons] != slots[persons]).all()
        band = np.minimum(-rows.birth_month.astype(np.int64) // 60, 16)
        assert (band[rows.friend_after] == band).all()
        works = (rows.exposure & kernel.EMPLOYED) != 0
        assert sorted(rows.colleague[persons]) == slots[persons].tolist()
        assert works[rows.colleague[works]].all()
        assert (rows.colleague[persons & ~works] == slots[persons & ~works]).all()
        assert 0.5 < (rows.colleague[works] != slots[works]).mean() < 1.0
        assert (rows.household_first[rows.neighbour] != rows.household_first).all()
        assert (rows.household_first[rows.neighbour] == rows.neighbour).all()
        assert (rows.kind[rows.neighbour] == kernel.PERSON).all()


def test_a_body_has_an_adult_who_stands_for_it(pellucidians: Sample) -> None:
    """An enterprise, a court, a government is a row that points at an adult of its community."""
    for rows in communities(pellucidians):
        firms = rows.kind > kernel.PERSON
        owners = rows.colleague[firms]
        assert (rows.kind[owners] == kernel.PERSON).all()
        assert (rows.birth_month[owners] <= -12 * 18).all()
        assert (rows.household_size[firms] == 1).all()
        assert (rows.exposure[firms] == 0).all()


def test_where_a_parent_lives_is_one_thing(chinese: Sample) -> None:
    """Nobody has a parent here and elsewhere; every child of a household has one here."""
    bits = kernel.PARENT_HERE | kernel.PARENT_NEAR | kernel.PARENT_FAR
    assert set(np.unique(chinese.rows.exposure & bits)) <= {
        0, kernel.PARENT_HERE, kernel.PARENT_NEAR, kernel.PARENT_FAR,
    }  # fmt: skip
    children = chinese.rows.role == kernel.CHILD
    assert ((chinese.rows.exposure[children] & kernel.PARENT_HERE) != 0).all()


@pytest.mark.parametrize(
    ("kind", "years", "exposure", "expected"),
    [
        (kernel.NOBODY, 30, 0, 0),
        (kernel.PERSON, 13, 15, 0),
        (kernel.PERSON, 14, 15, 1),
        (kernel.PERSON, 17, 0, 1),
        (kernel.FIRM, 100, 0, 2),
        (kernel.PERSON, 18, 0, 3),
        (kernel.PERSON, 40, kernel.ONLINE | kernel.OFFICIAL, 4),
        (kernel.PERSON, 40, kernel.DRIVER | kernel.EMPLOYED | kernel.BORROWER, 17),
        (kernel.PERSON, 90, 255, 34),
        (kernel.COURT, 100, 0, 35),
        (kernel.GOVERNMENT, 100, 0, 36),
    ],
)
def test_classes_follow_age_and_exposure(
    kind: int, years: int, exposure: int, expected: int
) -> None:
    """Nobody, minors, enterprises, thirty-two of adults, courts and governments."""
    assert kernel.activity_class(kind, -12 * years, exposure, 0) == expected
    assert expected < kernel.N_CLASSES


def test_age_follows_the_date() -> None:
    """A birthday is the month of birth; it turns a minor into an adult."""
    assert kernel.age_years(-215, 0) == 17
    assert kernel.age_years(-215, 1) == 18
    assert kernel.activity_class(kernel.PERSON, -215, 0, 1) == kernel.CLASS_ADULT
