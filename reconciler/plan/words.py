"""Names and descriptions: what to send, what to show, and what somebody else changed."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.model.mark import Mark, split_mark, with_mark
from reconciler.model.remote import RemoteAudience, RemoteSegment
from reconciler.plan.changes import AttributeChange
from reconciler.state.snapshot import AudienceRecord, KindRecord, ListRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What to send of a name and a description (with its mark); None stays as it is.

    `stale` tells that Criteo has what is wanted while our record says something else, `record` is the description (with
    its mark) that our record should then hold.
    """

    name: str | None = None
    description: str | None = None
    attributes: tuple[AttributeChange, ...] = ()
    drift: tuple[AttributeChange, ...] = ()
    stale: bool = False
    record: str | None = None


def quoted(name: str) -> str:
    """Somebody's name inside a sentence of ours, in which backticks mean code."""
    return '"' + name.replace("`", "'") + '"'


def new_words(name: str, description: str | None, mark: Mark) -> Words:
    """The words of a resource to be made."""
    attributes = (_change("name", None, name), _change("description", None, description))
    return Words(name=name, description=with_mark(description, mark), attributes=_real(attributes))


def parting_words(remote: RemoteSegment | RemoteAudience | None) -> Words:
    """What to send when a resource is let go of: its description without our mark, which would claim it for ever."""
    words, mark = split_mark(remote.description) if remote is not None else (None, None)
    return Words(description=words or "") if mark is not None else Words()


def compare_words(
    name: str,
    description: str | None,
    mark: Mark,
    record: ListRecord | KindRecord | AudienceRecord | None,
    remote: RemoteSegment | RemoteAudience,
) -> Words:
    """Wanted × recorded × at Criteo.

    A description is compared when it is declared, or when we wrote one last: undeclared words that somebody else put
    there beside our mark stay. A missing mark is restored, for without it we would not find what is ours, and with it
    the description as declared.
    """
    words, found = split_mark(remote.description)
    recorded = split_mark(record.description)[0] if record else None
    managed = description is not None or recorded is not None
    wanted = description if managed or found != mark else words
    attributes = _real(
        (
            _change("name", remote.name, name),
            _change("description", words, wanted),
            AttributeChange("mark", None, str(mark)) if found != mark else None,
        )
    )
    return Words(
        name=name if remote.name != name else None,
        description=with_mark(wanted, mark) if words != wanted or found != mark else None,
        attributes=attributes,
        drift=_drift(record, recorded, remote.name, words) if managed else _drift(record, words, remote.name, words),
        stale=record is None or _stale(record.name, remote.name, name) or _stale(recorded, words, description),
        record=with_mark(description, mark),
    )


def _stale(recorded: str | None, actual: str | None, wanted: str | None) -> bool:
    return actual == wanted != recorded


def _drift(
    record: ListRecord | KindRecord | AudienceRecord | None, recorded: str | None, name: str, words: str | None
) -> tuple[AttributeChange, ...]:
    """What differs from our last writing; it then differs from what is wanted now or was then, so it always matters."""
    if record is None:
        return ()
    return _real((_change("name", record.name, name), _change("description", recorded, words)))


def _change(path: str, before: str | None, after: str | None) -> AttributeChange | None:
    return AttributeChange(path, before, after) if before != after else None


def _real(changes: tuple[AttributeChange | None, ...]) -> tuple[AttributeChange, ...]:
    return tuple(change for change in changes if change is not None)
