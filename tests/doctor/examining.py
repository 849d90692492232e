from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from jsonschema import Draft202012Validator

from tests.cli.commandline import ROOT, SECRET, Criteo, run

SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas" / "doctor.schema.json").read_text(encoding="utf-8")))
DEFINITIONS = """\
segments: { vips: { name: VIPs, who: { event: purchase, within: 7d } } }
audiences: { loyal: { name: Loyal, include: [vips], ad_sets: ["700123"] } }
"""

Opener = Callable[..., Criteo]


def examined(*words: str | Path) -> tuple[int, dict[str, tuple[str, str]]]:
    """The exit code, and how each thing stands with its message; the document is as the schema says."""
    ran = run(*words, "doctor", "--format", "json")
    assert [line for line in ran.stderr.splitlines() if not line.startswith("warning: Criteo will end")] == []
    document = json.loads(ran.stdout)
    assert [error.message for error in SCHEMA.iter_errors(document)] == []
    assert document["exit_code"] == ran.code
    assert SECRET not in ran.said
    return ran.code, {each["name"]: (each["status"], each["message"]) for each in document["checks"]}


def standing(found: dict[str, tuple[str, str]], *names: str) -> set[str]:
    return {found[name][0] for name in names}
