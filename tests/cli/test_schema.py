"""`reconciler schema`, and the line by which a file of YAML names its schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.config import editors
from reconciler.config.editors import FORMATS
from tests.cli.commandline import ROOT, run
from tests.conftest import Writer

SCHEMAS = ROOT / "schemas"
SHIPPED = sorted([*(ROOT / "audiences").rglob("*.yaml"), *(ROOT / "docs" / "example").rglob("*.yaml")])


def test_every_schema_is_offered() -> None:
    """Without a name: all that the folder holds, and nothing else."""
    done = run("schema")
    assert (done.code, done.stderr) == (0, "")
    assert sorted(done.stdout.split()) == sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.iterdir())


@pytest.mark.parametrize("name", [path.name.removesuffix(".schema.json") for path in SCHEMAS.iterdir()])
def test_a_schema_is_printed(name: str) -> None:
    """It is a schema, and says what the file says; it adds Markdown, and a pattern where a format is named."""
    printed = json.loads(run("schema", name).stdout)
    Draft202012Validator.check_schema(printed)
    assert without_additions(printed) == json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))


def without_additions(part: object) -> object:
    """The same without what only editors read."""
    if isinstance(part, list):
        return [without_additions(each) for each in part]
    if not isinstance(part, dict):
        return part
    added = {"markdownDescription"} | (
        {"pattern", "patternErrorMessage"} if str(part.get("format")) in FORMATS else set()
    )
    return {key: without_additions(each) for key, each in part.items() if key not in added}


def test_defaults_are_told_in_words() -> None:
    """Editors show a description but no default, so that it stands in the Markdown."""
    settings = json.loads(run("schema", "reconciler").stdout)
    guards = settings["properties"]["guards"]["properties"]
    assert guards["min_count"]["markdownDescription"].endswith("Default: `50`.")
    assert guards["max_gone"]["markdownDescription"].endswith("Default: `30%`.")


@pytest.mark.parametrize(("name", "hint"), [("plam", "Did you mean 'plan'?"), ("zzz", "There are: reconciler, ")])
def test_an_unknown_name_ends_in_64(name: str, hint: str) -> None:
    """The nearest name is offered, or all of them."""
    done = run("schema", name)
    assert (done.code, done.stdout) == (64, "")
    assert hint in done.stderr


def test_schemas_are_written_beside_a_workspace(write_workspace: Writer) -> None:
    """The two that editors need, and for every file that lacks it the line that leads there from where it lies."""
    root = write_workspace(**{"campaigns/a.yaml": "version: 1\n", "b.yaml": "# yaml-language-server: $schema=x\n"})
    done = run("-w", root, "schema", "--write", root / ".schemas")
    assert (done.code, done.stderr) == (0, "")
    assert sorted(path.name for path in (root / ".schemas").iterdir()) == [
        "definitions.schema.json",
        "reconciler.schema.json",
    ]
    assert (
        f"{root / 'reconciler.yaml'}\n    # yaml-language-server: $schema=.schemas/reconciler.schema.json\n"
        in done.stdout
    )
    leads = "# yaml-language-server: $schema=../.schemas/definitions.schema.json\n"
    assert f"{root / 'campaigns' / 'a.yaml'}\n    {leads}" in done.stdout
    assert "b.yaml" not in done.stdout


def test_what_a_link_leads_to_is_left_alone(tmp_path: Path) -> None:
    """A folder of links, as the sample has, becomes one of files."""
    (tmp_path / "kept.json").write_text("{}", encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "plan.schema.json").symlink_to(tmp_path / "kept.json")
    assert run("-w", tmp_path, "schema", "plan", "--write", tmp_path / "out").code == 0
    assert (tmp_path / "kept.json").read_text("utf-8") == "{}"
    assert not (tmp_path / "out" / "plan.schema.json").is_symlink()


def test_one_schema_is_written_alone(tmp_path: Path) -> None:
    """With a name: that one, and no word about files of YAML."""
    done = run("-w", tmp_path, "schema", "plan", "--write", tmp_path / "out")
    assert (done.code, done.stdout) == (0, f"Written: {tmp_path / 'out' / 'plan.schema.json'}\n")
    assert (tmp_path / "out" / "plan.schema.json").read_text("utf-8") == run("schema", "plan").stdout


def test_a_folder_that_can_not_be_written_is_an_error(tmp_path: Path) -> None:
    """It is named, with the reason, and ends in 1."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = run("-w", tmp_path, "schema", "--write", tmp_path / "file" / "below")
    assert (done.code, done.stdout) == (1, "")
    assert "The schemas can't be written." in done.stderr


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_we_ship_names_its_schema(path: Path) -> None:
    """The first line of every file leads to the schema of that file, which is there."""
    root = next(folder for folder in path.parents if (folder / "reconciler.yaml").is_file())
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == editors.mode_line(path, root / editors.FOLDER)
    assert (path.parent / first.partition("$schema=")[2]).resolve().is_relative_to(SCHEMAS)
