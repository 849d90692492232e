"""How much of a rate limit is used that is shared with another program, and what is refused for it.

    python -m benchmarks.rate                      6,000 calls of the client on virtual time: seconds
    python -m benchmarks.rate --apply [--speed 10] an apply of 1,500 lists against an emulator whose clock runs faster

The first lets four threads amend lists through the client, with an emulator in the same process and time that passes
only while all of them wait: nothing hangs on the machine. The second fills 1,500 lists with e-mail addresses and
telephone numbers, without a limit, and then applies a day later: 1,500 removals and 1,500 additions, of two types of
identifiers each, 6,000 calls. The emulator is a process of its own, and the client's clock runs as fast as its.

Both print a Markdown table. `used` is the share that we took of what the other program left of 250 calls a minute, in
whole minutes: of Criteo's clock where its window is fixed, from our first call on where it slides.
"""

from __future__ import annotations

import argparse
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.rate_apply import LISTS, apply_at_the_limit, fill
from reconciler.emulator import Switches
from tests.criteo.shared_app import Scene, Seen, play

HEADER = """\
| window | headers | ours, a minute | the other's calls | calls | minutes | used | our 429 | lost | the other's 429 |
|---|---|---:|---|---:|---:|---:|---:|---:|---:|"""


def switches() -> Iterator[Switches]:
    """Both windows, with headers on every answer and on refusals only."""
    for window, headers in itertools.product(("fixed", "sliding"), ("always", "on_429")):
        yield Switches().changed({"rate_window": window, "rate_headers": headers})


def row(given: Switches, ours: int, others: str, seen: Seen) -> str:
    """A line of the table."""
    theirs = f"{seen.refused_others} of {len(seen.others):,}"
    headers = "always" if given.rate_headers == "always" else "on 429 alone"
    return (
        f"| {given.rate_window} | {headers} | {ours or 'no limit'} | {others} | {len(seen.ours):,} "
        f"| {seen.minutes:.1f} | {seen.used():.1%} | {seen.refused} | {seen.failed} | {theirs} |"
    )


def on_virtual_time(calls: int) -> None:
    """Print the table of the client alone."""
    print(HEADER)
    for given, ours, at_once in itertools.product(switches(), (200, 0), (False, True)):
        seen = play(Scene(calls=calls, switches=given, ours=ours, at_once=at_once))
        print(row(given, ours, "50, at once" if at_once else "50, evenly", seen), flush=True)


def by_apply(lists: int, speed: float) -> None:
    """Print the table of the apply."""
    print(HEADER)
    with tempfile.TemporaryDirectory(prefix="reconciler-rate-") as folder:
        filled = Path(folder, "filled")
        filled.mkdir()
        fill(filled, lists)
        for number, given in enumerate(switches()):
            copied = shutil.copytree(filled, Path(folder, str(number)))
            print(row(given, 200, "50, evenly", apply_at_the_limit(copied, given, speed=speed)), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=6000)
    parser.add_argument("--apply", action="store_true")
    parser.add_argument("--lists", type=int, default=LISTS)
    parser.add_argument("--speed", type=float, default=10.0)
    options = parser.parse_args()
    if options.apply:
        by_apply(options.lists, options.speed)
    else:
        on_virtual_time(options.calls)
