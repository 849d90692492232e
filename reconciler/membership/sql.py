"""Small words to write SQLGlot trees with: every name is quoted, every literal is a node, nothing is pasted text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

Sql = exp.Expr
_ELEMENT = "element"


def name(column: str, table: str | None = None) -> exp.Column:
    """A column, quoted."""
    return exp.column(column, table=table, quoted=True)


def integer(value: int) -> Sql:
    """An integer literal."""
    return exp.Literal.number(value)


def text(value: str) -> Sql:
    """A text literal."""
    return exp.Literal.string(value)


def call(function: str, *arguments: Sql) -> Sql:
    """A function by the name that the engine knows."""
    return exp.Anonymous(this=function, expressions=list(arguments))


def decimal(digits: int, scale: int) -> exp.DataType:
    """An exact decimal type. Made by hand, since what is parsed drags its place in the text through every copy."""
    sizes = [exp.DataTypeParam(this=integer(size)) for size in (digits, scale)]
    return exp.DataType(this=exp.DType.DECIMAL, expressions=sizes, nested=False)


def alias(value: Sql, label: str) -> Sql:
    """`value AS "label"`."""
    return exp.alias_(value, label, quoted=True, copy=False)


def element() -> Sql:
    """The element at hand, inside of `some_element`."""
    return name(_ELEMENT)


def some_element(values: Sql, condition: Sql) -> Sql:
    """Whether the condition, which is never NULL, holds for some element of a list; of no list, false."""
    variable = exp.to_identifier(_ELEMENT, quoted=True)
    told = call("list_transform", values, exp.Lambda(this=condition, expressions=[variable]))
    return exp.func("COALESCE", call("list_bool_or", told), exp.false())


def or_nothing(column: exp.Column, nothing: Sql | None) -> Sql:
    """A column under its own name, with what stands for NULL; None lets it stand for itself."""
    return column if nothing is None else alias(exp.func("COALESCE", column, nothing), column.name)


def either(conditions: Iterable[Sql]) -> Sql:
    """At least one holds; of none, false."""
    parts = list(conditions)
    return exp.or_(*parts, copy=False) if parts else exp.false()


def each(conditions: Iterable[Sql]) -> Sql:
    """All hold; of none, true."""
    parts = list(conditions)
    return exp.and_(*parts, copy=False) if parts else exp.true()


def negated(condition: Sql) -> Sql:
    """It does not hold (of conditions that are never NULL)."""
    return exp.not_(condition)


def bits(*words: Sql) -> Sql:
    """The union of bit-masks; of none, 0. Built as a balanced tree, so that long unions do not nest deeply."""
    if len(words) <= 1:
        return words[0] if words else integer(0)
    half = len(words) // 2
    return exp.Paren(this=exp.BitwiseOr(this=bits(*words[:half]), expression=bits(*words[half:])))


def common(left: Sql, right: Sql) -> Sql:
    """The intersection of two bit-masks."""
    return exp.Paren(this=exp.BitwiseAnd(this=left, expression=right))


def without(left: Sql, right: Sql) -> Sql:
    """The bits of the first that are not in the second."""
    return common(left, exp.BitwiseNot(this=exp.Paren(this=right)))


def masked(word: Sql, mask: int) -> Sql:
    """The bits of a word that are in a constant mask."""
    return integer(0) if mask == 0 else common(word, integer(mask))


def has(word: Sql, mask: int) -> Sql:
    """Whether a word has any bit of a constant mask."""
    return masked(word, mask).neq(0)


def some(words: Iterable[Sql]) -> Sql:
    """Whether any of the words has a bit."""
    return either(word.neq(0) for word in words)


def when(condition: Sql, value: Sql, otherwise: Sql) -> exp.Case:
    """`CASE WHEN condition THEN value ELSE otherwise END`."""
    return exp.Case(ifs=[exp.If(this=condition, true=value)], default=otherwise)


def mask_when(condition: Sql, mask: int) -> Sql:
    """The mask when the condition holds, else no bit."""
    return when(condition, integer(mask), integer(0))


def filtered(aggregate: Sql, condition: Sql) -> Sql:
    """An aggregate over the rows for which the condition holds."""
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition))


def one_of(value: Sql, options: Sequence[str]) -> Sql:
    """Whether a text is one of some literals."""
    if len(options) == 1:
        return value.eq(text(options[0]))
    return exp.In(this=value, expressions=[text(option) for option in options])


def together(parts: Sequence[exp.Query]) -> exp.Query:
    """The rows of all queries, which have the same columns; at least one."""
    rows = parts[0]
    for part in parts[1:]:
        rows = exp.union(rows, part, distinct=False)
    return rows


OURS = "ours"
"""The mark of tables that we make, beside the user's own."""


def table(label: str) -> exp.Table:
    """A table that we made."""
    made = exp.Table(this=exp.to_identifier(label))
    made.meta[OURS] = True
    return made


def create(label: str, query: exp.Query) -> exp.Create:
    """`CREATE TABLE label AS query`."""
    return exp.Create(this=table(label), kind="TABLE", expression=query)


def drop(label: str) -> exp.Drop:
    """`DROP TABLE IF EXISTS label`."""
    return exp.Drop(tables=[table(label)], kind="TABLE", exists=True)
