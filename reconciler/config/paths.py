"""Files that the YAML names: below the workspace, and nothing else."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from reconciler.config.nodes import Node
from reconciler.config.problems import Problems

SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://.*", re.IGNORECASE)
_DATA = re.compile(r".*\.(?:(?:csv|json|jsonl|ndjson)(?:\.gz)?|parquet)")
_ENDINGS = "`.csv` or `.json` (both also with `.gz`), or in `.parquet`"
_WILD = re.compile(r"[*?\[\]]")


def about_path(text: str) -> str:
    """What is wrong with the name of a file of the workspace; nothing where it is one, or a glob."""
    path = PurePosixPath(text)
    if SCHEME.fullmatch(text):
        return "must be a file in the workspace, not a URL"
    if path.is_absolute() or ".." in path.parts or text.startswith("~"):
        return "leaves the workspace; write a path relative to it"
    return ""


def about_data(text: str) -> str:
    """The same for a file of data, which has an ending that we read."""
    if message := about_path(text):
        return message
    return "" if _DATA.fullmatch(text) else f"must be a file or a glob that ends in {_ENDINGS}"


def read_one_file(node: Node, problems: Problems) -> str | None:
    """The name of one file of the workspace, or None with a problem."""
    message = about_path(node.raw) or ("must be one file, not a glob" if _WILD.search(node.raw) else "")
    if message:
        problems.add(node, message)
        return None
    return node.raw
