"""Files as GitHub names them: by their path within the checkout of a workflow."""

from __future__ import annotations

import os
from pathlib import Path


def in_checkout(file: str) -> str:
    """A file's path within the checkout of a workflow; where there is none, or the file lies elsewhere, as it is."""
    from reconciler.config.environment import read_checkout

    checkout = read_checkout()
    if checkout is None:
        return file
    inside = os.path.relpath(Path(file).resolve(), checkout.resolve())
    return file if inside.startswith(os.pardir) else Path(inside).as_posix()
