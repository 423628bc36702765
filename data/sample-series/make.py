#!/usr/bin/env python3
"""Simulates the forecast tasks of notebooks/evaluation.ipynb: tasks.csv and truth.csv beside this file.

There are 24 stores over six years. Mail arrives daily, less on weekends, at a rate that drifts, with a few large messages.
A third of the stores keeps all mail, a third deletes it by age, and a third has imports and purges. A task is the history
up to a random Monday and a limit that could have been set on that day. The truth is the day on which the level reached the
limit. The script needs only Python's library, and the seed fixes every byte.
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
    """The bytes stored at the end of each day."""
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
