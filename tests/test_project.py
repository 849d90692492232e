"""The project around the code: what is locked, what the front page promises, what the workflows may do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
LOCKED_EXTRAS = {
    "requirements.lock": ("emulator",),
    "requirements-dev.lock": ("emulator", "dev"),
    "requirements-engines.lock": ("emulator", "dev", "postgres", "spark"),
}


FUZZ = "requirements-fuzz.lock"
LOCKS = (*LOCKED_EXTRAS, FUZZ)


def locked(name: str) -> dict[str, tuple[str, list[str]]]:
    """Read a lock file: the version and the hashes of every package in it. One that is there twice, for older and for
    newer Pythons, is told apart by its version.
    """
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    found = (
        re.fullmatch(r"([a-z0-9-]+)==(\S+)(?: ; .*?)?((?:\s+--hash=sha256:[0-9a-f]{64})*)\s*", line) for line in lines
    )
    packages: dict[str, tuple[str, list[str]]] = {}
    for match in filter(None, found):
        packages[f"{match[1]} {match[2]}" if match[1] in packages else match[1]] = (match[2], match[3].split())
    return packages


def wanted(name: str) -> Iterator[Requirement]:
    """Yield what pyproject.toml asks for and the lock file has to hold."""
    groups = PYPROJECT["dependency-groups"]
    if name == FUZZ:
        yield from map(Requirement, [*groups["build"], *groups["fuzz"]])
        return
    extras = PYPROJECT["project"]["optional-dependencies"]
    chosen = [extras[extra] for extra in LOCKED_EXTRAS[name]]
    for group in (PYPROJECT["project"]["dependencies"], groups["build"], *chosen):
        yield from map(Requirement, group)


def workflow(path: Path) -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return parsed


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in workflow(path)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("name", LOCKS)
def test_every_dependency_is_locked(name: str) -> None:
    """What pyproject.toml asks for is in the lock file, at a version it allows."""
    versions = {package: version for package, (version, _) in locked(name).items()}

    missing = [
        str(requirement)
        for requirement in wanted(name)
        if not requirement.specifier.contains(versions.get(canonicalize_name(requirement.name), "0"))
    ]

    assert missing == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes(name: str) -> None:
    """No line of a lock file goes unread, and none is without a hash."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = re.findall(r"^[^\s#].*$", text, re.MULTILINE)
    packages = locked(name)

    assert len(pins) == len(packages)
    assert [package for package, (_, hashes) in packages.items() if not hashes] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_says_nothing_of_where_packages_come_from(name: str) -> None:
    """No address of an index, no option for one, and no folder of somebody's machine."""
    text = (ROOT / name).read_text(encoding="utf-8")

    assert re.findall(r"\S*://\S*|--(?:extra-)?index-url|--find-links|(?<!\S)/\S+| @ ", text) == []


@pytest.mark.parametrize("folder", [".ci", "tests/editors"])
def test_packages_of_npm_are_locked(folder: str) -> None:
    """Each with its hash and without a place, at the version that package.json names."""
    lock = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    asked = json.loads((ROOT / folder / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    packages = {place: package for place, package in lock.items() if place}

    assert lock[""]["devDependencies"] == asked
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert [place for place, package in packages.items() if "resolved" in package or "integrity" not in package] == []


def test_the_lock_files_agree() -> None:
    """The demo runs what the tests have tested."""
    core, dev, engines = map(locked, LOCKED_EXTRAS)

    assert {package: dev.get(package) for package in core} == core
    assert {package: engines.get(package) for package in dev} == dev
    shared = locked(FUZZ).keys() & dev.keys()
    assert {package: locked(FUZZ)[package] for package in shared} == {package: dev[package] for package in shared}


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_front_page_names_the_two_commands(command: str) -> None:
    """Somebody who has only just arrived finds them."""
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_target_of_make_explains_itself() -> None:
    """`make help` leaves out nothing that can be made."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)

    assert phony
    assert re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE) == phony[1].split()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
class TestWorkflows:
    def test_actions_are_pinned(self, path: Path) -> None:
        """A full commit that cannot move, and beside it the version a person can read."""
        used = re.findall(r"uses: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)

        assert used
        assert [use for use in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use)] == []

    def test_nothing_may_be_written_unless_a_job_says_so(self, path: Path) -> None:
        """The file grants nothing, every job names its own rights, and only the comment is ever written."""
        rights = [job["permissions"] for job in workflow(path)["jobs"].values()]

        assert workflow(path)["permissions"] == {}
        assert all(right.pop("contents") == "read" for right in rights)
        assert [right for right in rights if right] == ([{"pull-requests": "write"}] if path.stem == "plan" else [])

    def test_no_token_stays_on_disk(self, path: Path) -> None:
        """Every checkout forgets the token it used."""
        checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]

        assert checkouts
        assert [step for step in checkouts if step["with"]["persist-credentials"] is not False] == []

    def test_scripts_hold_no_templates(self, path: Path) -> None:
        """Values reach a script by its environment, so that a branch's name cannot become a command."""
        assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []

    def test_every_job_ends(self, path: Path) -> None:
        """Each job has a time limit of its own."""
        assert [name for name, job in workflow(path)["jobs"].items() if "timeout-minutes" not in job] == []


def test_one_writer_at_a_time() -> None:
    """Apply and sync wait for each other, and neither is stopped halfway."""
    lanes = [workflow(ROOT / ".github" / "workflows" / name)["concurrency"] for name in ("apply.yml", "sync.yml")]

    assert lanes == [{"group": "reconciler-state", "cancel-in-progress": False}] * 2


def test_the_job_that_writes_the_comment_sees_no_secret() -> None:
    """The right to write and the right to read Criteo never meet in one job."""
    jobs = workflow(ROOT / ".github" / "workflows" / "plan.yml")["jobs"]

    assert {name: "secrets." in str(job["steps"]) for name, job in jobs.items()} == {
        "validate": True,
        "plan": True,
        "comment": False,
    }


@pytest.mark.parametrize("name", ["plan.yml", "apply.yml", "sync.yml"])
def test_without_secrets_the_workspace_is_only_validated(name: str) -> None:
    """Every other job waits for the answer of the one that validates, and planning never runs a fork's code."""
    jobs = workflow(ROOT / ".github" / "workflows" / name)["jobs"]
    fork = "github.event.pull_request.head.repo.full_name == github.repository"
    conditions = {job: jobs[job].get("if", "") for job in jobs if job != "validate"}

    assert "if" not in jobs["validate"]
    assert [
        job for job, condition in conditions.items() if "needs.validate.outputs.secrets == 'true'" not in condition
    ] == []
    assert name != "plan.yml" or [job for job, condition in conditions.items() if fork not in condition] == []


def lasting_disk(disk: Path, workspace: Path) -> subprocess.CompletedProcess[str]:
    script = ROOT / ".github" / "scripts" / "lasting-disk.sh"
    environment = {**os.environ, "RECONCILER_DISK": str(disk)}
    return subprocess.run([script, workspace], env=environment, capture_output=True, text=True, check=False)


def test_the_state_outlives_the_work_tree(tmp_path: Path) -> None:
    """What is written below `.reconciler` lands on the disk and is found again; data lies inside the workspace."""
    disk, workspace = tmp_path / "disk", tmp_path / "audiences"
    (disk / "state").mkdir(parents=True)
    (disk / "data" / "events").mkdir(parents=True)
    (disk / "data" / "events" / "0.csv").write_text("event\n", encoding="utf-8")
    workspace.mkdir()

    first = lasting_disk(disk, workspace)
    (workspace / ".reconciler" / "snapshot.json").write_text("{}", encoding="utf-8")
    second = lasting_disk(disk, workspace)

    assert (0, 0) == (first.returncode, second.returncode)
    assert (disk / "state" / "snapshot.json").exists()
    assert (workspace / ".reconciler" / "snapshot.json").exists()
    assert (workspace / "data" / "events" / "0.csv").resolve().is_relative_to(workspace.resolve())


def test_a_runner_without_the_disk_is_refused(tmp_path: Path) -> None:
    """A state folder that is not there is never made up: it may be that the disk is not mounted."""
    done = lasting_disk(tmp_path / "disk", tmp_path)

    assert done.returncode == 1
    assert "not set up to keep reconciler's state" in done.stderr
    assert list(tmp_path.iterdir()) == []
