"""Adds a week of activity to a store: new mail and changed flags."""

import os
from collections import Counter
from dataclasses import replace
from random import Random

from scan_cost import expected_totals, make_store, message

WEEK = 7 * 86_400
ACTIVE_MAILBOXES = 0.30
NEW_MESSAGES = 0.01
# What a delivery adds to the index log and to the list of UIDs each.
BYTES_OF_A_RECORD = 80


def let_pass(root, truth_file):
    """Adds 1 % more messages to 30 % of the mailboxes, and changes the flags of as many messages."""
    known = expected_totals.read(truth_file)
    shape = known.shape
    # The file of totals exists only while it matches the store.
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
    """Delivers as Dovecot does: through `tmp`, with a lock for the list of UIDs, and with records appended to files."""
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
    """Marks unread messages as read, and read ones as unread."""
    names = sorted(os.listdir(directory))
    for name in random.sample(names, min(count, len(names))):
        unique, flags = name.split(":2,")
        changed = set(flags) ^ {"S"}
        os.rename(directory / name, directory / f"{unique}:2,{''.join(sorted(changed))}")
