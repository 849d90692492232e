"""Workspaces kept as files: for each rule one that trips it and one that does not."""

from __future__ import annotations

import shutil
from pathlib import Path

from reconciler.lint.registry import load_rules
from reconciler.lint.rule import Rule
from tests.cli.commandline import AS_OF, Ran, run

RULES = {each.rule.id: each.rule for each in load_rules().rules if each.plugin is None}
FOLDER = Path(__file__).parent / "rules"
SHARED = Path(__file__).parent / "shared"


def made(rule: str, case: str, root: Path) -> Path:
    """A workspace in a folder of its own; what it does not say itself (settings, data) is what all share."""
    place = root / case
    shutil.copytree(SHARED, place)
    shutil.copytree(FOLDER / rule / case, place, dirs_exist_ok=True)
    return place


def lint(rule: Rule, *more: str) -> Ran:
    """The findings of one rule in the current folder, with data where the rule needs it."""
    data = () if rule.reads == "workspace" else ("--data", "--as-of", AS_OF)
    return run("-w", ".", "lint", "--rule", rule.id, *data, *more)


def text(rule: str, case: str) -> str:
    """All YAML of a case, with every run of white space as one space."""
    return " ".join(
        " ".join(path.read_text(encoding="utf-8") for path in (FOLDER / rule / case).glob("*.yaml")).split()
    )
