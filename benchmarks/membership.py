"""Membership and difference beside a hand-written query, pair by pair in one run.

    python -m benchmarks.membership DIR --reference limit.py [--segments 10 100 300] [--mixed] [--pairs 3]

DIR holds `data/customers.parquet` (customer_id, email, unsubscribed) and `data/events.parquet` (customer_id, event,
occurred_at) of a clock at 2026-11-21T18:00:00Z; the workspace beside it is written anew for each number of segments.
The reference is a script that answers the same question: `python limit.py DIR --segments N` prints as its last line
`{"seconds": …, "peak_gb": …, "sizes": […]}`. Both are run in processes of their own, in turn, with a ledger to differ
from; the sizes must agree. With `--mixed`, a hundred segments of all kinds stand beside a hundred windows of the
reference. Prints a Markdown table of medians.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.processes import measured
from benchmarks.workspaces import write_mixed, write_windows

Pair = tuple[dict[str, Any], dict[str, Any]]
MIXED = 100
"""The windows of the reference that the mixed workspace is held against."""


def pairs(folder: Path, reference: Path, segments: int | None, count: int) -> list[Pair]:
    """Our answer and the reference's, in turn. Both begin with a run that writes the ledger and is not counted."""
    if segments is None:
        write_mixed(folder)
    else:
        write_windows(folder, segments)
    theirs = (str(reference), str(folder), "--segments", str(segments or MIXED))
    with tempfile.TemporaryDirectory(dir=folder) as ledger:
        ours = ("-m", "benchmarks.one_membership", str(folder), ledger)
        first = (measured(*ours, "--write"), measured(*theirs))
        if segments is not None and sorted(first[0]["sizes"]) != sorted(first[1]["sizes"]):
            raise SystemExit("The two do not count the same people.")
        return [(measured(*ours), measured(*theirs)) for _ in range(count)]


def row(what: str, found: list[Pair]) -> str:
    """One line of the table: medians, and the median of the ratios within the pairs."""
    ours = statistics.median(pair[0]["seconds"] for pair in found)
    theirs = statistics.median(pair[1]["seconds"] for pair in found)
    ratios = [pair[0]["seconds"] / pair[1]["seconds"] for pair in found]
    peak = max(pair[0]["peak_gb"] for pair in found)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    return f"| {what} | {ours:.1f} | {theirs:.1f} | {statistics.median(ratios):.2f} ({spread}) | {peak:.1f} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--segments", type=int, nargs="*", default=[10, 100, 300])
    parser.add_argument("--mixed", action="store_true")
    parser.add_argument("--pairs", type=int, default=3)
    given = parser.parse_args()
    print("| segments | reconciler, s | reference, s | ratio (least to most) | peak, GB |\n|---|---|---|---|---|")
    for segments in [*given.segments, *([None] if given.mixed else [])]:
        what = f"{MIXED} mixed" if segments is None else str(segments)
        print(row(what, pairs(given.folder, given.reference, segments, given.pairs)), flush=True)


if __name__ == "__main__":
    main()
