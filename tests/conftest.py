"""What tests of several rooms share."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

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
