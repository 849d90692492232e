"""Read by every Python that starts with this folder on its path: check what its emulators are asked and answer."""

from __future__ import annotations

from tests.contract.layer import install

install()
