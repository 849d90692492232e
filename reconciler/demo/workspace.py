"""The sample workspace: copied for a rehearsal, and edited there as its team would edit it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

SETTINGS = Path("reconciler.yaml")
CARTS = Path("segments", "cart.yaml")
SEGMENT = "cart-abandoners"
EXCLUSION = "- segment: recent-purchasers"


class SampleError(Exception):
    """The sample workspace is not there, or is not as the rehearsal expects it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """One line taken out of one file; `line` counts from 1."""

    path: Path
    line: int
    removed: str


def sample() -> Path:
    """The sample workspace: shipped inside the package, or at the top of a checkout."""
    package = Path(__file__).parent
    for folder in (package / "audiences", package.parents[1] / "audiences"):
        if (folder / SETTINGS).is_file():
            return folder
    raise SampleError(f"The sample workspace is missing: no {SETTINGS} in `audiences` beside the package.")


def copy_sample(target: Path) -> Path:
    """Copy the sample to `target`, which must not exist or be empty, without data, state or a limit on calls."""
    shutil.copytree(sample(), target, ignore=shutil.ignore_patterns(".*", "data"), dirs_exist_ok=True)
    settings = target / SETTINGS
    text, found = re.subn(r"(?m)^(\s*calls_per_minute:) \d+", r"\1 0", settings.read_text(encoding="utf-8"))
    if found != 1:
        raise SampleError(f"{SETTINGS} of the sample names `calls_per_minute` {found} times instead of once.")
    settings.write_text(text, encoding="utf-8")
    return target


def drop_purchase_exclusion(workspace: Path) -> Edit:
    """Take the buyers of the last week out of the `none:` of the cart segment, and leave everything else as it is.

    Raises SampleError where that line is not found exactly once.
    """
    path = workspace / CARTS
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    found = [number for number in _body(lines) if lines[number].strip() == EXCLUSION]
    if len(found) != 1:
        raise SampleError(f"{CARTS} has `{EXCLUSION}` {len(found)} times under `{SEGMENT}` instead of once.")
    removed = lines.pop(found[0])
    path.write_text("".join(lines), encoding="utf-8")
    return Edit(path=CARTS, line=found[0] + 1, removed=removed.strip())


def _body(lines: list[str]) -> range:
    """The lines under the key of the segment, by number: up to the next key that stands as far left as it does."""
    key = re.compile(rf"  {re.escape(SEGMENT)}:\s*$")
    start = next((n for n, line in enumerate(lines) if key.match(line)), None)
    if start is None:
        raise SampleError(f"{CARTS} has no segment `{SEGMENT}`.")
    after = range(start + 1, len(lines))
    return range(start + 1, next((n for n in after if re.match(r" {0,2}[a-z]", lines[n])), len(lines)))
