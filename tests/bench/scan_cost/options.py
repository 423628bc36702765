"""The command line of the benchmark."""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from scan_cost import peers
from scan_cost.store_layout import Shape

ROOT = Path(__file__).resolve().parents[3]
PARTS = ["warm", "memory", "cold"]


@dataclass(frozen=True)
class Options:
    shape: Shape
    rounds: int
    work: Path | None
    keep: bool
    only: str | None
    without: list[str]
    mailrunway: Path
    install_peers: bool


def read(arguments):
    parser = argparse.ArgumentParser(
        prog="tests/bench/scan_cost/run",
        description="Measures CPU, wall time and memory of a scan beside du, diskus, pdu, dust, dua and gdu: makes a "
        "store, checks that all programs agree on it, runs them in turn, and prints ratios as Markdown.",
    )
    parser.add_argument("--messages", type=positive, metavar="N", help="messages of the store (1,000,000)")
    parser.add_argument("--mailboxes", type=positive, metavar="N", help="mailboxes of the store (2,000)")
    parser.add_argument("--rounds", type=positive, metavar="R", help="measured rounds (5)")
    parser.add_argument(
        "--quick", action="store_true", help="100,000 messages, 200 mailboxes, 2 rounds, unless given"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of the store (1)")
    parser.add_argument(
        "--work", type=Path, metavar="DIR",
        help="directory for stores, histories and figures.json (a new one below TMPDIR)",
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the stores and reuse existing ones; needs --work"
    )
    parser.add_argument(
        "--only", choices=PARTS, help="one part (warm and memory; cold too for root, where images can be mounted)"
    )
    parser.add_argument(
        "--without", action="append", default=[], choices=[peer.name for peer in peers.OTHERS], metavar="PEER",
        help="leave out a program; can be repeated",
    )
    parser.add_argument(
        "--mailrunway", type=Path, metavar="FILE", default=ROOT / "target/release/mailrunway",
        help="the program to measure (target/release/mailrunway)",
    )
    parser.add_argument(
        "--install-peers", action="store_true",
        help="first install the peers: with cargo to target/bench/peers, gdu with apt-get",
    )
    values = parser.parse_args(arguments)
    if values.keep and not values.work:
        parser.error("--keep needs --work DIR, the directory of the kept stores")
    usual = (100_000, 200, 2) if values.quick else (1_000_000, 2_000, 5)
    messages, mailboxes, rounds = (
        usual if given is None else given
        for given, usual in zip((values.messages, values.mailboxes, values.rounds), usual)
    )
    # The memory part also makes a store with a fifth of the messages.
    if messages < 5 * mailboxes:
        parser.error(f"{mailboxes:,} mailboxes need at least {5 * mailboxes:,} messages, not {messages:,}")
    return Options(
        shape=Shape(messages, mailboxes, values.seed),
        rounds=rounds,
        work=values.work.absolute() if values.work else None,
        keep=values.keep,
        only=values.only,
        without=values.without,
        mailrunway=values.mailrunway.absolute(),
        install_peers=values.install_peers,
    )


def positive(text):
    try:
        value = int(text.replace(",", "").replace("_", ""))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def say(text):
    """Prints a message to standard error; standard output has only the tables."""
    print(f"tests/bench/scan_cost/run: {text}", file=sys.stderr, flush=True)
