"""The documents: what they link to is there, what they show has been run, what they list is complete."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from reconciler import errors
from reconciler.cli import COMMANDS, cli
from reconciler.cli.boundary import INTERRUPTED, guarded
from reconciler.cli.options import Surroundings
from reconciler.cli.plan import CHANGES
from reconciler.emulator import create_app, serve
from reconciler.membership.causes import ORDER as CAUSES
from tests.conftest import Writer
from tests.test_architecture import ASIDE
from tests.test_architecture import ORDER as ROOMS

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
LANGUAGE = ROOT / "docs" / "language.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
EXAMPLE = ROOT / "docs" / "example"
DOCUMENTS = sorted(
    [README, *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").glob("C*.md"), ROOT / "audiences" / "README.md"]
)
SCHEMAS = [ROOT / "schemas" / f"{name}.schema.json" for name in ("reconciler", "definitions")]

_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a document: what stands behind the backticks, its text, and its line."""

    info: str
    text: str
    line: int


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def blocks(path: Path) -> list[Block]:
    text = read(path)
    return [Block(each["info"], each["text"], text[: each.start()].count("\n") + 1) for each in _FENCE.finditer(text)]


def of_kind(path: Path, info: str) -> list[Block]:
    return [block for block in blocks(path) if block.info == info]


def links(path: Path) -> list[str]:
    """Everything a document links to but the web."""
    found: list[str] = re.findall(r"\]\(([^)\s]+)\)", _FENCE.sub("", read(path)))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", _FENCE.sub("", read(path)), re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def is_dead(link: str, path: Path) -> bool:
    name, _, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    if not target.is_relative_to(ROOT) or not target.exists():
        return True
    return bool(anchor) and anchor not in anchors(target)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    """What a document links to is in the repository, and so is the heading behind the `#`."""
    assert [] == [link for link in links(path) if is_dead(link, path)]


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    """The claim above can fail: by the file, by the heading, and by a way out of the repository."""
    assert is_dead("docs/nothing.md", README)
    assert is_dead("#no-such-heading", README)
    assert is_dead(str(tmp_path), README)
    assert not is_dead("#exit-codes", README)


def test_the_front_page_lists_every_command() -> None:
    """The table of commands has what `--help` has, in its order."""
    section = read(README).split("\n## Commands\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `([a-z]+)` \|", section, re.MULTILINE) == list(COMMANDS)


def every_command() -> dict[str, click.Command]:
    """Every command by its words, `state list` among them."""
    context = click.Context(cli)
    found = {name: command for name in COMMANDS if (command := cli.get_command(context, name)) is not None}
    groups = [(name, command) for name, command in found.items() if isinstance(command, click.Group)]
    return found | {f"{name} {sub}": command for name, group in groups for sub, command in group.commands.items()}


def invocations(text: str) -> Iterator[str]:
    """What is said of `reconciler …` in code, without where it lies and which workspace it is about."""
    code = [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^(?: {4}|\S*\$ )(.*)$", text, re.MULTILINE)]
    for line in code:
        yield from re.findall(r"(?:^|/|\s)reconciler (?:-w \S+ )?([a-z].*)", line)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_documents_tell_to_run_exists(path: Path) -> None:
    """Every command named is one, and takes the options that it is shown with."""
    known = every_command()
    wrong = []
    for words in (line.split() for line in invocations(read(path))):
        is_group = isinstance(known.get(words[0]), click.Group) and len(words) > 1 and words[1] != "--help"
        command = known.get(" ".join(words[: 1 + is_group]))
        taken = {option for parameter in command.params for option in parameter.opts} if command else set()
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        wrong += [" ".join(words)] if command is None or options - taken - {"--help"} else []
    assert wrong == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_options_that_stand_alone_exist(path: Path) -> None:
    """An option named in the text belongs to some command of ours, or stands beside another program's name."""
    ours = {option for command in every_command().values() for parameter in command.params for option in parameter.opts}
    alone = re.findall(r"`(--[a-z-]+)[^`]*`", _FENCE.sub("", read(path)))
    assert set(alone) - ours - {"--help", "--force"} == set()


def exit_codes() -> set[int]:
    """Those of all errors, and those that are none: fine, changes, interrupted, terminated."""
    classes = [each for each in vars(errors).values() if isinstance(each, type)]
    ours = {each.exit_code for each in classes if issubclass(each, errors.ReconcilerError)}
    return ours | {0, CHANGES, INTERRUPTED, 128 + 15}


def test_the_front_page_lists_every_exit_code() -> None:
    """The table has the codes of `errors.py` and the few that are no errors, and no other."""
    section = read(README).split("\n## Exit codes\n")[1].split("\n## ")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)} == exit_codes()


def validated(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, str]:
    """What `reconciler validate` says of a workspace, run in its folder."""
    monkeypatch.chdir(root)
    surroundings, words = Surroundings(), ["validate", *options]
    code = guarded(lambda: cli.main(words, "reconciler", standalone_mode=False, obj=surroundings), surroundings)
    return code, capsys.readouterr().err


def test_no_example_of_the_language_goes_unchecked() -> None:
    """Every block of YAML says what it is: a whole `reconciler.yaml`, a file of definitions, or a wrong one."""
    kinds = {block.info for block in blocks(LANGUAGE)}
    assert kinds == {
        "yaml workspace",
        "yaml definitions",
        "yaml query",
        "sql",
        "yaml wrong",
        "text",
        "yaml data",
        "text data",
    }


@pytest.mark.parametrize("block", of_kind(LANGUAGE, "yaml workspace"), ids=lambda block: f"line {block.line}")
def test_whole_workspaces_are_valid(
    block: Block, write_workspace: Writer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is shown as a `reconciler.yaml` is one."""
    root = write_workspace(**{"reconciler.yaml": block.text})
    assert validated(root, monkeypatch, capsys) == (0, "")


@pytest.mark.parametrize("block", of_kind(LANGUAGE, "yaml definitions"), ids=lambda block: f"line {block.line}")
def test_definitions_are_valid(
    block: Block, write_workspace: Writer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is shown as a file of definitions is valid beside the usual settings."""
    root = write_workspace(**{"definitions.yaml": block.text})
    assert validated(root, monkeypatch, capsys) == (0, "")


def test_a_query_is_valid_as_shown(
    write_workspace: Writer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A definition with a query is valid beside the file of SQL below it, and not without."""
    (definition,), (query,) = of_kind(LANGUAGE, "yaml query"), of_kind(LANGUAGE, "sql")
    name = query.text.removeprefix("-- ").partition(":")[0]
    root = write_workspace(**{"definitions.yaml": definition.text})
    assert validated(root, monkeypatch, capsys)[0] == 78
    root = write_workspace(**{"definitions.yaml": definition.text, name: query.text})
    assert validated(root, monkeypatch, capsys) == (0, "")


def test_wrong_examples_are_wrong_as_shown(
    write_workspace: Writer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The messages below a wrong example are those that it gives."""
    (wrong,), (said,) = of_kind(LANGUAGE, "yaml wrong"), of_kind(LANGUAGE, "text")
    root = write_workspace(**{"definitions.yaml": wrong.text})
    assert validated(root, monkeypatch, capsys) == (78, said.text)


def test_what_the_data_tells_is_told_as_shown(
    write_workspace: Writer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The messages below the example with data are those that data gives in which these words occur."""
    (example,), (said,) = of_kind(LANGUAGE, "yaml data"), of_kind(LANGUAGE, "text data")
    customers = "customer_id,email,tier\n1,ann@example.com,gold\n2,ben@example.com,basic\n"
    events = "customer_id,event,occurred_at,amount\n1,cart_added,2026-11-20,\n2,purchase,2026-11-20,120\n"
    files = {"definitions.yaml": example.text, "customers.csv": customers, "events.csv": events}
    root = write_workspace(**files)
    assert validated(root, monkeypatch, capsys, "--data") == (78, said.text)


def gathered(node: Any, key: str) -> Iterator[Any]:
    """Every value under a key, however deep in a JSON document."""
    if isinstance(node, dict):
        yield from [node[key]] if key in node else []
        node = list(node.values())
    for each in node if isinstance(node, list) else ():
        yield from gathered(each, key)


def in_code(text: str) -> set[str]:
    """The words that stand in code within the text, not those of the examples."""
    return {word for code in re.findall(r"`([^`\n]+)`", _FENCE.sub("", text)) for word in re.findall(r"\w+", code)}


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_every_key_is_in_the_reference(path: Path) -> None:
    """What the schema allows is explained, outside of the examples and of what is not there yet."""
    keys = {key for properties in gathered(json.loads(read(path)), "properties") for key in properties}
    explained = in_code(read(LANGUAGE).split("\n## Not supported yet\n")[0])
    assert keys
    assert sorted(keys - explained) == []


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_everything_that_waits_is_named(path: Path) -> None:
    """What the schema calls `not supported yet` stands in that section."""
    waiting = {word for words in gathered(json.loads(read(path)), "x-not-yet") for word in words}
    named = in_code(read(LANGUAGE).split("\n## Not supported yet\n")[1])
    assert waiting
    assert sorted(waiting - named) == []


def test_the_architecture_tells_the_order_of_imports() -> None:
    """The line in the page is the line that the test of the architecture holds."""
    assert f"    {', '.join(ROOMS)}\n" in read(ARCHITECTURE)


@pytest.mark.parametrize("room", [*ROOMS, *ASIDE])
def test_the_architecture_tells_of_every_room(room: str) -> None:
    """Each room has a row that links to it."""
    place = f"{room}/" if (ROOT / "reconciler" / room).is_dir() else f"{room}.py"
    assert f"| [`{place}`](../reconciler/{place}) |" in read(ARCHITECTURE)


def test_the_architecture_tells_the_causes_in_their_order() -> None:
    """The table of causes is the order in which they are tried."""
    section = read(ARCHITECTURE).split("\n## Why somebody leaves\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `([a-z]+)` \|", section, re.MULTILINE) == [cause.value for cause in CAUSES]


def test_the_example_on_the_front_page_is_that_of_the_folder() -> None:
    """The YAML on the front page stands in `docs/example`, word for word."""
    (shown,) = of_kind(README, "yaml")
    assert shown.text in read(EXAMPLE / "carts.yaml")


def edited(text: str, diff: str) -> str:
    """A file after a diff that only takes out lines; what the diff shows must be in the file."""
    before = "".join(f"{line[1:]}\n" for line in diff.splitlines())
    after = "".join(f"{line[1:]}\n" for line in diff.splitlines() if not line.startswith("-"))
    assert text.count(before) == 1
    return text.replace(before, after)


def test_the_plan_on_the_front_page_is_real(tmp_path: Path) -> None:
    """Applied at noon, edited as the diff says, planned at six: that is what the front page shows, `…` aside."""
    (diff,), (shown,) = of_kind(README, "diff"), of_kind(README, "text")
    for path in EXAMPLE.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    carts = tmp_path / "carts.yaml"

    with serve(create_app(), port=0) as server:

        def reconciler(*arguments: str) -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-m", "reconciler", "-w", str(tmp_path), *arguments]
            secrets = {"CRITEO_API_URL": server.url, "CRITEO_CLIENT_ID": "id", "CRITEO_CLIENT_SECRET": "secret"}
            environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **secrets}
            return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)

        applied = reconciler("apply", "--auto-approve", "--as-of", "2026-11-21T12:00:00Z")
        carts.write_text(edited(read(carts), diff.text), encoding="utf-8")
        planned = reconciler("plan", "--as-of", "2026-11-21T18:00:00Z")

    assert (applied.returncode, planned.returncode) == (0, 0)
    place = 0
    for part in shown.text.split("…\n"):
        place = planned.stdout.find(part, place)
        assert place >= 0, part
        place += len(part)
