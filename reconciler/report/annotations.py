"""Workflow commands of GitHub: what a run prints so that the pull request shows it at its line."""

from __future__ import annotations

from collections.abc import Mapping


def annotation(level: str, where: Mapping[str, str], message: str) -> str:
    """One command; `level` is `error`, `warning` or `notice`, `where` its properties: file, line, col, title."""
    properties = ",".join(f"{key}={_escaped_property(value)}" for key, value in where.items())
    return f"::{level} {properties}::{_escaped(message)}"


def _escaped(text: str) -> str:
    """As GitHub's runner reads the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped_property(text: str) -> str:
    """As it reads a property, which a colon or a comma would end."""
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
