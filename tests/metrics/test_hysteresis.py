"""The shipped scenario in which a rule comes and ends, at a small size."""

from __future__ import annotations

import glasshouse as gh


def test_a_rule_shows_on_no_earlier_day_and_its_end_is_measured() -> None:
    """Up to the day both arms are one; then the strict one lies below until its points lapse."""
    run = gh.run("tightened-and-loosened", people=768, set={"community_size": 256}, threads=1)
    counts = run.counts().to_pandas()
    table = counts[counts["arm"] != "nothing"].groupby(["step", "count", "arm"])["value"].sum()
    by_arm = table.unstack("arm", fill_value=0)
    before = by_arm[by_arm.index.get_level_values("step") < 48]
    assert (before["mild"] == before["strict-for-a-year"]).all()
    assert before["mild"].sum() > 0
    points = by_arm.xs("score_sum", level="count")
    below = points["mild"] - points["strict-for-a-year"]
    assert below.loc[60] > 100 > abs(below.loc[110])
    found = run.metrics(["hysteresis_point_years"]).to_pandas()
    told = found[found["arm"] == "strict-for-a-year"]
    assert told["value"].notna().all()
    assert set(told["part"]) == {"area", "a year"}
