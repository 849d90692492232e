"""The engine on a real server."""

from __future__ import annotations

from sqlglot import select

from reconciler.membership.postgres.engine import Postgres
from reconciler.membership.sql import alias, create, integer, text


def test_what_was_made_is_there(engine: Postgres) -> None:
    """A table is found by its plain name, on the connection of a stream as well."""
    engine.run(create("made", select(alias(text("a"), "k"), alias(integer(3), "n"))))

    assert engine.has("made")
    assert engine.rows(select("*").from_("made")) == [("a", 3)]
    assert list(engine.stream(select("*").from_("made"), 10)) == [[("a", 3)]]
