"""A true time axis: days by their distance, labelled with the year."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

_MOST = 8
"""Labels for which the width of a chart has room."""
_DAYS = (1, 2, 7, 14)
_MONTHS = (1, 3, 6, 12, 24, 60, 120)
_DAYS_OF_MONTH = 30.4
_WEEK = 7


def day_of(moment: datetime) -> float:
    """Return a moment as days, the unit of the axis, by its own local time."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment.toordinal() + (moment - midnight).total_seconds() / 86400.0


def span_of(days: Iterable[float]) -> tuple[float, float]:
    """Return the bounds of the axis around days: whole weeks."""
    weeks = [week_of(day) for day in days]
    return min(weeks) - _WEEK / 2, max(weeks) + _WEEK / 2


def ticks(span: tuple[float, float]) -> list[tuple[float, str]]:
    """Return days with their labels: dates, months or years, as the span allows.

    Weeks begin on Monday, as in ISO 8601.
    """
    length = span[1] - span[0]
    first, last = date.fromordinal(int(span[0])), date.fromordinal(int(span[1]))
    for step in _DAYS:
        if length / step <= _MOST:
            return _inside(span, _each_day(first, last, step), "%Y-%m-%d")
    months = next((m for m in _MONTHS if length / _DAYS_OF_MONTH / m <= _MOST), _MONTHS[-1])
    return _inside(span, _each_month(first, last, months), "%Y-%m" if months < 12 else "%Y")


def week_of(day: float) -> float:
    """Return the middle of the week of a day."""
    monday = int(day) - date.fromordinal(int(day)).weekday()
    return monday + _WEEK / 2


def _each_day(first: date, last: date, step: int) -> list[date]:
    start = first - timedelta(days=first.weekday()) if step % _WEEK == 0 else first
    return [start + timedelta(days=i) for i in range(0, (last - start).days + 1, step)]


def _each_month(first: date, last: date, step: int) -> list[date]:
    low, high = (12 * each.year + each.month - 1 for each in (first, last))
    start = low - low % step
    return [date(month // 12, month % 12 + 1, 1) for month in range(start, high + 1, step)]


def _inside(span: tuple[float, float], days: Sequence[date], form: str) -> list[tuple[float, str]]:
    found = [(float(day.toordinal()), day.strftime(form)) for day in days]
    return [(at, label) for at, label in found if span[0] <= at <= span[1]]
