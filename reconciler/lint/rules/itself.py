"""Rules about lint itself; `inspection` finds what they tell, since only it knows what the others found."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.lint.rule import Hit, Rule
from reconciler.lint.subject import Subject
from reconciler.model.lint import Severity


def _found_by_the_inspection(_: Subject) -> Iterable[Hit]:
    return ()


UNUSED_IGNORE = Rule(
    id="RL001",
    name="unused-ignore",
    severity=Severity.WARNING,
    what="An ignore ignores nothing.",
    why="""\
An ignore is a promise to a reviewer: this was seen, and it is right because of the reason. When what it speaks of has
been mended, the promise is left over, and it would hide the same mistake the day somebody makes it again. Ignores of
rules that need the data are judged only where the data is read.""",
    instead="Remove the entry.",
    check=_found_by_the_inspection,
    wrong="lint: { ignore: { missing-owner: Everybody owns it } }",
    right="lint: { ignore: { unused-segment: The campaign is made next week } }",
)

UNKNOWN_RULE = Rule(
    id="RL002",
    name="unknown-rule",
    severity=Severity.ERROR,
    what="`select`, `ignore` or `severity` names a rule that does not exist.",
    why="""\
A misspelt name ignores nothing and chooses nothing, and whoever wrote it believes that it does. A rule of a plugin is
unknown where the plugin is not installed.""",
    instead="Write the id or the name of a rule; `reconciler lint --explain RULE` shows its page.",
    check=_found_by_the_inspection,
    wrong="lint: { ignore: { mising-owner: Everybody owns it } }",
    right="lint: { ignore: { missing-owner: Everybody owns it } }",
)

BROKEN_RULE = Rule(
    id="RL003",
    name="broken-rule",
    severity=Severity.ERROR,
    what="A rule failed, or a plugin that brings rules can't be used.",
    why="""\
Rules that do not look find nothing, and that must not read like a clean workspace. All other rules have looked. The
plugin's own words are withheld, since they may quote what it was looking at.""",
    instead="Mend the plugin or uninstall it; report a failing rule of ours.",
    check=_found_by_the_inspection,
)

RULES = (UNUSED_IGNORE, UNKNOWN_RULE, BROKEN_RULE)
