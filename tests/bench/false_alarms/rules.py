"""Rules: the level of the alarm at each scan of a store."""

import numpy as np

OK, WARNING, CRITICAL = 0, 1, 2
# Thresholds in days: for predict_linear and a line of four weeks, what users of Prometheus write.
MONTH, QUARTER, FOUR_WEEKS = 30, 90, 28


def check(critical=MONTH, quantile="p50", slack=1.2, floor=0.60, used_critical=0.95, used_warning=0.85):
    """The rule and defaults of planning/alarm.rs: WARNING by the earliest plausible date, CRITICAL by the median."""

    def by_date(store, dates, factor):
        level = np.where(dates["p10"] < QUARTER * factor, WARNING, OK)
        near = dates[quantile] < critical * factor
        return np.where(near, np.where(store.share >= floor, CRITICAL, WARNING), level)

    def levels(store, dates):
        now, farther = by_date(store, dates, 1), by_date(store, dates, slack)
        week_ago = np.concatenate([[OK], now[:-1]])
        return np.maximum.reduce([now, np.minimum(week_ago, farther), used(store, used_critical, used_warning)])

    return levels


def used(store, critical, warning):
    return np.where(store.share >= critical, CRITICAL, np.where(store.share >= warning, WARNING, OK))


def in_use(critical, warning):
    return lambda store, _: used(store, critical, warning)


def predict_linear(store, _):
    """Prometheus' predict_linear over daily values: CRITICAL if the line is full in a month, WARNING in a quarter."""
    levels = []
    for day, limit in zip(store.scans, store.limits, strict=True):
        days = np.arange(max(day - FOUR_WEEKS, store.scans[0]), day + 1)
        slope, now = np.polyfit(days - day, store.level.amounts[days], 1) if len(days) > 1 else (0, 0)
        levels.append(max((now + slope * MONTH >= limit) * CRITICAL, (now + slope * QUARTER >= limit) * WARNING))
    return np.array(levels)


CHECK_BY_DATE = "`mailrunway check`: full within 30 days"
CHECK = "`mailrunway check`: that, or 95 % in use"
# Of a share in use that is never reached.
NEVER = 2
BY_DATE = {"used_critical": NEVER, "used_warning": NEVER}
MAIN = {
    CHECK_BY_DATE: check(**BY_DATE),
    CHECK: check(),
    "90 % in use (WARNING: 80 %)": in_use(0.90, 0.80),
    "95 % in use (WARNING: 85 %)": in_use(0.95, 0.85),
    "`predict_linear`, 4 weeks, 30 days ahead (WARNING: 90)": predict_linear,
}
OTHERS = {
    "CRITICAL by p05": check(quantile="p05", **BY_DATE),
    "by p10": check(quantile="p10", **BY_DATE),
    "by p25": check(quantile="p25", **BY_DATE),
    "by p50 (`check`)": check(**BY_DATE),
    "by p10, `-c 14d`": check(14, "p10", **BY_DATE),
    "no hysteresis": check(slack=1, **BY_DATE),
    "hysteresis by a factor of 2": check(slack=2, **BY_DATE),
    "no used_floor": check(floor=0, **BY_DATE),
    "used_floor 85 %": check(floor=0.85, **BY_DATE),
    "`--used-critical 98%`": check(used_critical=0.98),
}
