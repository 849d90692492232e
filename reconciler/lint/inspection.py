"""The entry of the room: every rule looks at a workspace; what it ignores is kept apart, with the reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reconciler.lint.registry import Plugged, Registry
from reconciler.lint.rule import Finding, Hit, Ignored, Rule, finding
from reconciler.lint.rules.itself import BROKEN_RULE, UNKNOWN_RULE, UNUSED_IGNORE
from reconciler.lint.subject import WORKSPACE, Subject
from reconciler.model.lint import Ignore, Severity
from reconciler.model.settings import Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspection:
    """What was found, sorted by place, and what of it the workspace ignores. `with_data`: rules had figures too."""

    workspace: str
    with_data: bool
    findings: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]

    def count(self, severity: Severity) -> int:
        """How many findings weigh so much."""
        return sum(1 for each in self.findings if each.severity is severity)


Ignores = Mapping[str, tuple[Ignore, ...]]
"""What is ignored, by the address of whoever says so: a segment, an audience, or the workspace."""


def inspect(subject: Subject, registry: Registry) -> Inspection:
    """Let every chosen rule look. A rule that fails is told as a finding of its own."""
    chosen = [each for each in registry.rules if _is_chosen(each.rule, subject)]
    ignores = _ignores(subject)
    told = [pair for each in chosen for pair in _told(each, subject)]
    told += [(UNKNOWN_RULE, hit) for hit in _unknown(subject, registry, ignores)]
    told += [(BROKEN_RULE, hit) for hit in _broken(subject, registry)]
    kept, ignored, used = _sorted_out(told, ignores, _weights(subject))
    unused = [hit for hit in _unused(subject, registry, ignores, used) if _is_chosen(UNUSED_IGNORE, subject)]
    more, more_ignored, _ = _sorted_out([(UNUSED_IGNORE, hit) for hit in unused], ignores, _weights(subject))
    return Inspection(
        workspace=subject.workspace.settings.workspace,
        with_data=subject.membership is not None,
        findings=tuple(sorted([*kept, *more])),
        ignored=tuple(sorted([*ignored, *more_ignored])),
    )


def _is_chosen(rule: Rule, subject: Subject) -> bool:
    words = [each.rule for each in subject.workspace.lint.select]
    return not words or any(rule.is_among(word) for word in words)


def _ignores(subject: Subject) -> Ignores:
    workspace = subject.workspace
    segments = {f"segment.{each.key}": each.ignored for each in (*workspace.segments, *workspace.criteo_segments)}
    audiences = {f"audience.{each.key}": each.ignored for each in workspace.audiences}
    everyone = {**segments, **audiences, WORKSPACE: workspace.lint.ignore}
    return {address: ignored for address, ignored in everyone.items() if ignored}


def _weights(subject: Subject) -> Mapping[str, Severity]:
    return {each.rule: each.severity for each in subject.workspace.lint.severity}


def _told(each: Plugged, subject: Subject) -> list[tuple[Rule, Hit]]:
    if each.rule.reads == "data" and subject.membership is None:
        return []
    try:
        return [(each.rule, hit) for hit in each.rule.check(subject)]
    except Exception as error:  # noqa: BLE001 - lint has an opinion and stops nothing, least of all a plan
        return [(BROKEN_RULE, _about_failure(each, type(error).__name__, subject.place))]


def _about_failure(each: Plugged, error: str, place: Place) -> Hit:
    if each.plugin is not None:
        return _about_plugin(each.plugin, f"its rule {each.rule.id} failed with {error}", place)
    message = f"the rule {each.rule.id} failed with {error}: this is a bug in reconciler"
    return Hit(address=WORKSPACE, place=place, message=message, hint="Report it; all other rules have looked.")


def _broken(subject: Subject, registry: Registry) -> Iterator[Hit]:
    for each in registry.broken:
        yield _about_plugin(each.plugin, each.why, subject.place)


def _about_plugin(plugin: str, why: str, place: Place) -> Hit:
    message = f"the lint plugin `{plugin}` can't be used: {why}"
    return Hit(address=WORKSPACE, place=place, message=message, hint="Mend the plugin or uninstall it.")


def _sorted_out(
    told: Iterable[tuple[Rule, Hit]], ignores: Ignores, weights: Mapping[str, Severity]
) -> tuple[list[Finding], list[Ignored], set[Place]]:
    """What is told, what is ignored, and the places of the ignores that did so."""
    kept, ignored, used = [], [], set()
    for rule, hit in told:
        each = finding(rule, hit, weights.get(rule.id, weights.get(rule.name, rule.severity)))
        ignore = _ignore(rule, hit, ignores)
        if ignore is None:
            kept.append(each)
        else:
            ignored.append(Ignored(finding=each, reason=ignore.reason))
            used.add(ignore.place)
    return kept, ignored, used


def _ignore(rule: Rule, hit: Hit, ignores: Ignores) -> Ignore | None:
    """The nearest ignore that is meant: the resource's own before that of the workspace."""
    of_segment = ".".join(hit.address.split(".")[:2])
    covering = (*ignores.get(of_segment, ()), *ignores.get(WORKSPACE, ()))
    return next((each for each in covering if rule.is_meant_by(each.rule)), None)


def _unknown(subject: Subject, registry: Registry, ignores: Ignores) -> Iterator[Hit]:
    """Words that mean no rule. One that a plugin brings is unknown where the plugin is not installed."""
    lint = subject.workspace.lint
    named = [(address, each.rule, each.place) for address, said in ignores.items() for each in said]
    named += [(WORKSPACE, each.rule, each.place) for each in lint.severity]
    for address, word, place in named:
        if registry.find(word) is None:
            yield _about_unknown(address, word, place, registry)
    for each in lint.select:
        if not registry.knows(each.rule):
            yield _about_unknown(WORKSPACE, each.rule, each.place, registry)


def _about_unknown(address: str, word: str, place: Place, registry: Registry) -> Hit:
    return Hit(
        address=address,
        place=place,
        message=f"there is no rule `{word}`{registry.nearest(word)}",
        hint="Write the id or the name of a rule, or install the plugin that brings it.",
    )


def _unused(subject: Subject, registry: Registry, ignores: Ignores, used: set[Place]) -> Iterator[Hit]:
    """Ignores that ignored nothing. What only the data could tell is not judged without it."""
    for address, said in ignores.items():
        for each in said:
            rule = registry.find(each.rule)
            blind = rule is not None and rule.reads != "workspace" and subject.membership is None
            if rule is None or rule is UNUSED_IGNORE or blind or each.place in used:
                continue
            yield Hit(
                address=address,
                place=each.place,
                message=f"{rule.id} {rule.name} is ignored here and finds nothing here",
                hint="Remove the entry; the reason is in git.",
            )
