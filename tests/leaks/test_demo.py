"""No address of the made-up shop in anything that its plans and applies have written or printed."""

from __future__ import annotations

import pytest

from tests.leaks.conftest import CUSTOMERS, Story

FOLDERS = ("state", "tmp", "criteo", "kept")


def test_the_story_is_worth_searching(story: Story) -> None:
    """Applies went through, half failed and were killed under way, lists were filled, and the addresses are known."""
    codes = {name: code for name, code in story.codes.items() if code not in {0, 3}}
    held = sum(path.stat().st_size for path in story.folders["state"].glob("ledger/*.parquet"))
    under_way = [story.folders["kept"] / name / "journal" for name in ("state under way", "state of the dead")]

    # 1 for nobody, 64 for the slip of the keyboard, 7 where the refusal meets a list of its own
    assert sorted(codes.values()) in ([-9, 1, 6, 64], [-9, 1, 7, 64]), codes
    assert story.scanner.count > CUSTOMERS
    assert held > 10_000
    assert [folder for folder in under_way if not any(folder.iterdir())] == []


def test_nothing_that_was_printed_names_anybody(story: Story) -> None:
    """Plans and explanations in every format, SQL, progress, errors, the state, and what the pretend Criteo tells."""
    assert sum(map(len, story.printed.values())) > 10_000
    assert sum(text.count(b"/contact-list 200 ") for text in story.printed.values()) > 5, "the log of calls is searched"
    assert [find for name, text in story.printed.items() for find in story.scanner.data(text, name)] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_that_was_written_names_anybody(story: Story, folder: str) -> None:
    """State, temporary files and the pretend Criteo's world, at the end, under way and after a kill."""
    assert story.scanner.folder(story.folders[folder]) == []


def test_temporary_files_go_with_their_runs(story: Story) -> None:
    """Nothing is left of the spill: not of runs that ended, not of the one that was killed, not of one long dead."""
    assert [path.name for path in story.folders["tmp"].iterdir()] == []
