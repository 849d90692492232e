"""How time and memory grow with the data and with the windows asked for.

    python -m benchmarks.growth [--customers 1250000] [--events 12500000] [--sizes 1 2 4] [--windows 1 10 100 300]
    python -m benchmarks.growth --customers 20000000 --events 200000000 --sizes 1 --windows 100   # the large shop, once

Makes the shops in a temporary folder (`TMPDIR` says where). Each figure is a process of its own, with a ledger to
differ from; the median of `--runs`. Prints two Markdown tables: by data at a hundred windows, by windows at the
greatest data.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from benchmarks.data import make
from benchmarks.processes import measured
from benchmarks.workspaces import write_windows

SPREAD = 100
"""The windows that the growth with the data is measured at, where they are among those asked for."""


def figures(folder: Path, windows: int, runs: int) -> tuple[float, float]:
    """Median seconds and the greatest peak of memory in GB."""
    write_windows(folder, windows)
    with tempfile.TemporaryDirectory(dir=folder) as ledger:
        ours = ("-m", "benchmarks.one_membership", str(folder), ledger)
        measured(*ours, "--write")
        found = [measured(*ours) for _ in range(runs)]
    return statistics.median(each["seconds"] for each in found), max(each["peak_gb"] for each in found)


def by_data(shops: list[tuple[int, int, Path]], windows: int, runs: int) -> None:
    """Print one line a size."""
    print(f"| customers | events | {windows} windows, s | peak, GB |\n|---|---|---|---|")
    for customers, events, folder in shops:
        seconds, peak = figures(folder, windows, runs)
        print(f"| {customers:,} | {events:,} | {seconds:.1f} | {peak:.1f} |", flush=True)


def by_windows(folder: Path, windows: list[int], runs: int) -> None:
    """Print one line a number of windows."""
    print("\n| windows | s | peak, GB |\n|---|---|---|")
    for number in windows:
        seconds, peak = figures(folder, number, runs)
        print(f"| {number} | {seconds:.1f} | {peak:.1f} |", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=1_250_000)
    parser.add_argument("--events", type=int, default=12_500_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--windows", type=int, nargs="+", default=[1, 10, 100, 300])
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shops = [(given.customers * size, given.events * size, Path(folder) / str(size)) for size in given.sizes]
        for customers, events, shop in shops:
            make(shop, customers, events)
        spread = SPREAD if SPREAD in given.windows else given.windows[-1]
        by_data(shops, spread, given.runs)
        if len(given.windows) > 1:
            by_windows(shops[-1][2], given.windows, given.runs)


if __name__ == "__main__":
    main()
