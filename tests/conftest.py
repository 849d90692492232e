"""What tests of several rooms share."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

SWITCHES = "RECONCILER_EMULATOR_SWITCHES"

SETTINGS = """\
version: 1
workspace: acme-retention
advertiser: "42"
source:
  customers: { table: customers.csv, key: customer_id, identifiers: { email: email } }
  events: { table: events.csv, customer: customer_id, name: event, time: occurred_at }
"""

Writer = Callable[..., Path]

# A shell that runs the tests in the background has them ignore Ctrl-C, and so would every process they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the whole suite meet another Criteo: `pytest --switch failed_items=warnings`."""
    about = "turn a switch of every emulator whose test does not set its switches; may be repeated"
    parser.addoption("--switch", action="append", default=[], metavar="NAME=VALUE", help=about)


def pytest_configure(config: pytest.Config) -> None:
    """Check what goes between our client and the emulator in every test, and turn the emulators' switches. No property
    is judged by how long the machine takes.
    """
    from hypothesis import settings

    from tests.contract.plugin import Contract

    settings.register_profile("unhurried", deadline=None)
    settings.load_profile("unhurried")
    config.pluginmanager.register(Contract(), "contract")
    config.addinivalue_line("markers", "switches(**positions): what the emulators of the test have to decide so")
    _turn_switches(config)


def _turn_switches(config: pytest.Config) -> None:
    """Make what `--switch` says the usual switches of emulators, here and in processes started from here."""
    given = config.getoption("--switch")
    if given:
        from reconciler.emulator import Switches, create_app

        create_app.__kwdefaults__ = {**(create_app.__kwdefaults__ or {}), "switches": Switches.parse(*given)}
        os.environ[SWITCHES] = ",".join(given)


@pytest.fixture
def write_workspace(tmp_path: Path) -> Writer:
    """Write a workspace: definitions as YAML without `version`, and lines added to usual settings."""

    def write(definitions: str = "", *, settings: str = "", **files: str) -> Path:
        root = tmp_path / "workspace"
        texts = {"reconciler.yaml": SETTINGS + settings, "definitions.yaml": f"version: 1\n{definitions}"}
        for name, text in {**texts, **files}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        return root

    return write
