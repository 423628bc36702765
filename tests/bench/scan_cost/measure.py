"""What a command takes: time, processor time and memory; and commands in turn, round by round."""

import ctypes
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from scan_cost.failed import Failed

PR_SET_CHILD_SUBREAPER = 36
# The kernel counts the memory of a process from its fork on, so a command that Python starts never has less than
# Python. Hence a shell, a megabyte large, starts it, and ends; Python inherits it. It waits for a line, so that the
# shell is in none of the figures.
LAUNCHER = 'exec 3<&0; { read -r go <&3 && exec "$@" 3<&-; } >/dev/null & echo $!'


class Run(NamedTuple):
    """One run of one command."""

    wall: float
    cpu: float
    peak: int


@dataclass(frozen=True)
class Command:
    """A command of a table; what has to be done before each of its runs is not measured."""

    name: str
    argv: list[str]
    prepare: Callable[[], None] = field(default=lambda: None)


def adopt_orphans():
    """Lets this process inherit what a launcher leaves."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise Failed(f"this kernel lets nobody adopt processes: {os.strerror(ctypes.get_errno())}")


def run(argv, environment):
    """Runs the command without its output, and fails if it does."""
    with tempfile.TemporaryFile() as errors:
        launcher = subprocess.Popen(
            ["sh", "-c", LAUNCHER, "launcher", *argv],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment,
        )
        pid = int(launcher.stdout.readline())
        launcher.wait()
        started = time.monotonic()
        try:
            launcher.stdin.write(b"go\n")
            launcher.stdin.close()
            _, status, used = os.wait4(pid, 0)
        except BaseException:
            # The shell has made it deaf to Ctrl-C.
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise
        wall = time.monotonic() - started
        launcher.stdout.close()
        if status:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip()
            code = os.waitstatus_to_exitcode(status)
            raise Failed(f"{' '.join(argv)} ended with {code}: {said or 'it said nothing'}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def in_turn(commands, rounds, environment, say, warm_ups=1, before_round=lambda: None):
    """The runs of each command, which all run once a round; a warm-up's are thrown away."""
    runs = {command.name: [] for command in commands}
    for number in range(1 - warm_ups, rounds + 1):
        say(f"round {number} of {rounds}" if number > 0 else "warm-up")
        before_round()
        # Each round begins with another command, so that none is always the one after a slow one.
        start = number % len(commands)
        for command in commands[start:] + commands[:start]:
            command.prepare()
            one = run(command.argv, environment)
            if number > 0:
                runs[command.name].append(one)
    return runs
