"""A week in the life of a store: new mail, and mail that is read."""

import os
from collections import Counter
from dataclasses import replace
from random import Random

from scan_cost import expected_totals, make_store, message

WEEK = 7 * 86_400
ACTIVE_MAILBOXES = 0.30
NEW_MESSAGES = 0.01
# What a delivery adds to the index log and to the list of UIDs.
BYTES_OF_A_RECORD = 80


def let_pass(root, truth_file):
    """Lets a week pass: a hundredth more messages, in three mailboxes of ten, and other flags for as many."""
    known = expected_totals.read(truth_file)
    shape = known.shape
    # Until all is done the store is not what the truth says.
    truth_file.unlink()
    random = Random(f"{shape.seed} week {known.weeks}")
    active = random.sample(range(shape.mailboxes), max(1, round(shape.mailboxes * ACTIVE_MAILBOXES)))
    folders = shape.folders_of_all(active)
    weights = [folder.weight for folder in folders]
    count = max(1, round(known.messages * NEW_MESSAGES))
    start = make_store.END + known.weeks * WEEK

    logical = 0
    recipients = random.choices(folders, weights=weights, k=count)
    for number, folder in enumerate(recipients):
        one = message.draw(random, number, start + WEEK * number // count)
        deliver(random, root / folder.path, one)
        logical += one.size
    for folder, flagged in Counter(random.choices(folders, weights=weights, k=count)).items():
        change_flags(random, root / folder.path / "cur", flagged)

    replace(
        known,
        messages=known.messages + count,
        logical_bytes=known.logical_bytes + logical,
        other_bytes=known.other_bytes + count * 2 * BYTES_OF_A_RECORD,
        files=known.files + count,
        weeks=known.weeks + 1,
    ).write(truth_file)
    expected_totals.settle(truth_file)


def deliver(random, folder, one):
    """As Dovecot delivers: by way of `tmp`, with a lock for the list of UIDs, and records in files that are there."""
    waiting = folder / "tmp" / one.name.split(",")[0]
    message.write(random, waiting, one)
    lock = folder / "dovecot-uidlist.lock"
    lock.touch()
    waiting.rename(folder / one.directory / one.name)
    for name in ("dovecot-uidlist", "dovecot.index.log"):
        with open(folder / name, "ab") as file:
            file.write(message.TEXT[:BYTES_OF_A_RECORD])
    lock.unlink()


def change_flags(random, directory, count):
    """Marks messages as read, and those that are as unread."""
    names = sorted(os.listdir(directory))
    for name in random.sample(names, min(count, len(names))):
        unique, flags = name.split(":2,")
        changed = set(flags) ^ {"S"}
        os.rename(directory / name, directory / f"{unique}:2,{''.join(sorted(changed))}")
