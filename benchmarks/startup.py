"""How long a start takes: `--help`, `validate` of the sample workspace, and of 1,000 files with 3,000 segments.

    python -m benchmarks.startup [--runs 20]

Each run is a process of its own. Prints a Markdown table of medians and extremes, in seconds from the start of the
process to its end, and the median of the processor's seconds, which others on the machine disturb less. The first run
of each, which may have to write bytecode, is not counted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.workspaces import write_many

ROOT = Path(__file__).parents[1]
FILES = 1000


def seconds(arguments: list[str]) -> tuple[float, float]:
    """One run, by the clock on the wall and by the processor's."""
    start, before = time.perf_counter(), os.times()
    subprocess.run([sys.executable, "-m", "reconciler", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    used = after.children_user - before.children_user + after.children_system - before.children_system
    return time.perf_counter() - start, used


def measure(commands: dict[str, list[str]], runs: int) -> None:
    """Print the table."""
    print(f"Python {sys.version.split()[0]}, {runs} runs each\n")
    print("| command | median | quickest | slowest | processor |\n|---|---:|---:|---:|---:|")
    for name, arguments in commands.items():
        seconds(arguments)
        times, used = zip(*(seconds(arguments) for _ in range(runs)), strict=True)
        told = [statistics.median(times), min(times), max(times), statistics.median(used)]
        print(f"| {name} | {' | '.join(f'{each:.3f}' for each in told)} |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time the start of the command line.")
    parser.add_argument("--runs", type=int, default=20)
    with tempfile.TemporaryDirectory() as folder:
        write_many(Path(folder), FILES)
        commands = {
            "--help": ["--help"],
            "validate of the sample": ["-w", "audiences", "validate"],
            f"validate of {FILES:,} files": ["-w", folder, "validate"],
        }
        measure(commands, parser.parse_args().runs)


if __name__ == "__main__":
    main()
