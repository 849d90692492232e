"""What editors check of texts that we read ourselves: the same that we would say."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.config.editors import FORMATS
from reconciler.config.nodes import Node
from reconciler.config.problems import Problems
from reconciler.config.schema import DEFINITIONS, SETTINGS, document
from reconciler.config.values import read_duration, read_window

TEXTS = st.from_regex(r"[0-9]{0,2}[mhdwxs]?(\.{0,3}[0-9]{0,2}[mhdwxs]?)?", fullmatch=True)


@pytest.mark.parametrize("name", [SETTINGS, DEFINITIONS])
def test_every_format_can_be_checked(name: str) -> None:
    """A format that the schemas name has a pattern for editors."""
    assert {*re.findall(r'"format": "([^"]*)"', json.dumps(document(name)))} <= FORMATS.keys()


def is_refused(text: str, read: object) -> bool:
    """Whether we find fault with how the text is written, not with its size or order."""
    problems = Problems()
    assert callable(read)
    read(Node("a.yaml", 1, 1, raw=text), problems)
    return any(" is no " in problem.message for problem in problems.error().problems)


@given(TEXTS)
def test_an_age_is_what_we_read_as_one(text: str) -> None:
    """An editor marks a duration exactly where the compiler does."""
    assert bool(re.search(FORMATS["age"][0], text)) != is_refused(text, read_duration)


@given(TEXTS)
def test_a_span_is_what_we_read_as_one(text: str) -> None:
    """An editor marks a window exactly where the compiler does."""
    assert bool(re.search(FORMATS["span"][0], text)) != is_refused(text, read_window)


@pytest.mark.parametrize("text", ["hot", "long-gone", "slice", "7d", "4h..24h", "120d.."])
def test_a_window_may_be_a_name(text: str) -> None:
    """Beside what is written out, a name of the workspace or `slice`."""
    assert re.search(FORMATS["window"][0], text)


@pytest.mark.parametrize("text", ["7days", "Hot", "4h...24h", "..7d", "7 d", "last week"])
def test_a_window_is_nothing_else(text: str) -> None:
    """What can be neither a name nor a span is marked."""
    assert not re.search(FORMATS["window"][0], text)
