"""Warm scans, with the store in the kernel's caches: a first scan, one without changes, a full one, one by names, and
weekly scans."""

from scan_cost import agreement, markdown_table, week_of_mail
from scan_cost.bench import sizes
from scan_cost.agreement import Checks
from scan_cost.measure import Command

VALUES = {"cpu": "CPU", "wall": "wall"}
# The history in which the store was scanned before.
RESCAN = "rescan"


def run(bench, store):
    """Checks and measures. Returns the runs and the table."""
    root, known = store.root, store.truth
    checks = Checks(bench.say)
    agreement.everybody(checks, bench.mailrunway, bench.peers, root, known)
    passed = checks.finish()
    bench.mailrunway.forget(RESCAN)
    bench.mailrunway.answer(root, RESCAN)
    runs = bench.in_turn(commands(bench, root), bench.rounds)
    counted = "; ".join(f"{peer.name} counts {peer.counts}" for peer in bench.peers)
    text = (
        f"### Warm\n\n{sizes(known)}; {bench.rounds} rounds after a discarded one. "
        f"All {passed} comparisons of answers were equal. {counted}.\n\n{markdown_table.relative(runs, 'du', VALUES)}\n"
    )
    return runs, text


def commands(bench, root):
    scanner = bench.mailrunway
    first_scans = [
        Command(name, scanner.scan(root, history, *options), lambda history=history: scanner.forget(history))
        for name, history, options in [
            ("mailrunway, first scan", "first", []),
            ("mailrunway, first scan `--names`", "names", ["--names"]),
        ]
    ]
    return [
        Command("du", ["du", "-s", str(root)]),
        *first_scans,
        Command("mailrunway, nothing changed", scanner.scan(root, RESCAN)),
        Command("mailrunway, `--full`", scanner.scan(root, "full", "--full")),
        *(Command(peer.name, peer.command(root)) for peer in bench.peers),
    ]


def weekly(bench, store):
    """Measures scans after weeks of mail, and checks one of them; needs the history that `run` left."""
    scanner, root = bench.mailrunway, store.root

    def let_a_week_pass():
        week_of_mail.let_pass(root, store.truth_file)

    runs = bench.in_turn(
        [Command("du", ["du", "-s", str(root)]), Command("mailrunway, weekly scan", scanner.scan(root, RESCAN))],
        bench.rounds,
        before_round=let_a_week_pass,
    )
    let_a_week_pass()
    known = store.truth
    checks = Checks(bench.say)
    scanner.forget("after-weeks")
    incremental = scanner.answer(root, RESCAN)
    checks.same("mailrunway, weekly scan and full scan", incremental, scanner.answer(root, "after-weeks", "--full"))
    agreement.with_truth(checks, " weekly", incremental, known)
    text = (
        f"### Weekly\n\nBefore each scan {week_of_mail.NEW_MESSAGES:.0%} more messages in "
        f"{week_of_mail.ACTIVE_MAILBOXES:.0%} of the mailboxes, changed flags on as many, and "
        f"what Dovecot writes meanwhile; {sizes(known)} in the end. "
        f"After one more week a rescan and a full scan agreed to the byte ({checks.finish()} comparisons).\n\n"
        f"{markdown_table.relative(runs, 'du', VALUES)}\n"
    )
    return runs, text
