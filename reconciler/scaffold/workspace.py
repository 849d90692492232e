"""Makes a new workspace: all of it in memory, checked, and then written whole or not at all. Nothing is overwritten."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.config import editors
from reconciler.config.files import SETTINGS
from reconciler.config.load import load
from reconciler.config.problems import Problems
from reconciler.errors import ReconcilerError, Usage
from reconciler.scaffold import sample
from reconciler.scaffold.definitions import Kinds, always_excluded, audiences_text, segments_text
from reconciler.scaffold.examples import tests_text
from reconciler.scaffold.form import form_of
from reconciler.scaffold.proposal import Proposal
from reconciler.scaffold.propose import propose
from reconciler.scaffold.settings import settings_text

IGNORE = ".gitignore"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What is asked for. `files` are names and globs below the folder; without any, data is made up."""

    root: Path
    workspace: str
    advertiser: str
    owner: str
    files: tuple[str, ...]
    as_of: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """The files of a new workspace, by their path in it, and what they were made from. `unignored` are lines for a
    `.gitignore` that is there already.
    """

    files: Mapping[str, str]
    proposal: Proposal
    unignored: tuple[str, ...] = ()


def check_folder(root: Path) -> None:
    """Raises Usage where something stands in the way, before anything is asked or read."""
    if root.exists() and not root.is_dir():
        raise Usage("A workspace is a folder.", f"{root} is a file.", "Name another folder.")
    if (root / SETTINGS).exists():
        hint = "Change it there, or name another folder; nothing is ever overwritten."
        raise Usage("There is a workspace already.", f"{root / SETTINGS} exists.", hint)


def make(wishes: Wishes) -> Made:
    """The whole workspace, checked. Raises Usage where a file of it is there already, SourceInvalid for unfit data."""
    data = {} if wishes.files else sample.sample_files(wishes.as_of)
    names = wishes.files or (sample.CUSTOMERS, sample.EVENTS)
    proposal = _proposed(wishes, names, data)
    texts = _texts(wishes, proposal, ad_set=sample.AD_SET if data else None)
    _check(texts)
    ignored = ("/.reconciler/", *(sorted({"/data/" if name.startswith("data/") else f"/{name}" for name in names})))
    has_ignore = (wishes.root / IGNORE).exists()
    head = "# What was sent, and people's data: neither belongs into git.\n"
    schemas = {f"{editors.FOLDER}/{each}.schema.json": editors.text(each) for each in editors.OF_A_WORKSPACE}
    files = {**texts, **data, **schemas} | (
        {} if has_ignore else {IGNORE: head + "".join(f"{line}\n" for line in ignored)}
    )
    there = [name for name in files if (wishes.root / name).exists()]
    if there:
        hint = "Nothing is overwritten: move them away, or name another folder."
        raise Usage("Some files are there already.", ", ".join(str(wishes.root / each) for each in there), hint)
    return Made(files=files, proposal=proposal, unignored=ignored if has_ignore else ())


def _proposed(wishes: Wishes, names: Sequence[str], data: Mapping[str, str]) -> Proposal:
    if not data:
        return propose(wishes.root, names, wishes.as_of)
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), data)
        return propose(Path(folder), names, wishes.as_of)


def _texts(wishes: Wishes, proposal: Proposal, ad_set: str | None) -> dict[str, str]:
    kinds = Kinds.of(proposal)
    always = always_excluded(proposal, kinds)
    texts = {
        SETTINGS: settings_text(wishes.workspace, wishes.advertiser, proposal, always),
        "segments.yaml": segments_text(proposal, kinds, wishes.owner),
        "audiences.yaml": audiences_text(kinds, wishes.owner, ad_set),
        "tests.yaml": tests_text(proposal, kinds, wishes.as_of),
    }
    return {name: form_of(_named(name, text), name, Problems()) or text for name, text in texts.items()}


def _named(name: str, text: str) -> str:
    """A file with the line by which editors find its schema."""
    return f"{editors.mode_line(Path(name), Path(editors.FOLDER))}\n{text}"


def _check(texts: Mapping[str, str]) -> None:
    """What we write is valid. Raises WorkspaceInvalid where it is not, before it is written."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), texts)
        load(Path(folder))


def save(root: Path, files: Mapping[str, str]) -> None:
    """Write all files; where one can't be written, or is there by now, none stays. Raises ReconcilerError."""
    try:
        _write(root, files)
    except OSError as error:
        detail = f"{error.filename}: {error.strerror or type(error).__name__}"
        raise ReconcilerError("The workspace can't be written.", detail, "Nothing of it was kept.") from None


def _write(root: Path, files: Mapping[str, str]) -> None:
    written: list[Path] = []
    try:
        for name, text in files.items():
            path = root / name
            new = [folder for folder in path.parents if not folder.exists()]
            path.parent.mkdir(parents=True, exist_ok=True)
            written += reversed(new)
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                written.append(path)
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
    except BaseException:
        for path in reversed(written):
            path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
        raise
