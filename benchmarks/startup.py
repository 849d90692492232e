"""How long a start takes: `reconciler --help`, and `validate` of the sample workspace.

    python -m benchmarks.startup [--runs 20]

Each run is a process of its own. Prints a Markdown table of medians and extremes, in seconds from the start of the
process to its end; the first run of each, which may have to write bytecode, is not counted.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
COMMANDS = {"--help": ["--help"], "validate of the sample": ["-w", "audiences", "validate"]}


def seconds(arguments: list[str]) -> float:
    """One run, by the clock on the wall."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "reconciler", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time the start of the command line.")
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    print(f"Python {sys.version.split()[0]}, {runs} runs each\n")
    print("| command | median | quickest | slowest |\n|---|---:|---:|---:|")
    for name, arguments in COMMANDS.items():
        seconds(arguments)
        times = [seconds(arguments) for _ in range(runs)]
        print(f"| {name} | {statistics.median(times):.3f} | {min(times):.3f} | {max(times):.3f} |")


if __name__ == "__main__":
    main()
