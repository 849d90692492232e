"""The one form of YAML: comments stay, meaning stays, and a second time changes nothing."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.config.nodes import Node
from reconciler.config.parse import parse
from reconciler.config.problems import Problems
from reconciler.scaffold.form import form_of

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("audiences/**/*.yaml"), *ROOT.glob("docs/**/*.yaml"), *ROOT.glob("tests/**/*.yaml")])
OURS = [path for path in FILES if path.is_relative_to(ROOT / "audiences") or path.is_relative_to(ROOT / "docs")]


def form(text: str) -> str:
    """The one form of a text that is YAML."""
    problems = Problems()
    after = form_of(text, "file.yaml", problems)
    assert after is not None, problems.error()
    return after


def said(text: str) -> Any:
    """What the language reads in a text: keys in their order, values by type and by text."""
    problems = Problems()
    node = parse(text, "file.yaml", problems)
    assert node is not None
    assert not problems
    return meaning(node)


def meaning(node: Node) -> Any:
    if isinstance(node.value, dict):
        return [(key, meaning(each)) for key, each in node.value.items()]
    if isinstance(node.value, list):
        return ["list", *(meaning(each) for each in node.value)]
    return type(node.value).__name__, node.value, node.raw


WRITTEN = """\
---
# head

version:   1   # one
windows: # the windows
    hot :    0h..4h # h



    'warm': '4h..24h'
    cold:
        # why
        2d..7d   # x
    # tail of windows
segments:
    a:
        who: {event: [purchase,refund], within: 7d}
        description: this is a text
          over lines
        name: "it's \\"so\\""
        # end of a

    b:                 # far
        who:
            all:
            - {event: x, within: 2d} # c1
            -
              # inner
              event: y   # kind
            # end of the list
            none: [ {event: q,   # why
              within: 3d}]
        reason: |
            two
              lines

        note: >-
            folded
            text
    c: { }
# the end
"""

FORM = """\
# head

version: 1     # one
windows:  # the windows
  hot: 0h..4h       # h

  "warm": "4h..24h"
  # why
  cold: 2d..7d   # x
  # tail of windows
segments:
  a:
    who: { event: [purchase, refund], within: 7d }
    description: this is a text over lines
    name: 'it''s "so"'
    # end of a

  b:                   # far
    who:
      all:
        - { event: x, within: 2d }   # c1
        # inner
        - event: y       # kind
      # end of the list
      none:
        - event: q               # why
          within: 3d
    reason: |
      two
        lines

    note: >-
      folded
      text
  c: {}
# the end
"""


def test_the_form_is_this() -> None:
    """Two columns a level, one blank line at most, double quotes, and every comment where it belongs."""
    assert form(WRITTEN) == FORM
    assert form(WRITTEN.replace("\n", "\r\n")) == FORM
    assert said(WRITTEN) == said(FORM)


def test_a_long_line_in_brackets_is_written_over_several() -> None:
    """What is longer than a line of 120 stands below its key, and what fits into one stays."""
    kinds = ", ".join(f"kind-{number}" for number in range(12))
    inner = f"[{kinds}]"
    assert form(f"a: {{ event: {inner}, within: 7d }}\n") == (
        f"a: {{ event: {inner}, within: 7d }}\n" if len(inner) < 90 else f"a:\n  event: {inner}\n  within: 7d\n"
    )
    longer = f"[{kinds}, {kinds}]"
    assert form(f"a: {longer}\n").splitlines()[:3] == ["a:", "  - kind-0", "  - kind-1"]


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_sample_has_the_form(path: Path) -> None:
    """What people begin from is in the one form already."""
    text = path.read_text(encoding="utf-8")
    assert form(text) == text


def test_every_file_of_the_repository_keeps_its_meaning() -> None:
    """Of all YAML here, wrong workspaces among it: the same is read before and after, and the form has one itself."""
    formatted = 0
    for path in FILES:
        try:
            text = path.read_bytes().decode("utf-8")
            before = form_of(text, path.name, Problems())
        except (UnicodeDecodeError, yaml.YAMLError):
            continue
        if before is not None:
            assert form(before) == before, path
            assert said(before) == said(text.removeprefix("\ufeff")), path
            formatted += 1
    assert formatted > 200


WORDS = st.sampled_from(
    ["a", "purchase", "7d", "0h..4h", "no", "42", "0042", "1.50", "true", "null", "", " ", "it's", 'q"q', "a: b", "#x",
     "x #y", "- z", "two\nlines", "two\n\n  lines\n", "\n", "tail  ", "[", "{}", "a, b", "é", "?", "*", "&a", "!t", "@",
     "long " * 30, "\\n", "2026-11-21", "4:30", "ünï", "'", "%", "`", "a\tb", "=", "<<x", "~", "|", ">", "x:", ":y"]
)  # fmt: skip
KEYS = st.sampled_from(["a", "b-c", "d e", "0", "true", "no", "it's", "#k", "é", "a: b", "", "[x"])
TREES = st.recursive(
    st.one_of(WORDS, st.integers(-5, 99), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=14,
)


def commented(text: str, chance: random.Random) -> str:
    """A text with comments and blank lines strewn between and behind its lines, where they are comments."""
    lines = []
    for number, line in enumerate(text.splitlines()):
        if chance.random() < 0.2:
            lines += ["", " " * chance.randrange(7) + f"# above {number}"]
        lines.append(line + (f"   # behind {number}" if chance.random() < 0.2 else ""))
    return "\n".join([*lines, "# last", ""])


@settings(max_examples=150, deadline=None)
@given(tree=TREES, flow=st.sampled_from([True, False, None]), indent=st.integers(2, 5), seed=st.integers(0, 999))
def test_whatever_is_written_keeps_its_meaning(tree: Any, flow: bool | None, indent: int, seed: int) -> None:
    """Any tree, however it is laid out, with comments strewn in: read the same before and after, and formed once."""
    plain = yaml.safe_dump({"root": tree}, default_flow_style=flow, indent=indent, allow_unicode=True, sort_keys=False)
    texts = [plain, commented(plain, random.Random(seed))]  # noqa: S311
    for text in texts:
        problems = Problems()
        if parse(text, "file.yaml", problems) is None or problems:
            continue  # a comment inside of a longer text is none, and may break it
        after = form(text)
        assert said(after) == said(text)
        assert form(after) == after
        assert all(after.count(f"# {word}") == text.count(f"# {word}") for word in ("above", "behind", "last"))
