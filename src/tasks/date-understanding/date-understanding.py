# Follows the facts with the standard library's calendar and picks the option.
FACTS = [
    {"event": "the loan", "kind": "date", "of": [], "y": 2024, "m": 3, "d": 3},
    {"event": "today", "kind": "days-before", "of": ["the loan"], "n": 4},
]
ASKED = {"kind": "weeks-before", "n": 1}
OPTIONS = ["02/22/2024", "02/21/2024", "02/20/2024", "03/25/2024"]
# --- end of data ---

import calendar
from datetime import date, datetime, timedelta

HOLIDAYS = [(1, 1), (2, 14), (3, 17), (4, 1), (10, 31), (12, 24), (12, 25), (12, 26), (12, 31)]


def month_end(y, m):
    return date(y, m, calendar.monthrange(y, m)[1])


def months_on(day, n):
    y, m = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(y, m + 1, min(day.day, calendar.monthrange(y, m + 1)[1]))


def workdays_on(day, n):
    step = timedelta(1 if n > 0 else -1)
    while n:
        day += step
        if day.weekday() < 5:
            n -= 1 if n > 0 else -1
    return day


def find_weekday(day, w, step):
    day += timedelta(step)
    while day.weekday() != w:
        day += timedelta(step)
    return day


def nth_weekday(y, m, w, n):
    fitting = [d for d in calendar.Calendar().itermonthdates(y, m) if d.month == m and d.weekday() == w]
    return fitting[n - 1 if n > 0 else -1]


def value(f, bases):
    kind, n = f["kind"], f.get("n", 0)
    base = bases[0] if bases else None
    y, m = f.get("y"), f.get("m")
    if kind == "date":
        return date(y, m, f["d"])
    if kind == "nth-weekday":
        return nth_weekday(y, m, f["w"], n)
    if kind == "month-end":
        return month_end(y, m)
    if kind == "quarter-start":
        return date(y, [1, 4, 7, 10][f["q"] - 1], 1)
    if kind == "quarter-end":
        return month_end(y, [3, 6, 9, 12][f["q"] - 1])
    if kind == "day-of-year":
        return datetime.strptime(f"{y} {f['k']}", "%Y %j").date()
    if kind == "holiday":
        return date(y, *HOLIDAYS[f["h"]])
    if kind == "leap-day":
        return date(y, 2, 29)
    if kind == "before-year-end":
        return date(y, 12, 31) - timedelta(f["k"])
    if kind == "same":
        return base
    if kind in ("next-day", "previous-day"):
        return base + timedelta(1 if kind == "next-day" else -1)
    if kind in ("later-of", "earlier-of"):
        return max(bases) if kind == "later-of" else min(bases)
    if kind == "weekday-after":
        day = find_weekday(base, f["w"], 1)
        return day + timedelta(weeks=n - 1)
    if kind == "weekday-before":
        return find_weekday(base, f["w"], -1)
    if kind == "month-last":
        return month_end(base.year, base.month)
    if kind == "next-month-first":
        return month_end(base.year, base.month) + timedelta(1)
    if kind == "hours-after":
        return (datetime(base.year, base.month, base.day, 12) + timedelta(hours=n)).date()
    if kind == "days-between":
        return base + timedelta(n + 1)
    if kind == "tablets":
        return base + timedelta(n - 1)
    if kind == "meetings":
        return base + timedelta(weeks=(n - 1) * f["k"])
    if kind == "jubilee":
        return months_on(base, 12 * n)
    if kind == "fortnights-after":
        return base + timedelta(14 * n)
    unit, direction = kind.split("-")
    n = n if direction == "after" else -n
    if unit == "days":
        return base + timedelta(n)
    if unit == "weeks":
        return base + timedelta(weeks=n)
    if unit == "months":
        return months_on(base, n)
    if unit == "years":
        return months_on(base, 12 * n)
    return workdays_on(base, n)


known = {}
while "today" not in known:
    for fact in FACTS:
        if fact["event"] not in known and all(e in known for e in fact["of"]):
            known[fact["event"]] = value(fact, [known[e] for e in fact["of"]])

wanted = value({**ASKED}, [known["today"]]).strftime("%m/%d/%Y")
print(f"<<<({'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[OPTIONS.index(wanted)]})>>>")
