from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.config.load import load
from reconciler.desired import resolve
from reconciler.errors import WorkspaceInvalid

SAMPLE = Path(__file__).parents[2] / "audiences"
FILES = sorted(path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*.yaml"))
PIECES = [
    *(
        "[",
        "]",
        "{",
        "}",
        ":",
        "- ",
        ", ",
        "\n",
        "  ",
        "\t",
        "#",
        "|",
        "---\n",
        "''",
        "[]",
        "{}",
        "null",
        "true",
        "12",
        "1.5",
    ),
    *(
        "&a ",
        "*a",
        "!!int ",
        "<<: ",
        "who",
        "all",
        "none",
        "event",
        "segment: suppressed",
        "within: slice",
        "slices: [hot]",
        "first: true",
        "followed_by: { event: a, within: 1d }",
        "times: { same: x }",
        "total: { of: x, measure: average, is: 1 }",
        "ratio: { of: { event: a }, to: { event: b }, is: 1 }",
        "sample: { percent: 10, seed: x }",
        "query: who.sql",
        "keys: who.csv",
        "in_next: 2d",
        "older_than: 2d",
        "region: FR",
        "phoneNumber: [{ column: a }]",
        "hashed: md5",
        "same_person: email",
        "engine: spark",
        "name: { is: a }",
    ),
]
EDITS = st.lists(
    st.tuples(st.sampled_from(FILES), st.integers(0, 10_000), st.integers(0, 12), st.sampled_from(PIECES)), max_size=4
)


@settings(max_examples=80, deadline=None)
@given(EDITS)
def test_whatever_is_typed_into_the_sample_is_valid_or_explained(edits: list[tuple[str, int, int, str]]) -> None:
    """Any slip of the keyboard gives a workspace that resolves, or problems with places; nothing else is raised."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "audiences"
        shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns(".*", "data"))
        for name, position, removed, inserted in edits:
            text = (root / name).read_text(encoding="utf-8")
            start = position % len(text)
            (root / name).write_text(text[:start] + inserted + text[start + removed :], encoding="utf-8")
        try:
            assert resolve(load(root)).segments
        except WorkspaceInvalid as error:
            assert edits
            for problem in error.problems:
                assert Path(problem.file).is_relative_to(root)
                assert problem.line >= 1
                assert problem.column >= 1
