"""Everything in memory: what a scan costs, the first, with nothing changed, in full, by names; and week by week."""

from scan_cost import agreement, markdown_table, week_of_mail
from scan_cost.bench import sizes
from scan_cost.agreement import Checks
from scan_cost.measure import Command

VALUES = {"cpu": "CPU", "wall": "wall"}
# The history that has seen the store before.
REMEMBERING = "remembering"


def run(bench, store):
    """Checks, then measures: the runs, and the table."""
    root, known = store.root, store.truth
    checks = Checks(bench.say)
    agreement.everybody(checks, bench.mailrunway, bench.peers, root, known)
    passed = checks.finish()
    bench.mailrunway.forget(REMEMBERING)
    bench.mailrunway.answer(root, REMEMBERING)
    runs = bench.in_turn(commands(bench, root), bench.rounds)
    counted = "; ".join(f"{peer.name} counts {peer.counts}" for peer in bench.peers)
    text = (
        f"### Warm\n\n{sizes(known)}; {bench.rounds} rounds after one that was thrown away. "
        f"{passed} comparisons of answers came out equal. {counted}.\n\n{markdown_table.relative(runs, 'du', VALUES)}\n"
    )
    return runs, text


def commands(bench, root):
    scanner = bench.mailrunway
    afresh = [
        Command(name, scanner.scan(root, history, *options), lambda history=history: scanner.forget(history))
        for name, history, options in [
            ("mailrunway, first scan", "first", []),
            ("mailrunway, first scan `--names`", "names", ["--names"]),
        ]
    ]
    return [
        Command("du", ["du", "-s", str(root)]),
        *afresh,
        Command("mailrunway, nothing changed", scanner.scan(root, REMEMBERING)),
        Command("mailrunway, `--full`", scanner.scan(root, "full", "--full")),
        *(Command(peer.name, peer.command(root)) for peer in bench.peers),
    ]


def weekly(bench, store):
    """Measures scans after weeks of mail, and checks one of them; wants the history that `run` left."""
    scanner, root = bench.mailrunway, store.root

    def let_a_week_pass():
        week_of_mail.let_pass(root, store.truth_file)

    runs = bench.in_turn(
        [Command("du", ["du", "-s", str(root)]), Command("mailrunway, weekly scan", scanner.scan(root, REMEMBERING))],
        bench.rounds,
        before_round=let_a_week_pass,
    )
    let_a_week_pass()
    known = store.truth
    checks = Checks(bench.say)
    scanner.forget("after-weeks")
    incremental = scanner.answer(root, REMEMBERING)
    checks.same("mailrunway, weekly scan and full one", incremental, scanner.answer(root, "after-weeks", "--full"))
    agreement.with_truth(checks, " weekly", incremental, known)
    text = (
        f"### Weekly\n\nBefore each scan {week_of_mail.NEW_MESSAGES:.0%} more messages in {week_of_mail.ACTIVE_MAILBOXES:.0%} of the "
        f"mailboxes, as many with other flags, and what Dovecot writes meanwhile; {sizes(known)} in the end. "
        f"After one more week a scan gave what a full one gave, to the byte ({checks.finish()} comparisons).\n\n"
        f"{markdown_table.relative(runs, 'du', VALUES)}\n"
    )
    return runs, text
