"""The architecture, held by reading the source: who imports whom, who prints, who knows what, how long things get."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "reconciler"

ORDER = (
    "errors",
    "model",
    "config",
    "criteo",
    "state",
    "desired",
    "membership",
    "actual",
    "figures",
    "explain",
    "testing",
    "lint",
    "plan",
    "apply",
    "status",
    "report",
    "run",
    "views",
    "doctor",
    "scaffold",
    "cli",
)
"""A room imports only from itself and from rooms before it."""

ASIDE = ("emulator", "demo")
"""They import nothing of the engine, and only cli imports them."""

SEAMS = {
    "click": ("cli",),
    "yaml": ("config", "scaffold.tree"),
    "httpx": ("criteo", "emulator"),
    "duckdb": ("membership", "demo"),
    "sqlglot": ("membership", "config.selects"),
    "pyspark": ("membership",),
    "pyarrow": ("membership",),
    "psycopg": ("membership",),
    "werkzeug": ("emulator",),
    "requests": (),
    "urllib.request": (),
}
"""Which rooms, or single modules of a room, may import a library that stands for one kind of knowledge."""

CALLS = {
    "print": ("cli",),
    "input": ("cli",),
    "exit": ("cli",),
    "quit": ("cli",),
    "SystemExit": ("cli",),
    "sys.exit": ("cli",),
    "os._exit": ("cli",),
    "sys.stdout": ("cli",),
    "sys.stderr": ("cli",),
    "sys.stdin": ("cli",),
    "click.echo": ("cli",),
    "os.environ": ("config",),
    "os.getenv": ("config",),
}
"""Which rooms may name these."""

MAX_MODULE, MAX_FUNCTION, MAX_NESTING = 300, 40, 3

BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, kw_only=True, slots=True)
class Module:
    """One source file of the package: its dotted name below `reconciler`, and its text."""

    name: str
    text: str

    @property
    def room(self) -> str:
        return "cli" if self.name == "__main__" else self.name.partition(".")[0]

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


def package() -> list[Module]:
    """Read every module of the package; `reconciler/plan/diff.py` is `plan.diff`, `reconciler/__init__.py` is `""`."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return [Module(name=dotted(path.relative_to(PACKAGE)), text=path.read_text(encoding="utf-8")) for path in paths]


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix("__init__").removesuffix(".")


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and full name of everything imported, wherever in the file; what is relative begins with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{source}.{alias.name}") for alias in node.names)


def named(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and name of every plain name and of every attribute of one, as `os.environ`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.lineno, f"{node.value.id}.{node.attr}"


def strangers(module: Module) -> Iterator[str]:
    """A room that the architecture does not know."""
    if module.name and module.room not in (*ORDER, *ASIDE):
        yield f"{module.name}: no such room; give it a place in the order"


def backward_imports(module: Module) -> Iterator[str]:
    """Imports from a later room, of or by what stands aside, and relative ones."""
    for line, name in imported(module.tree):
        room = name.removeprefix("reconciler.").partition(".")[0]
        if name.startswith("."):
            yield f"{module.name}:{line}: relative import {name}"
        elif name.startswith("reconciler.") and room in (*ORDER, *ASIDE) and not may_import(module.room, room):
            yield f"{module.name}:{line}: imports {name}"


def may_import(importer: str, room: str) -> bool:
    if importer == room:
        return True
    if importer in ASIDE or importer not in ORDER:
        return False
    return importer == "cli" if room in ASIDE else ORDER.index(room) < ORDER.index(importer)


def leaked_knowledge(module: Module) -> Iterator[str]:
    """Imports of a library that belongs to another room, and names that only one room may use."""
    for line, name in imported(module.tree):
        for library, rooms in SEAMS.items():
            if f"{name}.".startswith(f"{library}.") and not {module.room, module.name} & {*rooms}:
                yield f"{module.name}:{line}: imports {library}"
    for line, name in [*imported(module.tree), *named(module.tree)]:
        if name in CALLS and module.room not in CALLS[name]:
            yield f"{module.name}:{line}: uses {name}"


def long_modules(module: Module) -> Iterator[str]:
    """Files past the limit."""
    lines = len(module.text.splitlines())
    if lines > MAX_MODULE:
        yield f"{module.name}: {lines} lines"


def long_functions(module: Module) -> Iterator[str]:
    """Functions past the limit, their docstring not counted."""
    for node in functions(module.tree):
        lines = (node.end_lineno or node.lineno) - node.lineno + 1 - docstring_lines(node)
        if lines > MAX_FUNCTION:
            yield f"{module.name}:{node.lineno}: {node.name} has {lines} lines"


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS))


def docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    if ast.get_docstring(node) is None:
        return 0
    return (first.end_lineno or first.lineno) - first.lineno + 1


def deep_functions(module: Module) -> Iterator[str]:
    """Functions whose blocks stand more than the limit deep; `elif` is no deeper than its `if`."""
    for node in functions(module.tree):
        depth = max((nesting(child) for child in node.body), default=0)
        if depth > MAX_NESTING:
            yield f"{module.name}:{node.lineno}: {node.name} is nested {depth} deep"


def nesting(node: ast.AST) -> int:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return 0
    inner = max((nesting(child) - is_elif(node, child) for child in ast.iter_child_nodes(node)), default=0)
    return inner + isinstance(node, BLOCKS)


def is_elif(node: ast.AST, child: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]


CLAIMS: tuple[Callable[[Module], Iterator[str]], ...] = (
    strangers,
    backward_imports,
    leaked_knowledge,
    long_modules,
    long_functions,
    deep_functions,
)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_the_package_keeps_the_architecture(claim: Callable[[Module], Iterator[str]]) -> None:
    """No module of the package breaks the claim."""
    modules = package()

    assert modules
    assert [] == [problem for module in modules for problem in claim(module)]


@pytest.mark.parametrize("room", [*ORDER, *ASIDE])
def test_every_room_is_there(room: str) -> None:
    """The order names what the package has: no room has gone without leaving the list."""
    assert room in {module.room for module in package() if module.name}


BREACHES = {
    "a room nobody knows": ("helpers.text", "", "helpers.text: no such room"),
    "a later room": ("state.local", "from reconciler.plan import build", "imports reconciler.plan.build"),
    "a later room, late": ("model", "def f():\n    import reconciler.cli.main", "imports reconciler.cli.main"),
    "a later room, by its package": ("desired", "from reconciler import run", "imports reconciler.run"),
    "a relative import": ("plan.build", "from . import diff", "relative import ..diff"),
    "the emulator from the engine": (
        "criteo.client",
        "import reconciler.emulator.app",
        "imports reconciler.emulator.app",
    ),
    "the engine from the emulator": (
        "emulator.app",
        "from reconciler.model import Mark",
        "imports reconciler.model.Mark",
    ),
    "the emulator from the demo": ("demo.shop", "from reconciler import emulator", "imports reconciler.emulator"),
    "HTTP outside criteo": ("apply.walk", "from httpx import Client", "imports httpx"),
    "HTTP by the standard library": ("actual", "import urllib.request", "imports urllib.request"),
    "SQL outside membership": ("plan.build", "import sqlglot.expressions", "imports sqlglot"),
    "SQL all over config": ("config.queries", "import sqlglot", "imports sqlglot"),
    "YAML outside config": ("report.text", "import yaml", "imports yaml"),
    "printing outside cli": ("run", "print(1)", "uses print"),
    "leaving outside cli": ("apply.walk", "import sys\nsys.exit(1)", "uses sys.exit"),
    "leaving by exception": ("run", "raise SystemExit(1)", "uses SystemExit"),
    "the environment outside config": ("cli.plan", "import os\nos.environ.get('CI')", "uses os.environ"),
    "the environment by name": ("state.open", "from os import environ", "uses os.environ"),
    "a long module": ("run", "\n" * 301, "run: 301 lines"),
    "a long function": ("run", "def f():\n" + "    x = 1\n" * 40, "f has 41 lines"),
    "a deep function": (
        "run",
        "def f():\n for a in b:\n  if a:\n   with a:\n    while a: pass",
        "f is nested 4 deep",
    ),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_each_breach_is_seen(breach: str) -> None:
    """The claims can fail: each kind of breach is found, and named with its place."""
    name, text, expected = BREACHES[breach]
    module = Module(name=name, text=text)

    problems = [problem for claim in CLAIMS for problem in claim(module)]

    assert len(problems) == 1
    assert expected in problems[0]
    assert problems[0].startswith(name)


def test_what_the_order_allows_passes() -> None:
    """Earlier rooms, one's own room, a chain of `elif` and a long docstring are no breach."""
    imports = "from reconciler.model import Mark\nfrom reconciler.plan import diff\n"
    chain = "def f(a):\n    if a:\n        pass\n" + "    elif a:\n        pass\n" * 9
    prose = 'def g():\n    """' + "words\n" * 60 + '    """\n'

    module = Module(name="plan.build", text=imports + chain + prose)

    assert [] == [problem for claim in CLAIMS for problem in claim(module)]
