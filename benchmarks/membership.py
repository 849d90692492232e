"""Membership and difference beside a hand-written query, pair by pair in one run.

    python -m benchmarks.membership DIR --reference limit.py [--segments 10 --segments 100] [--pairs 3]

DIR holds `data/customers.parquet` (customer_id, email, unsubscribed) and `data/events.parquet` (customer_id, event,
occurred_at) of a clock at 2026-11-21T18:00:00Z; the workspace beside it is written anew for each number of segments.
The reference is a script that answers the same question: `python limit.py DIR --segments N` prints as its last line
`{"seconds": …, "peak_gb": …, "sizes": […]}`. Both are run in processes of their own, in turn, with a ledger to differ
from; the sizes must agree. Prints a Markdown table of medians.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

SETTINGS = """version: 1
workspace: bench
advertiser: "42"
source:
  engine: duckdb
  customers: { table: data/customers.parquet, key: customer_id, identifiers: { email: email } }
  events: { table: data/events.parquet, customer: customer_id, name: event, time: occurred_at }
state: .reconciler
"""
SEGMENT = """  w{number}:
    who:
      all: [ {{ event: cart_added, within: {start}h..{end}h }} ]
      none: [ {{ event: purchase, within: 24h }}, {{ attribute: unsubscribed, is: true }} ]
"""
HOURS = 8


def write_workspace(folder: Path, segments: int) -> None:
    """Windows of eight hours, one after the other, without buyers of the last day and without who unsubscribed."""
    (folder / "reconciler.yaml").write_text(SETTINGS, encoding="utf-8")
    bodies = [SEGMENT.format(number=n, start=n * HOURS, end=(n + 1) * HOURS) for n in range(segments)]
    (folder / "segments.yaml").write_text("version: 1\nsegments:\n" + "".join(bodies), encoding="utf-8")


def measured(*command: str) -> dict[str, Any]:
    """The last line that a process prints, as JSON."""
    done = subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def pairs(folder: Path, reference: Path, segments: int, count: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Our answer and the reference's, in turn. Both begin with a run that writes the ledger and is not counted."""
    write_workspace(folder, segments)
    theirs = (str(reference), str(folder), "--segments", str(segments))
    with tempfile.TemporaryDirectory(dir=folder) as ledger:
        ours = ("-m", "benchmarks.one_membership", str(folder), ledger)
        first = [measured(*ours, "--write"), measured(*theirs)]
        if sorted(first[0]["sizes"]) != sorted(first[1]["sizes"]):
            raise SystemExit("The two do not count the same people.")
        return [(measured(*ours), measured(*theirs)) for _ in range(count)]


def row(segments: int, found: list[tuple[dict[str, Any], dict[str, Any]]]) -> str:
    """One line of the table: medians, and the median of the ratios within the pairs."""
    ours = statistics.median(pair[0]["seconds"] for pair in found)
    theirs = statistics.median(pair[1]["seconds"] for pair in found)
    ratios = [pair[0]["seconds"] / pair[1]["seconds"] for pair in found]
    peak = max(pair[0]["peak_gb"] for pair in found)
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    return f"| {segments} | {ours:.1f} | {theirs:.1f} | {statistics.median(ratios):.2f} ({spread}) | {peak:.1f} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--segments", type=int, action="append")
    parser.add_argument("--pairs", type=int, default=3)
    given = parser.parse_args()
    print("| segments | reconciler, s | reference, s | ratio (least to most) | peak, GB |\n|---|---|---|---|---|")
    for segments in given.segments or [10, 100]:
        print(row(segments, pairs(given.folder, given.reference, segments, given.pairs)), flush=True)


if __name__ == "__main__":
    main()
