#!/usr/bin/env python3
"""Makes the small set that notebooks/evaluation.ipynb tells its story with: tasks.csv and truth.csv beside this file.

Nothing in it is anybody's mail. Twenty-four stores live for six years: mail arrives by the day, in weeks with weekends,
at a rate that wanders, in sizes of which a few are large. A third keeps all, a third deletes by age, a third sees imports
and purges. Of each store some Mondays are drawn; a task is the history up to one, and a limit that somebody could have
set on that day. The truth is what came. Only Python's own library is needed; the seed fixes every byte.
"""

import csv
import math
import random
from datetime import date, timedelta
from pathlib import Path

SEED, STORES, YEARS, TASKS = 20261125, 24, 6, 4
START = date(2020, 1, 6)
HISTORIES, LEADS = (9, 17, 35, 70, 104), (28, 56, 91, 182, 364)
HERE = Path(__file__).resolve().parent


def arrivals(rng):
    """Bytes of each day's mail."""
    rate, size = rng.uniform(4, 60), rng.uniform(9.5, 11.5)
    days = []
    for day in range(365 * YEARS):
        rate *= math.exp(rng.gauss(0.0003, 0.02))
        today = rate * (0.25 if (START + timedelta(days=day)).weekday() > 4 else 1.3)
        count = max(0, round(rng.gauss(today, math.sqrt(today))))
        mail = sum(rng.lognormvariate(size, 1.3) for _ in range(min(count, 400)))
        days.append(mail * max(1.0, count / 400))
    return days


def levels(days, rule, rng):
    """What is stored at the end of each day."""
    level, stored, all_levels = 0.0, [], []
    for day, mail in enumerate(days):
        stored.append(mail)
        level += mail
        if rule == "deletes" and day >= 400:
            level -= 0.8 * stored[day - 400]
        if rule == "moves" and rng.random() < 1 / 400:
            level *= rng.choice((1.12, 1.25, 0.85, 0.92))
        all_levels.append(max(level, 0.0))
    return all_levels


def main():
    rng = random.Random(SEED)
    with open(HERE / "tasks.csv", "w", newline="") as tasks, open(HERE / "truth.csv", "w", newline="") as truth:
        tasks, truth = csv.writer(tasks, lineterminator="\n"), csv.writer(truth, lineterminator="\n")
        tasks.writerow(("series", "time", "used", "limit"))
        truth.writerow(("series", "rule", "as_of", "weeks", "days_to_full", "days_known"))
        for store in range(STORES):
            rule = ("keeps", "deletes", "moves")[store % 3]
            known = levels(arrivals(rng), rule, rng)
            for number in range(TASKS):
                weeks, lead = rng.choice(HISTORIES), rng.choice(LEADS)
                first = rng.randrange(0, 365 * YEARS - 7 * weeks - lead - 60)
                first -= first % 7
                now = first + 7 * weeks
                pace = max((known[now] - known[first]) / (now - first), known[now] / 3650)
                limit = known[now] + pace * lead * rng.lognormvariate(0, 0.4)
                if limit <= max(known[first : now + 1]):
                    continue
                full = next((day - now for day in range(now + 1, len(known)) if known[day] >= limit), "")
                name = f"store{store:02}/{number}"
                for day in range(first, now + 1, 7):
                    tasks.writerow((name, START + timedelta(days=day), round(known[day]), round(limit)))
                truth.writerow((name, rule, START + timedelta(days=now), weeks, full, len(known) - 1 - now))


main()
