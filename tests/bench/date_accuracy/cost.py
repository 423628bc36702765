"""The time of a forecast, and a check that the number of threads does not change the answer."""

import os

from date_accuracy import mailrunway
from training.failed import Failed

ROUNDS = 3


def of(trial):
    """The answer, and a line about the time that it took."""
    answered, times = None, {}
    for threads in (1, 2):
        for _ in range(ROUNDS):
            output, took = mailrunway.answer(trial.tasks, threads)
            times[threads] = min(took, times.get(threads, took))
            if answered is not None and output != answered:
                raise Failed("two runs on the same tasks gave different bytes")
            answered = output
    count = len(trial.truth)
    each = " and ".join(f"{took * 800 / count:.2f} s with {threads}" for threads, took in times.items())
    load = os.getloadavg()[0]
    line = (
        f"800 series, 156 levels each: {each} threads, the best of {ROUNDS} on {os.cpu_count()} cores at a load of "
        f"{load:.1f}. All runs gave the same bytes.\n"
    )
    return answered, line
