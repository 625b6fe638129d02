"""A true time axis: days by their distance, labelled with the year."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

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


def ticks(
    span: tuple[float, float], most: int, weeks_from: int | None = None
) -> list[tuple[float, str]]:
    """Return days with their labels: dates, months or years, as the span allows.

    Args:
        span: first and last day of the axis.
        most: labels for which there is room, about.
        weeks_from: weekday, 0 is Monday, on which the weeks of the axis begin, of which no single
            days are labelled; None: the axis has days, and weeks begin on Monday, as in ISO 8601.
    """
    length = span[1] - span[0]
    first, last = date.fromordinal(int(span[0])), date.fromordinal(int(span[1]))
    for step in _DAYS:
        if length / step <= most and (weeks_from is None or step >= _WEEK):
            return _inside(span, _each_day(first, last, step, weeks_from or 0), "%Y-%m-%d")
    months = next((m for m in _MONTHS if length / _DAYS_OF_MONTH / m <= most), _MONTHS[-1])
    return _inside(span, _each_month(first, last, months), "%Y-%m" if months < 12 else "%Y")


def week_of(day: float) -> float:
    """Return the middle of the week of a day."""
    monday = int(day) - date.fromordinal(int(day)).weekday()
    return monday + _WEEK / 2


def _each_day(first: date, last: date, step: int, weeks_from: int) -> list[date]:
    into_week = (first.weekday() - weeks_from) % _WEEK
    start = first - timedelta(days=into_week) if step % _WEEK == 0 else first
    return [start + timedelta(days=i) for i in range(0, (last - start).days + 1, step)]


def _each_month(first: date, last: date, step: int) -> list[date]:
    low, high = (12 * each.year + each.month - 1 for each in (first, last))
    start = low - low % step
    return [date(month // 12, month % 12 + 1, 1) for month in range(start, high + 1, step)]


def _inside(span: tuple[float, float], days: Sequence[date], form: str) -> list[tuple[float, str]]:
    found = [(float(day.toordinal()), day.strftime(form)) for day in days]
    return [(at, label) for at, label in found if span[0] <= at <= span[1]]
