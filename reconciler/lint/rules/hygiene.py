"""Rules about what reviewers and successors need: an owner, a word of explanation, a name, a use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.config.names import audience_name
from reconciler.lint.rule import Hit, Rule
from reconciler.lint.subject import Subject, place_of
from reconciler.model.address import criteo_id_of
from reconciler.model.conditions import Condition, Group, SegmentRef
from reconciler.model.lint import Severity
from reconciler.model.settings import Place
from reconciler.model.workspace import AudienceConfig, SegmentConfig


def _all(subject: Subject) -> Iterator[tuple[str, SegmentConfig | AudienceConfig]]:
    made = (*subject.workspace.segments, *subject.kinds.values())
    yield from ((f"segment.{each.key}", each) for each in made)
    yield from ((f"audience.{each.key}", each) for each in subject.workspace.audiences)


def _without_owner(subject: Subject) -> Iterator[Hit]:
    for address, each in _all(subject):
        if each.owner is None:
            yield Hit(address=address, place=each.place, message="has no owner", hint="Say who answers: `owner: TEAM`.")


def _without_description(subject: Subject) -> Iterator[Hit]:
    for address, each in _all(subject):
        if each.description is None:
            hint = "Say in a sentence whom it holds and what for: `description: …`. Criteo shows it too."
            yield Hit(address=address, place=each.place, message="has no description", hint=hint)


def _misnamed(subject: Subject) -> Iterator[Hit]:
    patterns = subject.workspace.lint.names
    for address, name, place in _names(subject):
        pattern = patterns.get("segments" if address.startswith("segment.") else "audiences")
        if pattern is not None and not pattern.fullmatch(name):
            message = f"the name `{name}` does not match `{pattern.pattern}`"
            hint = (
                "Rename it, or change the pattern in `lint.names`. A new name is an update at Criteo, not a new list."
            )
            yield Hit(address=address, place=place, message=message, hint=hint)


def _names(subject: Subject) -> Iterator[tuple[str, str, Place]]:
    for segment in (*subject.workspace.segments, *subject.kinds.values()):
        if segment.publish:
            yield f"segment.{segment.key}", segment.name or segment.key, place_of(segment, "name")
    for audience in subject.workspace.audiences:
        place = audience.places.get("name", audience.place)
        yield f"audience.{audience.key}", audience_name(audience), place


def _unused(subject: Subject) -> Iterator[Hit]:
    used = _used(subject)
    for segment in (*subject.workspace.segments, *subject.workspace.criteo_segments):
        if segment.key in used:
            continue
        what = "no audience uses it" if segment.publish else "no segment refers to it"
        what += _for_nothing(segment)
        hint = "Use it in an audience, or remove it (what Criteo has needs an entry in `removed`)."
        yield Hit(
            address=f"segment.{segment.key}",
            place=segment.place,
            message=what,
            hint=hint if segment.publish else "Refer to it, or remove it.",
        )


def _for_nothing(segment: SegmentConfig) -> str:
    if segment.is_criteos:
        return ": Criteo keeps it for nothing" if segment.kind else ": it is named for nothing"
    return ": its list is filled for nothing" if segment.publish else ", and it is never sent"


def _used(subject: Subject) -> set[str]:
    """The keys of segments in an audience or in `always_exclude`, and of those that these refer to or grow from."""
    workspace = subject.workspace
    segments = {**subject.segments, **{each.key: each for each in workspace.criteo_segments}}
    by_id = {each.criteo_id: each.key for each in workspace.criteo_segments if each.criteo_id}
    references = [each for audience in workspace.audiences for each in (*audience.include, *audience.exclude)]
    waiting = [each.partition(".")[0] for each in (*references, *workspace.always_exclude)]
    used: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in used and key in segments:
            used.add(key)
            waiting += _referred(segments[key].condition)
            waiting += _seed(segments[key], by_id)
    return used


def _seed(segment: SegmentConfig, by_id: Mapping[str, str]) -> Iterator[str]:
    """The key of the segment of the workspace that a lookalike grows from."""
    seed = segment.kind.seed if segment.kind else None
    if seed is not None:
        yield by_id.get(criteo_id_of(seed) or "") or seed.split(".")[1]


def _referred(condition: Condition) -> Iterator[str]:
    if isinstance(condition, SegmentRef):
        yield condition.key
    elif isinstance(condition, Group):
        for each in (*condition.all, *condition.any, *condition.none):
            yield from _referred(each)


_GOOD = """\
segments:
  winback:
    description: Two or more orders, the last of them 60 to 120 days ago
    owner: retention
    who: { event: purchase, latest: true, within: 60d..120d }"""

RULES = (
    Rule(
        id="RL501",
        name="missing-owner",
        severity=Severity.WARNING,
        what="A segment or an audience has no owner.",
        why="""\
When a list is stopped by a guard, or a campaign reaches the wrong people, somebody has to decide within hours. The
plan and its comment on a pull request name the owner of everything that changes.""",
        instead="Name a team or a role rather than a person: people move on.",
        check=_without_owner,
        wrong="""\
segments:
  winback:
    description: Two or more orders, the last of them 60 to 120 days ago
    who: { event: purchase, latest: true, within: 60d..120d }""",
        right=_GOOD,
    ),
    Rule(
        id="RL502",
        name="missing-description",
        severity=Severity.WARNING,
        what="A segment or an audience has no description.",
        why="""\
A definition says who, and not what for. Without the purpose nobody can tell whether a change is right, and at Criteo,
where the definition is not visible, the description is all that explains a list.""",
        instead="One sentence in the words of a marketer: whom it holds, and what it is for.",
        check=_without_description,
        wrong="""\
segments:
  winback:
    owner: retention
    who: { event: purchase, latest: true, within: 60d..120d }""",
        right=_GOOD,
    ),
    Rule(
        id="RL503",
        name="name-pattern",
        severity=Severity.WARNING,
        what="A name does not match the pattern of the workspace.",
        why="""\
At Criteo all lists and audiences of an account stand in one flat list, sorted by name; a pattern is what keeps them
findable, and what reports are cut by. The rule looks where `lint.names` says a pattern; the whole name must match. A
segment without `name` is called by its key.""",
        instead="Rename it, or widen the pattern.",
        check=_misnamed,
        settings=("names",),
        wrong="name: winback 60-120",
        right="name: FR - Winback",
    ),
    Rule(
        id="RL504",
        name="unused-segment",
        severity=Severity.WARNING,
        what="No audience uses a segment, neither directly nor through other segments.",
        why="""\
A published segment that no audience uses is still computed, and its people are still sent to Criteo: personal data
without a purpose, and requests that other lists wait for. A helper (`publish: false`) that nothing refers to decides
nothing, and its next reader believes that it does. The seed of a lookalike is used where the lookalike is. Of Criteo's
own segments nobody is sent, and an idle one still stands in everybody's way in Criteo's console.""",
        instead="""\
Use it, or remove it. A list that waits for its campaign to be made in Criteo can say so with an ignore.""",
        check=_unused,
        wrong="""\
segments:
  carts: { who: { event: cart_added, latest: true, within: 7d, not_followed_by: purchase } }
  winback: { who: { event: purchase, latest: true, within: 60d..120d } }
  helper: { publish: false, who: { event: case_opened } }
audiences:
  recovery: { include: [carts] }""",
        right="""\
segments:
  winback: { who: { all: [ { event: purchase, latest: true, within: 60d..120d } ], none: [ { segment: helper } ] } }
  helper: { publish: false, who: { event: case_opened } }
audiences:
  recovery: { include: [winback] }""",
    ),
)
