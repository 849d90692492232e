"""`reconciler demo`: the whole story on a made-up shop and a pretend Criteo, in a folder that is wiped afterwards."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from reconciler.cli.options import common_options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler import run
    from reconciler.model.membership import ListMembership
    from reconciler.model.settings import Credentials
    from reconciler.plan.changes import Plan
    from reconciler.report.style import Paint


class _Stage(NamedTuple):
    """Where the story plays: the workspace, who we are at the pretend Criteo, and how to paint."""

    workspace: Path
    credentials: Credentials
    paint: Paint

    def say(self, text: str = "") -> None:
        """One paragraph."""
        click.echo(text)

    def title(self, number: int, text: str) -> None:
        """The title of an act."""
        click.echo("\n" + self.paint("bold", f"{number}. {text}"))


@click.command("demo", epilog="Example: reconciler demo --keep story")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep workspace and state in this folder."
)
@common_options
def command(keep: Path | None) -> None:
    """Watch the whole story on a made-up shop and a pretend Criteo.

    Plans and applies, lets six hours pass, applies again, changes a definition, and ends on an empty plan. It talks to
    this machine alone and takes some seconds.
    """
    from reconciler.cli.pretending import need_emulator
    from reconciler.demo.workspace import SampleError
    from reconciler.errors import ReconcilerError, Usage

    need_emulator()
    if keep is not None and keep.exists() and any(keep.iterdir()):
        raise Usage("The folder to keep is not empty.", str(keep), "Name a new one.")
    with tempfile.TemporaryDirectory(prefix="reconciler-demo-") as folder:
        try:
            _play((keep or Path(folder)) / "audiences")
        except SampleError as error:
            hint = "Install reconciler again, or put the sample back."
            raise ReconcilerError("The sample workspace can't be used.", str(error), hint) from None
    if keep is not None:
        click.echo(f"The workspace and its state are in {keep}.")


def _play(workspace: Path) -> None:
    from reconciler.cli.console import has_color
    from reconciler.emulator import create_app, serve
    from reconciler.model.settings import Credentials, Secret
    from reconciler.report.style import painter

    with serve(create_app(rate_limit=0)) as server:
        secret = Secret("demo")
        credentials = Credentials(client_id="demo", client_secret=secret, api_url=server.url)
        _tell(_Stage(workspace, credentials, painter(colour=has_color(sys.stdout.isatty()))))


def _tell(stage: _Stage) -> None:
    from reconciler.config import editors
    from reconciler.demo import shop, story, workspace

    workspace.copy_sample(stage.workspace)
    editors.write(stage.workspace / editors.FOLDER)
    start = story.CLOCK
    stage.say(story.opening(shop.build(stage.workspace, start)))
    stage.title(1, "The first plan, and the first apply")
    _show(stage, _applied(stage, start))

    passed = shop.pass_time(stage.workspace, start, story.HOURS)
    stage.title(2, f"{story.HOURS} hours later")
    stage.say(story.meanwhile(passed))
    _show(stage, _applied(stage, passed.until))

    edit = workspace.drop_purchase_exclusion(stage.workspace)
    later = passed.until + dt.timedelta(hours=1)
    stage.title(3, "An hour later somebody proposes a change")
    stage.say(story.edited(edit))
    _show_change(stage, _applied(stage, later))

    stage.title(4, "The same moment again")
    _show(stage, _planned(stage, later))


def _setting(stage: _Stage, as_of: dt.datetime) -> run.Setting:
    from reconciler import run

    return run.set_up(stage.workspace, stage.credentials, as_of=as_of, may_begin=True)


def _planned(stage: _Stage, as_of: dt.datetime) -> Plan:
    from reconciler import run

    with run.planned(_setting(stage, as_of)) as made:
        return made.plan


def _applied(stage: _Stage, as_of: dt.datetime) -> Plan:
    """Plan and apply as the commands do. Raises PartlyApplied when something was not done."""
    from reconciler import run

    setting = _setting(stage, as_of)
    with (
        setting.store.lock("apply") as lease,
        setting.store.staging() as staging,
        run.planned(setting, staging=staging) as made,
    ):
        outcome = run.carry_out(
            setting, made, operation="apply", lease=lease, staging=staging, report=_quietly, stop=threading.Event()
        )
        if outcome.error is not None:
            raise outcome.error
        return made.plan


def _quietly(_: object) -> None:
    """The story tells how it ends, not each step."""


def _show(stage: _Stage, plan: Plan) -> None:
    """The lists that moved, and the two lines of the summary."""
    from reconciler.report.document import document, summary_lines, verdict

    doc = document(plan)
    moved = [each for each in plan.membership.lists.values() if each.added or each.removed]
    for line in _table(moved):
        stage.say(line)
    for block in plan.blocks:
        stage.say(stage.paint("!", f"  ! {block.address} ({block.guard}): {block.message}"))
    for line in filter(None, (verdict(doc), *summary_lines(doc))):
        stage.say(stage.paint("bold", line))


def _table(lists: Iterable[ListMembership]) -> Iterable[str]:
    rows = [(str(each.address), each) for each in sorted(lists, key=lambda each: each.address)]
    width = max((len(address) for address, _ in rows), default=0)
    for address, each in rows:
        why = ", ".join(f"{count:,} {cause}" for cause, count in each.removed_by.items())
        sisters = sum(each.moved_by.values())
        moved = f"; {sisters:,} to another slice" if sisters else ""
        left = f"  ({why}{moved})" if why else ""
        yield f"  {address:<{width}}  {each.before:>6,} -> {each.after:>6,}   +{each.added:,} -{each.removed:,}{left}"


def _show_change(stage: _Stage, plan: Plan) -> None:
    """What the change does, apart from what time did; then the plan as a whole."""
    from reconciler.report.document import change_text, document

    said = (change for resource in document(plan)["resources"] for change in resource["changes"])
    for line in dict.fromkeys(change_text(change) for change in said if change["path"].startswith("who")):
        stage.say(stage.paint("~", f"  ~ {line}"))
    changed = [each for each in plan.membership.lists.values() if each.by_change]
    width = max((len(each.address) for each in changed), default=0)
    for each in changed:
        change, time = each.by_change, each.by_time
        stage.say(
            f"  {each.address:<{width}}   by this change +{change.added:,} -{change.removed:,}"
            f"   by time and data +{time.added:,} -{time.removed:,}"
        )
    stage.say("The audiences still exclude those buyers at Criteo. All of the plan:")
    _show(stage, plan)
