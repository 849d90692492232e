"""Fuzz the emulator with requests that schemathesis builds from Criteo's schemas: python -m tests.fuzz --count 200.

Ends in 1 when any call was answered 5xx, any answer does not fit the schemas, or fewer than 30 % of an operation's
calls were answered 2xx. What it sends hangs on the seed alone.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings, strategies
from schemathesis import GenerationMode

from reconciler.emulator import Switches
from tests.contract.document import TOKEN
from tests.contract.layer import install
from tests.contract.ledger import LEDGER
from tests.fuzz.openapi import openapi
from tests.fuzz.seeding import ids_of, seeded
from tests.fuzz.world import World

SHARE = 0.3
MODES = ((GenerationMode.POSITIVE, 0.75), (GenerationMode.NEGATIVE, 0.25))
"""Bodies as the schemas want them, and broken ones."""


@dataclass
class Tally:
    """What came of one operation's calls; `did` are those that came to something, and not only to a 2xx."""

    name: str
    statuses: Counter[int] = field(default_factory=Counter)
    did: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def calls(self) -> int:
        return self.statuses.total()

    def of(self, hundred: int) -> int:
        """How many were answered with a status of this hundred."""
        return sum(number for status, number in self.statuses.items() if status // 100 == hundred)

    @property
    def is_good(self) -> bool:
        return self.of(2) >= SHARE * self.calls and not self.of(5) and not self.wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="calls of each operation")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--switch", action="append", default=[], metavar="NAME=VALUE", help="one of the emulator's")
    asked = parser.parse_args()
    install()
    world = World(asked.seed, Switches.parse(*asked.switch))
    tallies = list(run(world, asked.count, asked.seed))
    world.close()
    for line in table(tallies):
        sys.stdout.write(f"{line}\n")
    return 0 if all(tally.is_good for tally in tallies) else 1


def run(world: World, count: int, number: int) -> Iterator[Tally]:
    """Call every operation about this often."""
    schema = schemathesis.openapi.from_dict(openapi())
    fuzzer = Fuzzer(world, number)
    for result in schema.get_all_operations():
        operation = result.ok()
        tally = Tally(operation.definition.raw["operationId"])
        for mode, share in MODES:
            fuzzer.call(operation, mode, max(1, round(count * share)), tally)
        tally.wrong += LEDGER.drain()
        yield tally


@dataclass(frozen=True, slots=True)
class Fuzzer:
    """What hangs on the seed."""

    world: World
    number: int

    def call(self, operation: Any, mode: GenerationMode, count: int, tally: Tally) -> None:
        """Call one operation so many times."""

        @seed(self.number)
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        @given(case=operation.as_strategy(generation_mode=mode), salt=strategies.integers())
        def once(case: Any, salt: int) -> None:  # the salt lets an operation that has few requests be called as often
            self._send(case, tally)

        once()

    def _send(self, case: Any, tally: Tally) -> None:
        self.world.fill()
        _seed(case, self.world)
        headers = {} if tally.name == TOKEN else self.world.headers()
        response = case.call(app=self.world.app, base_url="http://emulator", headers=headers)
        tally.statuses[response.status_code] += 1
        tally.did += response.status_code < 300 and not _failed(response)


def _seed(case: Any, world: World) -> None:
    own = ids_of(case.operation.path)
    case.path_parameters = seeded(case.path_parameters, world, own)
    case.query = seeded(case.query, world, own)
    case.body = seeded(case.body, world, own)
    if own == "ad_set" and isinstance(case.body, dict) and isinstance(case.body.get("data"), dict):
        case.body["data"]["id"] = case.path_parameters.get("ad-set-id")


def _failed(response: Any) -> bool:
    """Whether a 2xx says that nothing was done."""
    body = response.json() if response.content else {}
    return bool((body.get("errors") or body.get("warnings")) and not body.get("data"))


def table(tallies: list[Tally]) -> Iterator[str]:
    """The counts, and under them what does not fit."""
    yield f"{'operation':<40} {'calls':>6} {'2xx':>6} {'did':>6} {'4xx':>6} {'5xx':>6}"
    for each in tallies:
        share, did = (f"{number / max(1, each.calls):.0%}" for number in (each.of(2), each.did))
        yield f"{each.name:<40} {each.calls:>6} {share:>6} {did:>6} {each.of(4):>6} {each.of(5):>6}"
    for each in tallies:
        yield from each.wrong
    calls, failed = sum(each.calls for each in tallies), sum(each.of(5) for each in tallies)
    good = sum(each.is_good for each in tallies)
    yield f"{calls:,} calls, {failed} answered 5xx; {good} of {len(tallies)} operations as they should be."


if __name__ == "__main__":
    sys.exit(main())
