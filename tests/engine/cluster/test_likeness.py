"""A worker that is not what runs here is refused, by name and with the difference."""

from __future__ import annotations

import pytest

from glasshouse.engine.cluster.likeness import Likeness, differences, likeness, refuse_others
from glasshouse.errors import ClusterFailed


def altered(name: str, value: str) -> Likeness:
    """Give this process with another version of something, or with another file."""
    ours = likeness()
    versions = tuple((n, value if n == name else v) for n, v in ours.versions)
    files = tuple((n, value if n == name else v) for n, v in ours.files)
    return Likeness(versions, files)


def test_it_knows_the_program_and_its_data() -> None:
    """The text of the model, the rulebooks and the assumptions are part of it."""
    files = dict(likeness().files)
    assert "engine/sweep/community.py" in files
    assert any(name.startswith("data/rulebooks/") for name in files)
    assert any(name.startswith("data/assumptions/") for name in files)
    assert "data/societies/china-2020/provinces.csv" in files
    assert differences(likeness(), likeness()) == []


@pytest.mark.parametrize("name", ["glasshouse", "python", "numpy", "numba", "duckdb"])
def test_another_version_is_named(name: str) -> None:
    """With the version that there is and the one that there should be."""
    ours = dict(likeness().versions)[name]
    with pytest.raises(ClusterFailed, match=f"tcp://b:2 has {name} 0.0.1 instead of {ours}"):
        refuse_others({"tcp://a:1": likeness(), "tcp://b:2": altered(name, "0.0.1")}, likeness())


def test_another_rulebook_is_named() -> None:
    """The file that differs stands in the message; a file too many or too few counts as well."""
    name = next(name for name, _ in likeness().files if name.startswith("data/rulebooks/"))
    with pytest.raises(ClusterFailed, match=f"tcp://b:2 has other files: {name}$"):
        refuse_others({"tcp://b:2": altered(name, "0")}, likeness())
    versions, files = likeness()
    more = Likeness(versions, (*files, ("data/rulebooks/mine.yaml", "0")))
    assert differences(more, likeness()) == ["other files: data/rulebooks/mine.yaml"]
    fewer = Likeness(versions, files[5:])
    (text,) = differences(fewer, likeness())
    assert text.endswith("and 2 more")


def test_all_workers_that_differ_are_told_at_once() -> None:
    """One that has no glasshouse at all, and one that cannot say what it is."""
    missing = ModuleNotFoundError("No module named 'glasshouse'", name="glasshouse")
    with pytest.raises(ClusterFailed) as refused:
        refuse_others({"tcp://a:1": missing, "tcp://b:2": TypeError("what")}, likeness())
    assert "tcp://a:1 has no glasshouse" in str(refused.value)
    assert "tcp://b:2 does not say what it is: TypeError: what" in str(refused.value)
