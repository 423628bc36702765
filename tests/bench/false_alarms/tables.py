"""The tables: rules, and sources."""

import numpy as np

from false_alarms import scores
from false_alarms.rules import CRITICAL, WARNING
from scan_cost.markdown_table import markdown

COLUMNS = [
    "", "false a year", "warned 30 days ahead", "gradual ones", "days of WARNING", "false WARNINGs a year",
    "CRITICAL 30 days ahead", "CRITICAL before", "days of CRITICAL", "changes a year",
]


def heading(stores, levels):
    """How many stores, years and fillings there are; the levels are of any rule."""
    score = scores.of(stores, levels)
    never = sum(all(spell.full is None for spell in store.spells) for store in stores)
    return (
        f"{len(stores)} stores, {years(score)} store-years, {score.fillings:,} fillings; {never} stores are never "
        f"full. {score.too_early} fillings came within 30 days of a new limit and are not in the shares; "
        f"{score.judged - score.gradual} of the other {score.judged:,} were jumps."
    )


def of_rules(stores, levels):
    """A row for each rule, from its levels."""
    return markdown(COLUMNS, [row(name, scores.of(stores, each)) for name, each in levels.items()])


def row(name, score):
    warning, critical = (f"{np.median(days):.0f}" if days else "" for days in score.leads.values())
    a_year = lambda count: f"{score.a_year(count):.2f}"
    return [
        name, a_year(score.false[CRITICAL]), share(score.warned[WARNING], score.judged),
        share(score.warned_gradual[WARNING], score.gradual), warning, a_year(score.false[WARNING]),
        share(score.warned[CRITICAL], score.judged), share(score.before[CRITICAL], score.judged), critical,
        a_year(score.changes),
    ]


def share(some, all):
    return f"{100 * some / max(all, 1):.0f} %"


def years(score):
    return f"{1 / score.a_year(1):,.0f}"


def of_sources(stores, levels):
    """By source, the false alarms a year and the share that was warned of, for each rule; then without each source."""
    parts = {name: lambda store, name=name: store.level.source == name for name in sources(stores)}
    parts |= {f"without {name}": lambda store, name=name: store.level.source != name for name in sources(stores)}
    return markdown(["", "years", *levels], [of_source(stores, levels, name, chosen) for name, chosen in parts.items()])


def sources(stores):
    return sorted({store.level.source for store in stores})


def of_source(stores, levels, name, chosen):
    found = [scores.of(list(filter(chosen, stores)), each) for each in levels.values()]
    figures = [
        f"{score.a_year(score.false[CRITICAL]):.2f}, {share(score.warned[WARNING], score.judged)}" for score in found
    ]
    return [name, years(found[0]), *figures]
