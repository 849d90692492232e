"""Let every test run with the checks on, fail the one that a violation happens in, and say how much was checked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.layer import NOWHERE, install
from tests.contract.ledger import LEDGER, Counts

TELLS = "contract"


class Contract:
    """The hooks. With several workers, the first process adds up what they tell it."""

    def __init__(self) -> None:
        install()
        self._told: Counts = Counts()
        self._late: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        """A violation fails the test."""
        yield
        _fail_if_any()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Iterator[None]:
        """One that came with a test's fixtures, or while it failed anyhow, is an error beside it."""
        yield
        _fail_if_any()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """What came after the last test fails the whole."""
        self._late += LEDGER.drain()
        if self._late:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[TELLS] = [[*key, number] for key, number in LEDGER.counts.items()]
        self._told.update(LEDGER.counts)
        if LEDGER.has_folder:
            shutil.rmtree(LEDGER.folder())

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Hear from a worker that ends."""
        for name, side, number in getattr(node, "workeroutput", {}).get(TELLS, ()):
            self._told[name, side] += number

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line, where anything was checked."""
        for violation in self._late:
            terminalreporter.write_line(f"Against Criteo's schemas, after the last test: {violation}")
        if self._told:
            terminalreporter.write_line(summary(self._told))


def summary(counts: Counts) -> str:
    """How much was checked."""
    requests = sum(number for (_, side), number in counts.items() if side == "request")
    operations = {name for name, _ in counts} - {NOWHERE}
    return (
        f"Checked against Criteo's schemas: {requests:,} requests of our client and "
        f"{counts.total() - requests:,} answers of the emulator, over {len(operations)} operations."
    )


def _fail_if_any() -> None:
    violations = LEDGER.drain()
    if violations:
        pytest.fail("Not as Criteo's schemas have it:\n" + "\n".join(violations), pytrace=False)
