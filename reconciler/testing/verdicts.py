"""How tests ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reconciler.explain.answers import Standing
from reconciler.model.address import Address
from reconciler.model.tests import Expectation, TestConfig


@dataclass(frozen=True, kw_only=True, slots=True)
class Why:
    """Why a customer is there (`belongs`) or not: where she stands in the lists that matter. Of an audience `included`
    are those of her identifiers that are on an included list, and `held_out` the excluded lists that hold some of them.
    """

    key: str
    belongs: bool
    as_of: dt.datetime
    standings: tuple[Standing, ...]
    included: int | None = None
    held_out: tuple[Address, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """An expectation that was not met. `missing` and `unexpected` are keys of customers; `there` are all who are there.

    `why` tells of some of them which conditions decided.
    """

    expectation: Expectation
    there: tuple[str, ...]
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()
    why: tuple[Why, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """How one test ended, and how long it took, in seconds. `error` is why it could not be run."""

    test: TestConfig
    seconds: float
    failures: tuple[Failure, ...] = ()
    error: str | None = None

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.failures and self.error is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdicts:
    """How all tests ended. `seconds` are those of all, `compiling` the part of them in which definitions were made
    ready; `untested` are segments, slices and audiences that no test has anybody in.
    """

    verdicts: tuple[Verdict, ...]
    seconds: float
    compiling: float
    untested: tuple[str, ...] = ()

    @property
    def failed(self) -> int:
        """How many did not pass."""
        return sum(not each.passed for each in self.verdicts)
