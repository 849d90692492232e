"""What `emulator` and `demo` share: the pretend Criteo is an extra, and says so where it is not installed."""

from __future__ import annotations

from importlib.util import find_spec

from reconciler.errors import ReconcilerError


def need_emulator() -> None:
    """Raises ReconcilerError, with the command that installs it, when the emulator's server is not there."""
    if find_spec("werkzeug") is None:
        hint = "Install it: pip install 'reconciler[emulator]'."
        raise ReconcilerError("The emulator's server is not installed.", hint=hint)
