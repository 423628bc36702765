"""Cold scans: how long a scan takes when the kernel has cached nothing of the store."""

from dataclasses import replace

from scan_cost import agreement, disk_image, make_store, markdown_table
from scan_cost.bench import sizes
from scan_cost.agreement import Checks
from scan_cost.measure import Command

SHARE = 5
PEERS = ["dua", "gdu"]
BASE = "diskus"


def why_not(without):
    """Why this part cannot run here, or None."""
    if BASE in without:
        return f"{BASE} is needed as the base of the ratios"
    return disk_image.why_not()


def run(bench, shape):
    """Makes a store of a fifth of the size on an image, checks it, and measures. Returns the runs and the table."""
    shape = replace(shape, messages=shape.messages // SHARE, mailboxes=max(1, shape.mailboxes // SHARE))
    file, truth_file = bench.work / f"cold-{shape.name}.img", bench.work / f"cold-{shape.name}.json"
    disk = disk_image.Image(file, bench.work / "mounted")
    root = disk.mount_point / "store"
    try:
        if not (file.exists() and truth_file.exists()):
            disk.make(shape)
        with disk.mounted():
            known = make_store.obtain(root, truth_file, shape, bench.say)
            checks = Checks(bench.say)
            agreement.everybody(checks, bench.mailrunway, bench.peers, root, known)
            passed = checks.finish()
        runs = bench.in_turn(commands(bench, root, disk), bench.rounds, warm_ups=0)
    finally:
        disk.close()
        bench.drop(file, truth_file)
    text = (
        f"### Cold\n\n{sizes(known)}, on an ext4 image that the kernel had dropped from its "
        f"caches before each run; {bench.rounds} rounds; all {passed} comparisons of answers were equal.\n\n"
        f"{markdown_table.relative(runs, BASE, {'wall': 'wall'})}\n"
    )
    return runs, text


def commands(bench, root, disk):
    scanner = bench.mailrunway

    def prepare():
        for history in ("cold-first", "cold-names"):
            scanner.forget(history)
        disk.cool()

    measured = {
        "du": ["du", "-s", str(root)],
        "mailrunway, first scan": scanner.scan(root, "cold-first"),
        "mailrunway, first scan `--names`": scanner.scan(root, "cold-names", "--names"),
    } | {peer.name: peer.command(root) for peer in bench.peers if peer.name in [BASE, *PEERS]}
    return [Command(name, argv, prepare) for name, argv in measured.items()]
