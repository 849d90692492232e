"""What `doctor` found: one line for each thing that a run needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PRECEDENCE = (64, 78, 7, 6, 4, 5, 3, 1)
"""Exit codes, the first of which counts where several things failed."""


class Standing(StrEnum):
    """How one thing stands.

    =======  ====================================================
    OK       a run can rely on it
    WARNING  a run works, and somebody should know
    FAILED   a run would end because of it
    SKIPPED  it can't be looked at, and the message says why
    =======  ====================================================
    """

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing that was looked at. `exit_code` is what a run would end with because of it, 0 unless it failed."""

    name: str
    standing: Standing
    message: str
    exit_code: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkup:
    """Everything that was looked at, in order."""

    checks: tuple[Check, ...]

    @property
    def exit_code(self) -> int:
        """0 when nothing failed, else the code that comes first."""
        codes = {check.exit_code for check in self.checks if check.standing is Standing.FAILED}
        return next((code for code in PRECEDENCE if code in codes), 1) if codes else 0

    def count(self, standing: Standing) -> int:
        """How many stand like this."""
        return sum(check.standing is standing for check in self.checks)
