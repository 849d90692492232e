"""docs/recipes: every page is found, and all that it shows is valid and well done."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.commandline import ROOT, run
from tests.test_docs import Block, blocks, of_kind

RECIPES = ROOT / "docs" / "recipes"
INDEX = RECIPES / "README.md"
KINDS = ("yaml workspace", "yaml definitions", "yaml query")
PAGES = sorted(RECIPES.glob("*.md"))
SHOWN = [(path, block) for path in PAGES for block in blocks(path) if block.info in KINDS]
TESTED = [path for path in PAGES if of_kind(path, "yaml tests")]


def written(path: Path, block: Block, root: Path) -> Path:
    """The workspace that a block belongs to: the settings of the index, beside it where it is definitions alone."""
    (settings,) = of_kind(INDEX, "yaml workspace")
    is_whole = block.info == "yaml workspace"
    files = {"reconciler.yaml": block.text if is_whole else settings.text}
    files |= {} if is_whole else {"definitions.yaml": block.text}
    for sql in of_kind(path, "sql"):
        files[sql.text.removeprefix("-- ").partition(":")[0]] = sql.text
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def named(shown: tuple[Path, Block]) -> str:
    return f"{shown[0].stem}:{shown[1].line}"


def test_every_page_is_in_the_index() -> None:
    """Each once, and nothing else."""
    listed = re.findall(r"\]\((\S+\.md)\)", INDEX.read_text(encoding="utf-8"))
    assert sorted([*listed, INDEX.name]) == [path.name for path in PAGES]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_shows_something_that_is_checked(path: Path) -> None:
    """A block says what it is, and there is one on each page."""
    kinds = [block.info for block in blocks(path)]
    assert {*KINDS} & {*kinds}
    assert {*kinds} <= {*KINDS, "yaml tests", "sql"}


@pytest.mark.parametrize("shown", SHOWN, ids=named)
def test_what_a_recipe_shows_is_valid(shown: tuple[Path, Block], tmp_path: Path) -> None:
    """`reconciler validate` has nothing to say."""
    done = run("-w", written(*shown, tmp_path), "validate")
    assert (done.code, done.stderr) == (0, "")


@pytest.mark.parametrize("shown", SHOWN, ids=named)
def test_what_a_recipe_shows_is_well_done(shown: tuple[Path, Block], tmp_path: Path) -> None:
    """`reconciler lint` finds no error and no warning in it."""
    done = run("-w", written(*shown, tmp_path), "lint", "--format", "json")
    found = [each for each in json.loads(done.stdout)["findings"] if each["severity"] != "info"]
    assert found == []


@pytest.mark.parametrize("path", TESTED, ids=lambda path: path.stem)
def test_what_a_recipe_promises_is_kept(path: Path, tmp_path: Path) -> None:
    """The test that a page shows passes on the definitions above it, and fails when nobody is expected."""
    (tests,) = of_kind(path, "yaml tests")
    root = written(path, next(block for block in blocks(path) if block.info in KINDS), tmp_path)
    (root / "tests.yaml").write_text(tests.text, encoding="utf-8")
    passed = run("-w", root, "test")
    (root / "tests.yaml").write_text(re.sub(r": \[\w+(, \w+)*\]", ": 99", tests.text), encoding="utf-8")
    assert (passed.code, passed.stderr) == (0, "")
    assert run("-w", root, "test").code == 1
