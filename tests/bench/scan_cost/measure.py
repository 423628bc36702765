"""Measures wall time, processor time and peak memory of commands, which run in turn, round by round."""

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
# The kernel counts the peak memory of a process from its fork on, so a command forked by Python would have at least the
# memory of Python. Therefore a small shell forks the command and exits, and Python adopts it. The command waits for a
# line first, so that the figures do not include the shell.
LAUNCHER = 'exec 3<&0; { read -r go <&3 && exec "$@" 3<&-; } >/dev/null & echo $!'


class Run(NamedTuple):
    """One run of one command."""

    wall: float
    cpu: float
    peak: int


@dataclass(frozen=True)
class Command:
    """A command of a table. `prepare` is called before each run and not measured."""

    name: str
    argv: list[str]
    prepare: Callable[[], None] = field(default=lambda: None)


def adopt_orphans():
    """Makes this process the parent of processes that a launcher leaves behind."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise Failed(f"cannot adopt processes: {os.strerror(ctypes.get_errno())}")


def run(argv, environment):
    """Runs the command, discards its output, and fails if the command fails."""
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
            # A background process of a shell ignores Ctrl-C.
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise
        wall = time.monotonic() - started
        launcher.stdout.close()
        if status:
            errors.seek(0)
            message = errors.read().decode(errors="replace").strip()
            code = os.waitstatus_to_exitcode(status)
            raise Failed(f"{' '.join(argv)} ended with {code}: {message or 'no message'}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


def in_turn(commands, rounds, environment, say, warm_ups=1, before_round=lambda: None):
    """The runs of each command. All commands run once a round; warm-up rounds are discarded."""
    runs = {command.name: [] for command in commands}
    for number in range(1 - warm_ups, rounds + 1):
        say(f"round {number} of {rounds}" if number > 0 else "warm-up")
        before_round()
        # Each round begins with another command, so that no command always follows the same one.
        start = number % len(commands)
        for command in commands[start:] + commands[:start]:
            command.prepare()
            one = run(command.argv, environment)
            if number > 0:
                runs[command.name].append(one)
    return runs
