"""An emulator in a process of its own is checked like one in this process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from tests.contract.ledger import FOLDER, LEDGER

HOOK = Path(__file__).parent / "hook"
ROOT = Path(__file__).parents[2]


def checked(env: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process, with the checks on; what they find fails the test that runs meanwhile."""
    before = env.get("PYTHONPATH", str(ROOT))
    return {**env, "PYTHONPATH": os.pathsep.join((str(HOOK), before)), FOLDER: str(LEDGER.folder())}
