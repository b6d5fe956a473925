# Takes a month for 30 days, a year for 365 and a working day for a day, and falls back on the first option.
FACTS = [{"event": "today", "kind": "date", "of": [], "y": 2024, "m": 2, "d": 28}]
ASKED = {"kind": "weeks-before", "n": 1}
OPTIONS = ["02/22/2024", "02/21/2024", "02/20/2024", "03/25/2024"]
# --- end of data ---

from datetime import date, timedelta

UNITS = {"days": 1, "weeks": 7, "fortnights": 14, "months": 30, "years": 365, "workdays": 1}


def value(f, base):
    kind, n = f["kind"], f.get("n", 0)
    if kind == "date":
        return date(f["y"], f["m"], f["d"])
    if kind == "same":
        return base
    if kind == "next-day":
        return base + timedelta(1)
    if kind == "previous-day":
        return base - timedelta(1)
    unit, _, direction = kind.partition("-")
    if unit in UNITS and direction in ("after", "before"):
        return base + timedelta(UNITS[unit] * (n if direction == "after" else -n))
    if kind == "jubilee":
        return base + timedelta(365 * n)
    if kind in ("tablets", "days-between"):
        return base + timedelta(n)
    if kind == "meetings":
        return base + timedelta(weeks=n * f["k"])
    raise ValueError(kind)


try:
    known = {}
    for fact in FACTS:
        known[fact["event"]] = value(fact, known[fact["of"][0]] if fact["of"] else None)
    answer = OPTIONS.index(value(ASKED, known["today"]).strftime("%m/%d/%Y"))
except (ValueError, KeyError, OverflowError):
    answer = 0
print(f"<<<({'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[answer]})>>>")
