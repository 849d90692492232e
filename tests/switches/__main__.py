"""Run the tests that meet the emulator with its switches turned.

`python -m tests.switches [--quick | --at-once N] [TESTS…]`: one run for each position that is no default, or for about
so many, or with `--quick` as few as let each occur in one. It prints a line a run and ends with 1 when a test failed in
any.
"""

# ruff: noqa: T201 - a script that prints its table

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time

from tests.switches.positions import ROOMS, Turn, combined, dealt, single


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.switches")
    parser.add_argument("--quick", action="store_true", help="turn all switches at once, in as few runs as may be")
    parser.add_argument("--at-once", type=int, default=0, metavar="N", help="turn about so many switches in a run")
    parser.add_argument("--only", default="", metavar="NAME", help="turn this switch alone")
    parser.add_argument("tests", nargs="*", default=ROOMS, help="instead of the usual rooms")
    given = parser.parse_args()
    turns = combined() if given.quick else dealt(given.at_once) if given.at_once else single()
    turns = [turn for turn in turns if given.only in ("", *turn)]
    failed = [turn for number, turn in enumerate(turns, start=1) if not _passes(turn, given.tests, number, len(turns))]
    print(f"{len(turns)} runs, {len(failed)} with failures.")
    return 1 if failed else 0


def _passes(turn: Turn, tests: list[str], number: int, many: int) -> bool:
    """Run the tests with a turn, and print what came of it."""
    shown = ", ".join(f"{name}={position}" for name, position in turn.items())
    options = [f"--switch={name}={position}" for name, position in turn.items()]
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-n2", "-p", "no:cacheprovider", *options, *tests]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    summary = next((line for line in reversed(lines) if re.search(r"\d+ (passed|failed|error)", line)), "no tests ran")
    print(f"{number}/{many} {shown}: {summary.strip('= ')} [{time.monotonic() - began:.0f} s]", flush=True)
    for line in lines:
        if line.startswith(("FAILED", "ERROR")):
            print(f"    {line}", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
