"""What all parts of the benchmark share: the store, the programs and the directories."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scan_cost import expected_totals, make_store, measure
from scan_cost.mailrunway import Mailrunway
from scan_cost.peers import Peer


@dataclass(frozen=True)
class Store:
    """A store on disk, and the file with its expected totals."""

    root: Path
    truth_file: Path

    @property
    def truth(self):
        return expected_totals.read(self.truth_file)


@dataclass(frozen=True)
class Bench:
    work: Path
    keep: bool
    rounds: int
    environment: dict[str, str]
    mailrunway: Mailrunway
    peers: list[Peer]
    say: Callable[[str], None]

    @contextmanager
    def store(self, shape):
        """A store of that shape: made if it is missing, and removed afterwards unless stores are kept."""
        store = Store(self.work / shape.name, self.work / f"{shape.name}.json")
        try:
            make_store.obtain(store.root, store.truth_file, shape, self.say)
            yield store
        finally:
            self.drop(store.root, store.truth_file)

    def drop(self, *paths):
        if not self.keep:
            for path in paths:
                make_store.remove(path)

    def in_turn(self, commands, rounds, **options):
        return measure.in_turn(commands, rounds, self.environment, self.say, **options)


def sizes(known):
    """A short description of a store."""
    mail = f"{known.messages:,} messages in {known.mailboxes:,} mailboxes"
    return f"{mail} ({known.files:,} files, {known.directories:,} directories)"
