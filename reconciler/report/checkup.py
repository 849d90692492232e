"""What `doctor` found, for people and for programs."""

from __future__ import annotations

import json

from reconciler.model.checkup import Check, Checkup, Standing
from reconciler.report.style import Paint, painter

FORMAT_VERSION = "1.0"

_STYLES = {Standing.OK: "+", Standing.WARNING: "~", Standing.FAILED: "!", Standing.SKIPPED: "dim"}


def render_checkup_text(found: Checkup, *, colour: bool = False) -> str:
    """One line for each check, and a sentence."""
    paint = painter(colour=colour)
    width = max((len(check.name) for check in found.checks), default=0)
    return "\n".join([*(_line(check, width, paint) for check in found.checks), "", _verdict(found)]) + "\n"


def render_checkup_json(found: Checkup) -> str:
    """The checks as `schemas/doctor.schema.json` describes them."""
    document = {
        "format_version": FORMAT_VERSION,
        "checks": [
            {
                "name": check.name,
                "status": check.standing.value,
                "message": check.message,
                "exit_code": check.exit_code,
            }
            for check in found.checks
        ],
        "exit_code": found.exit_code,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _line(check: Check, width: int, paint: Paint) -> str:
    mark = f"{check.standing.value:<7}"
    return f"{paint(_STYLES[check.standing], mark)}  {check.name:<{width}}  {check.message}"


def _verdict(found: Checkup) -> str:
    counts = [(found.count(Standing.FAILED), "failed"), (found.count(Standing.WARNING), "to know of")]
    told = ", ".join(f"{number} {words}" for number, words in counts if number)
    skipped = found.count(Standing.SKIPPED)
    unseen = f" {skipped} could not be looked at." if skipped else ""
    return f"{len(found.checks)} checks: {told}.{unseen}" if told else f"All is well.{unseen}"
