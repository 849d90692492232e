"""A thousand applies of random plans in bad weather, and a table of what hit them."""

# ruff: noqa: T201 - a script that prints its table

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import stamina

from tests.storm.storm import MOST_RUNS, Weathered, sea, storms

EACH = 20
"""Plans of one workspace, one after the other."""
ENVIRONMENT = {"CRITEO_CLIENT_ID": "storm", "CRITEO_CLIENT_SECRET": "storm"}


def sail(seed: int, plans: int = EACH) -> list[Weathered]:
    """So many plans of one workspace, in this process."""
    os.environ.update(ENVIRONMENT)
    os.environ.pop("CI", None)
    with (
        tempfile.TemporaryDirectory(prefix="storm-") as folder,
        stamina.set_testing(True, attempts=MOST_RUNS),
        sea(Path(folder), seed) as at,
    ):
        os.environ["CRITEO_API_URL"] = str(at.criteo.http.base_url)
        return [*storms(at, seed, plans)]


def main() -> None:
    """Sail through many storms, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=1000, help="how many random plans to apply")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--workers", type=int, default=2, help="workspaces at a time")
    parser.add_argument("--out", type=Path, help="write the table here as well")
    options = parser.parse_args()
    begun = time.monotonic()
    weathered: list[Weathered] = []
    with ProcessPoolExecutor(options.workers) as pool:
        voyages = -(-options.plans // EACH)
        for voyage in pool.map(partial(sail, plans=EACH), range(options.seed, options.seed + voyages)):
            weathered += voyage
            print(f"{len(weathered)} plans; {sum(bool(each.wrong) for each in weathered)} wrong", flush=True)
    text = table(weathered, time.monotonic() - begun)
    print("\n".join([*_told(weathered), text]))
    if options.out:
        options.out.write_text(text, encoding="utf-8")


def _told(weathered: Iterable[Weathered]) -> Iterator[str]:
    for each in weathered:
        for what in each.wrong:
            yield f"seed {each.seed}, plan {each.number}: {what}"


HEADING = """\
# Applies in a storm

{plans} random plans on {day}, {machine}, in {minutes:.0f} minutes: `python -m tests.storm.run --plans {plans}`.

Every plan changes a workspace at random (segments, slices, windows, names, periods, audiences, ad sets, people and the
clock) and is applied while Criteo misbehaves: of all calls {least:.0%} to {most:.0%} go wrong in a run (the average is
{share:.0%}), and no run met fewer than {fewest} faults. An apply that does not get everything done is run again, at
most {runs} times in all, in the same weather.

{right} of {plans} ended as they were asked for: every list and audience there once, under its name, every member as a
plain Python loop works it out, every ad set on its audience, and the next plan empty. In {lines} requests no creation
was repeated before it had been looked for, no refused call was said again, and no list was added to and removed from at
the same time: {broken} exceptions.

| runs that a plan took | plans |
|---:|---:|
{taken}

| exit code of a run | runs |
|---:|---:|
{codes}

| fault | injected |
|---|---:|
{faults}
| **all** | **{injected:,}** |
"""


def table(weathered: list[Weathered], seconds: float) -> str:
    """Counts of what was injected and what was survived, as Markdown."""
    runs = [run for each in weathered for run in each.runs]
    faults = sum((run.faults for run in runs), Counter[str]())
    calls = sum(run.calls for run in runs)
    shares = [run.faults.total() / run.calls for run in runs]
    return HEADING.format(
        plans=len(weathered),
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        machine=f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        minutes=seconds / 60,
        least=min(shares),
        most=max(shares),
        share=faults.total() / calls,
        fewest=min(run.faults.total() for run in runs),
        runs=MOST_RUNS,
        right=sum(not each.wrong for each in weathered),
        lines=f"{calls:,}",
        broken=sum(len(run.broken) for run in runs),
        taken=_rows(Counter(len(each.runs) for each in weathered)),
        codes=_rows(Counter(run.code for run in runs)),
        faults="\n".join(f"| {kind} | {count:,} |" for kind, count in faults.most_common()),
        injected=faults.total(),
    )


def _rows(counts: Counter[int]) -> str:
    return "\n".join(f"| {what} | {counts[what]:,} |" for what in sorted(counts))


if __name__ == "__main__":
    main()
