"""Ratios of runs as Markdown tables."""

from statistics import median

MIB = 1024 * 1024


def ratios(runs, base, value):
    """The ratio to the base of each round."""
    return [getattr(run, value) / getattr(other, value) for run, other in zip(runs, base, strict=True)]


def ratio(runs, base, value):
    """The median of the ratios, with the least and the greatest."""
    if runs is base:
        return "1"
    each = ratios(runs, base, value)
    return f"{figure(median(each))} ({figure(min(each))}–{figure(max(each))})"


def figure(value):
    """Two decimal places, or three below 0.1: a scan without changes takes a few hundredths of the base."""
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}"


def median_of(runs, value):
    return median(getattr(run, value) for run in runs)


def peak(runs):
    return f"{median_of(runs, 'peak') / MIB:.1f}"


def relative(runs, base, values):
    """A row for each command: the ratios to the base of each value, and the memory."""
    columns = ["what", *(f"{name} / {base}" for name in values.values()), "peak MiB"]
    rows = [
        [name, *(ratio(own, runs[base], value) for value in values), peak(own)]
        for name, own in runs.items()
    ]
    taken = ", ".join(f"{median_of(runs[base], value):.3f} s {name}" for value, name in values.items())
    return f"`{base}` took {taken}; medians of rounds, least and greatest in parentheses.\n\n{markdown(columns, rows)}"


def markdown(columns, rows):
    lines = [columns, ["---"] + ["---:"] * (len(columns) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
