"""The text of a query, read and not run: one SELECT, the same answer whenever it is asked, and no way out."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from reconciler.config.outline import Engine
from reconciler.config.paths import about_data
from reconciler.config.scalars import shown

# What it can't parse SQLGlot also tells to the log, and that would reach the terminal.
logging.getLogger("sqlglot").addHandler(logging.NullHandler())

CLOCK = "as_of"
"""The placeholder that stands for the clock of the run."""

Fault = tuple[int, int, str]
"""Line and column, both 0 where they are not known, and what is wrong there."""

_FORBIDDEN: tuple[tuple[tuple[type[exp.Expr], ...], str], ...] = (
    ((exp.DDL, exp.DML, exp.Into, exp.Command), "writes; a query may only read"),
    ((exp.Describe, exp.Summarize, exp.Show, exp.Pragma, exp.Set, exp.Use), "is no SELECT; a query may only read"),
    ((exp.UnicodeString,), "hides characters behind escapes; write them out"),
    ((exp.Lock,), "locks rows; a query may only read"),
    ((exp.QueryTransform,), "runs a script; a query may only read tables"),
    ((exp.TableSample,), "takes a sample by chance; use the condition `sample`"),
    ((exp.Parameter, exp.SessionParameter), "is a parameter; only `:as_of` has a value"),
)
_CLOCKS = re.compile("Current.*|Localtime(stamp)?|Systimestamp|Utc(Date|Time|Timestamp)|SessionUser")
_CHANCE = re.compile("Rand(n|str)?|Uuid|Uniform|Normal|Zipf|Shuffle|Generator|NextValueFor|Seq[0-9]")
_OUTSIDE = re.compile(
    "Read.*|ToFile|Secret|NetFunc|OpenJSON|Predict|VectorSearch|FeaturesAtTime|DynamicIdentifier|(AI|ML)[A-Z].*"
    "|Generate(Bool|Double|Embedding|Int|Table|Text)"
)
_BARE = frozenset(
    {
        "Pi",
        "RowNumber",
        "Rank",
        "DenseRank",
        "PercentRank",
        "CumeDist",
        "Count",
        "Mode",
        "Array",
        "List",
        "Map",
        "VarMap",
        "Struct",
    }
)
"""Functions that say the same without any argument; of the others most tell the time."""
_PURE = frozenset({"hash", "json_array_length", "jsonb_array_length", "make_date", "make_timestamp"})
"""Functions that SQLGlot has no node for, and that depend on nothing but their arguments."""
_UNSTEADY = re.compile("now|.*_(timestamp|random_uuid)|timeofday|.*random.*|setseed|version", re.IGNORECASE)
_NOW = frozenset({"now", "today", "tomorrow", "yesterday"})
_FORMATS = frozenset({"avro", "binaryfile", "csv", "delta", "image", "json", "libsvm", "orc", "parquet", "text"})
_PLAIN = re.compile("[A-Za-z_][A-Za-z0-9_$]*")
_TELEPHONE = re.compile(r"\+[0-9][0-9 ().-]{6,}")
_KEPT = "a definition is kept and shown, so no address or number of anybody may stand in it"
_AT_CLOCK = "answers differently from run to run; `:as_of` stands for the clock"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rules:
    """`about` says what is wrong with a table; `declared` are names that WITH may not give to something else."""

    engine: Engine
    about: Callable[[exp.Table], str]
    has_clock: bool
    declared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A query in canonical form: as SQLGlot writes it, without comments; or what is wrong with it."""

    sql: str = ""
    faults: tuple[Fault, ...] = ()


def of_condition(text: str, engine: Engine, tables: tuple[str, ...]) -> Checked:
    """Check the query of a condition. On DuckDB it may read these tables alone."""

    def about(found: exp.Table) -> str:
        if engine != "duckdb":
            return _about_table(found, engine)
        known = not found.db and found.name.lower() in tables
        names = ", ".join(f"`{each}`" for each in tables)
        return "" if known else f"there is no table `{_name(found)}`; a query may read {names}"

    declared = tables if engine == "duckdb" else ()
    return _check(text, _Rules(engine=engine, about=about, has_clock=True, declared=declared))


def of_table(text: str, engine: Engine) -> Checked:
    """Check the query that stands for a declared table. On DuckDB it may read files of the workspace."""

    def about(found: exp.Table) -> str:
        if engine != "duckdb":
            return _about_table(found, engine)
        message = (
            about_data(found.name) if not found.db and found.this.quoted else "must be a file, as 'data/x.parquet'"
        )
        return f"`{_name(found)}` {message}" if message else ""

    return _check(text, _Rules(engine=engine, about=about, has_clock=False))


def _about_table(found: exp.Table, engine: Engine) -> str:
    """Of an engine with tables of its own: any of them, but no file in the place of a table."""
    if engine == "spark" and (found.db.lower() in _FORMATS or not all(map(_PLAIN.fullmatch, _parts(found)))):
        return f"`{_name(found)}` names a file; a query may only read tables"
    return ""


def _check(text: str, rules: _Rules) -> Checked:
    engine = rules.engine
    try:
        statements = [each for each in sqlglot.parse(text, dialect=engine) if each is not None]
        if len(statements) != 1 or not isinstance(statements[0], exp.Select | exp.SetOperation):
            return Checked(faults=((0, 0, "must be one SELECT"),))
        (tree,) = statements
        found = ((node, message) for node in tree.walk() for message in _about(node, rules))
        faults = tuple(sorted({(*_place(node), message) for node, message in found}))
        return Checked(faults=faults) if faults else Checked(sql=_written(tree, engine))
    except ParseError as error:
        return Checked(faults=tuple(map(_fault, error.errors)))
    except SqlglotError:
        return Checked(faults=((0, 0, f"can't be read as SQL of {engine}: a quote or a comment never ends"),))
    except RecursionError:
        return Checked(faults=((0, 0, "is nested too deep"),))


def _fault(error: dict[str, object]) -> Fault:
    """Where SQLGlot stopped; its own words speak of its insides."""
    word = str(error.get("highlight") or "")
    line, end = (value if isinstance(value := error.get(key), int) else 0 for key in ("line", "col"))
    near = f" near `{shown(word)}`" if word.strip() else ""
    return line, max(end - len(word) + 1, 1), f"can't be read as SQL{near}"


def _written(tree: exp.Expr, engine: Engine) -> str:
    """The canonical text. Every dialect writes placeholders its own way; ours is ours."""
    named = tree.transform(lambda node: exp.Var(this=f":{CLOCK}") if isinstance(node, exp.Placeholder) else node)
    return named.sql(dialect=engine, comments=False)


def _about(node: exp.Expr, rules: _Rules) -> Iterator[str]:
    """Everything that is wrong with one node."""
    yield from (message for types, message in _FORBIDDEN if isinstance(node, types))
    if message := _about_one(node, rules):
        yield message


def _about_one(node: exp.Expr, rules: _Rules) -> str:
    if isinstance(node, exp.Table):
        return _about_source(node, rules.about)
    if isinstance(node, exp.CTE):
        return (
            f"`{shown(node.alias)}` is a declared table; give it another name"
            if node.alias.lower() in rules.declared
            else ""
        )
    if isinstance(node, exp.Func):
        return _about_function(node)
    if isinstance(node, exp.Placeholder):
        return _about_placeholder(node, rules.has_clock)
    if isinstance(node.this, str):
        return _about_text(node)
    if isinstance(node, exp.Column) and rules.engine == "postgres" and node.sql(dialect="postgres").lower() == "user":
        return _AT_CLOCK
    cuts = isinstance(node, exp.Query) and _cuts(node) and not node.args.get("order")
    return "cuts without ORDER BY, and so picks others from run to run" if cuts else ""


def _about_source(found: exp.Table, about: Callable[[exp.Table], str]) -> str:
    if not isinstance(found.this, exp.Identifier):
        return "reads from a function; a query may only read tables"
    if isinstance(found.parent, exp.DDL | exp.DML | exp.Into) or (not found.db and found.name.lower() in _named(found)):
        return ""
    return about(found)


def _named(node: exp.Expr) -> set[str]:
    """The names that WITH gives where a node stands: of what encloses it, and of its own WITH what comes before."""
    names: set[str] = set()
    child = node
    while (parent := child.parent) is not None:
        if isinstance(parent, exp.With):
            own = [each.alias.lower() for each in parent.expressions]
            before = parent.expressions.index(child) + bool(parent.recursive)
            names |= set(own[:before])
        elif isinstance(given := parent.args.get("with_"), exp.With) and child is not given:
            names |= {each.alias.lower() for each in given.expressions}
        child = parent
    return names


def _about_function(node: exp.Func) -> str:
    kind = type(node).__name__
    if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
        if node.name.lower() in _PURE:
            return ""
        message = _AT_CLOCK if _UNSTEADY.fullmatch(node.name) else "is not among the functions that a query may use"
        return f"`{shown(node.name)}` {message}"
    if _OUTSIDE.fullmatch(kind):
        return f"`{node.sql_name()}` reaches outside of the tables"
    bare = not any(node.args.values()) and kind not in _BARE
    return f"`{node.sql_name()}` {_AT_CLOCK}" if bare or _CLOCKS.fullmatch(kind) or _CHANCE.fullmatch(kind) else ""


def _about_placeholder(node: exp.Placeholder, has_clock: bool) -> str:
    if not has_clock:
        return "is a placeholder; the rows of a table do not depend on the clock"
    return "" if node.name == CLOCK else "is a placeholder; only `:as_of` has a value"


def _about_text(node: exp.Expr) -> str:
    """Of names and of literals, however they are quoted."""
    if "@" in node.this or _TELEPHONE.search(node.this):
        return f"holds {'an `@`' if '@' in node.this else 'a telephone number'}: {_KEPT}"
    is_time = isinstance(node, exp.Literal) and node.is_string and node.this.strip().lower() in _NOW
    return f"`{node.this.strip()}` {_AT_CLOCK}" if is_time else ""


def _cuts(node: exp.Query) -> bool:
    distinct = node.args.get("distinct")
    picks = isinstance(distinct, exp.Distinct) and distinct.args.get("on") is not None
    return picks or any(node.args.get(key) is not None for key in ("limit", "offset"))


def _parts(found: exp.Table) -> list[str]:
    return [part for part in (found.catalog, found.db, found.name) if part]


def _name(found: exp.Table) -> str:
    return shown(".".join(_parts(found)))


def _place(node: exp.Expr) -> tuple[int, int]:
    """Line and column of a node, or of the first part of it that knows its own; else of what it stands in."""
    here: exp.Expr | None = node
    while here is not None:
        for part in here.walk():
            if "line" in part.meta:
                meta = part.meta
                return meta["line"], meta["col"] - (meta["end"] - meta["start"])
        here = here.parent
    return 0, 0
