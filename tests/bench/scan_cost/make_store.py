"""Makes a store in Dovecot's Maildir++ layout. Messages are written in the order of arrival, over all folders, so that
the inodes of a directory are scattered as on a real server."""

import multiprocessing
import os
import subprocess
from concurrent.futures import ProcessPoolExecutor
from random import Random

from scan_cost import expected_totals, message, store_layout
from scan_cost.failed import Failed
from scan_cost.expected_totals import Truth

# The end of the five years of mail is fixed, so that a store depends only on its shape.
END = 1_735_689_600
YEARS = 5
SPAN = YEARS * 31_557_600
# How often a worker cycles through its domains.
TURNS = 500
BYTES_OF_A_MESSAGE = 5_000


def obtain(root, truth_file, shape, say):
    """The totals of the store at `root`, which is made if it is missing or has another shape."""
    if truth_file.exists() and root.is_dir():
        known = expected_totals.read(truth_file)
        if known.shape == shape:
            say(f"reusing {root}, to which {known.weeks} weeks of mail were added")
            return known
    say(f"making {shape.messages:,} messages in {shape.mailboxes:,} mailboxes at {root}")
    # The file of totals exists only while the store is complete.
    truth_file.unlink(missing_ok=True)
    remove(root)
    check_room(root.parent, shape)
    root.mkdir()
    made = fill(root, shape)
    made.write(truth_file)
    expected_totals.settle(truth_file)
    return made


def remove(path):
    """Removes a file or directory. For a million files rm is several times as fast as shutil.rmtree."""
    subprocess.run(["rm", "-rf", "--", path], check=True)


def check_room(directory, shape):
    volume = os.statvfs(directory)
    room = volume.f_bavail * volume.f_frsize
    needed = shape.messages * BYTES_OF_A_MESSAGE + shape.directories * 4096
    if room < needed:
        raise Failed(f"{directory} has {room:,} bytes free, the store needs about {needed:,}: see --work, --messages")
    # File systems without a fixed number of inodes report 0.
    if volume.f_files and volume.f_favail < shape.inodes:
        left = volume.f_favail
        raise Failed(f"{directory} has {left:,} inodes free, the store needs {shape.inodes:,}: see --work, --messages")


def fill(root, shape):
    """Fills the store with one process for each core, which share the domains among them."""
    workers = min(os.cpu_count(), shape.domains)
    counts = shape.messages_by_domain()
    domains = [range(worker, shape.domains, workers) for worker in range(workers)]
    shares = [[(domain, counts[domain]) for domain in own] for own in domains]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        sums = list(pool.map(fill_share, [root] * workers, [shape] * workers, shares))
    return Truth(
        shape=shape,
        mailboxes=shape.mailboxes,
        messages=shape.messages,
        logical_bytes=sum(logical for logical, _ in sums),
        other_bytes=sum(other for _, other in sums),
        directories=shape.directories,
        files=shape.messages + shape.mailboxes * store_layout.FILES_OF_A_MAILBOX,
        weeks=0,
    )


def fill_share(root, shape, share):
    """Fills the domains of one process. Returns the bytes of messages and of other files."""
    # Relative paths from here on, which are faster for the kernel to resolve.
    os.chdir(root)
    os.umask(0o077)
    other = sum(make_directories(shape, domain) for domain, _ in share)
    logical = 0
    deliveries = [deliver(shape, domain, count) for domain, count in share]
    while deliveries:
        running = []
        for delivery in deliveries:
            delivered = next(delivery, None)
            if delivered is not None:
                logical += delivered
                running.append(delivery)
        deliveries = running
    return logical, other


def make_directories(shape, domain):
    """Makes the domain's mailboxes without messages. Returns the bytes of Dovecot's files."""
    random = Random(f"{shape.seed} files of {domain}")
    os.mkdir(store_layout.domain_name(domain))
    written = 0
    for mailbox in shape.mailboxes_of(domain):
        os.mkdir(os.path.dirname(shape.maildir(mailbox)))
        for folder in shape.folders_of(mailbox):
            is_inbox = folder.path == shape.maildir(mailbox)
            os.mkdir(folder.path)
            for name in store_layout.SUBDIRECTORIES:
                os.mkdir(f"{folder.path}/{name}")
            for name in store_layout.OF_EVERY_FOLDER + (store_layout.OF_THE_INBOX if is_inbox else []):
                written += write_other(random, f"{folder.path}/{name}")
            if not is_inbox:
                for name in store_layout.OF_OTHER_FOLDERS:
                    open(f"{folder.path}/{name}", "xb").close()
    return written


def write_other(random, path):
    size = 200 + random.randrange(20_000)
    with open(path, "xb", buffering=0) as file:
        file.write(message.TEXT[: min(size, 512)])
        file.truncate(size)
    return size


def deliver(shape, domain, count):
    """Delivers the domain's messages to its folders in order of time; yields the bytes of each turn."""
    random = Random(f"{shape.seed} messages of {domain}")
    folders = shape.folders_of_all(shape.mailboxes_of(domain))
    recipients = random.choices(folders, weights=[folder.weight for folder in folders], k=count)
    done = 0
    for turn in range(1, TURNS + 1):
        delivered = 0
        until = count * turn // TURNS
        for number in range(done, until):
            seconds = END - SPAN + int(SPAN * (number + random.random()) / count)
            one = message.draw(random, number, seconds)
            message.write(random, f"{recipients[number].path}/{one.directory}/{one.name}", one)
            delivered += one.size
        done = until
        yield delivered
