"""Peak memory of a scan, with few and with many messages in the same mailboxes."""

from dataclasses import replace

from scan_cost import agreement, markdown_table
from scan_cost.agreement import Checks
from scan_cost.measure import Command

OTHER_FACTORS = [0.2, 2]
MOST_ROUNDS = 3
ALLOWED = 0.20
SCANS = ["first scan", "later scan"]


def run(bench, store):
    """Measures the store, and stores of a fifth and of twice its messages. Returns the runs and the table."""
    middle, shape = store.truth.messages, store.truth.shape
    runs = {middle: measure(bench, store)}
    for factor in OTHER_FACTORS:
        with bench.store(replace(shape, messages=round(shape.messages * factor))) as other:
            runs[other.truth.messages] = measure(bench, other)
    rows = [
        [f"{messages:,}", *(markdown_table.peak(runs[messages][scan]) for scan in SCANS)]
        for messages in sorted(runs)
    ]
    verdicts = "; ".join(f"{scan}s: {verdict(runs, scan, middle)}" for scan in SCANS)
    text = (
        f"### Memory\n\nPeak MiB, {shape.mailboxes:,} mailboxes. Within ±{ALLOWED:.0%} of that at {middle:,} messages? "
        f"{verdicts}.\n\n{markdown_table.markdown(['messages', *SCANS], rows)}\n"
    )
    return runs, text


def measure(bench, store):
    checks = Checks(bench.say)
    agreement.mailrunway_alone(checks, bench.mailrunway, store.root, store.truth)
    checks.finish()
    scanner = bench.mailrunway
    scanner.forget("memory-later")
    scanner.answer(store.root, "memory-later")
    first = Command(SCANS[0], scanner.scan(store.root, "memory-first"), lambda: scanner.forget("memory-first"))
    later = Command(SCANS[1], scanner.scan(store.root, "memory-later"))
    return bench.in_turn([first, later], min(bench.rounds, MOST_ROUNDS), warm_ups=0)


def verdict(runs, scan, middle):
    base = markdown_table.median_of(runs[middle][scan], "peak")
    others = sorted(messages for messages in runs if messages != middle)
    ratios = [markdown_table.median_of(runs[messages][scan], "peak") / base for messages in others]
    figures = ", ".join(f"{ratio:.2f} at {messages:,}" for messages, ratio in zip(others, ratios))
    return f"{'yes' if all(abs(ratio - 1) <= ALLOWED for ratio in ratios) else 'no'} ({figures})"
