"""The steps of a run: months, weeks or days, cut at the ends of calendar months."""

from __future__ import annotations

import calendar
import datetime as dt

from glasshouse.engine.tables import When


def steps_of(first: dt.date, months: int, step: str) -> tuple[When, ...]:
    """Give every step of a run that starts on the first day of a month and lasts whole months.

    Weeks begin with each month; the last one of a month has what is left of it.
    """
    steps: list[When] = []
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = (dt.date(year, month + 1, 1) - first).days
    month_first = 0
    for age_month in range(months):
        year, month = divmod(first.year * 12 + first.month - 1 + age_month, 12)
        length = calendar.monthrange(year, month + 1)[1]
        stride = {"month": length, "week": 7, "day": 1}[step]
        for begin in range(0, length, stride):
            steps.append(
                When(
                    step=len(steps),
                    month=year * 12 + month,
                    age_month=age_month,
                    month_days=length,
                    month_first=month_first,
                    first_day=month_first + begin,
                    end_day=month_first + min(begin + stride, length),
                    year=year,
                    begins_year=int(month == 0 and begin == 0),
                    start_ordinal=first.toordinal(),
                    run_end_day=last,
                )
            )
        month_first += length
    return tuple(steps)


def date_of(first: dt.date, day: int) -> dt.date:
    """Give the date of a day counted from the first day of the run."""
    return first + dt.timedelta(days=day)
