"""What the definitions have to know of the settings before these are read: the engine, and what it will find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from reconciler.config.nodes import Node
from reconciler.model.identifiers import Form
from reconciler.model.settings import Exclusions

Engine = Literal["duckdb", "postgres", "spark"]
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outline:
    """`sources` is the number of sources of events; `kinds` are all kinds that there can be, None where a column names
    them. `region` is that of telephone numbers without one of their own, `exclusions` as in `criteo`.
    """

    engine: Engine = "duckdb"
    sources: int = 0
    kinds: frozenset[str] | None = None
    email_form: Form = "sha256"
    region: str | None = None
    exclusions: Exclusions = "separate"

    def own_events(self, number: int) -> str:
        """Whose the columns are that a source of events names itself, by its number from 0."""
        return "events" if self.sources == 1 else f"events[{number}]"

    def tables(self) -> tuple[str, ...]:
        """What a query may read on DuckDB: the declared tables as they are."""
        if self.sources <= 1:
            return ("customers", "events")[: 1 + self.sources]
        return ("customers", *(f"events_{number}" for number in range(1, self.sources + 1)))


def outline(document: Node) -> Outline:
    """What the settings say, as far as it can be read; a word that is none counts as not said."""
    source, criteo, region = (document.get(key) for key in ("source", "criteo", "region"))
    engine = source.get("engine") if source is not None else None
    events = source.get("events") if source is not None else None
    form = criteo.get("email_form") if criteo is not None else None
    sources = events.items() if events is not None else ()
    return Outline(
        engine=_word(engine, get_args(Engine), "duckdb"),
        sources=len(sources),
        kinds=_kinds(sources),
        email_form=_word(form, get_args(Form), "sha256"),
        region=region.raw if region is not None and region.raw else None,
        exclusions=_word(criteo.get("exclusions") if criteo is not None else None, get_args(Exclusions), "separate"),
    )


def _word(node: Node | None, words: tuple[Word, ...], default: Word) -> Word:
    return next((word for word in words if node is not None and node.raw == word), default)


def _kinds(sources: Sequence[Node]) -> frozenset[str] | None:
    """None where some source names its kinds in a column."""
    fixed = [source.find(["name"]).get("is") for source in sources if "name" in source]
    kinds = [kind.raw for kind in fixed if kind is not None]
    return frozenset(kinds) if kinds and len(kinds) == len(sources) else None
