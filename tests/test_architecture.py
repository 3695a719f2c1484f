"""The parts of the product know each other one way only, and nothing passes around the types that hold the promise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from pages.ids import DESK, DRAWN, ENTRY, NAV, PRESS, Id

ROOT = Path(__file__).resolve().parents[1]

# What each package may import of the others; `app` may import all and is imported by none.
MAY_IMPORT: Mapping[str, frozenset[str]] = {
    "data": frozenset(),
    "words": frozenset({"data"}),
    "layers": frozenset({"data", "words"}),
    "charts": frozenset({"data", "words", "layers"}),
    "exports": frozenset({"data", "words", "layers", "charts"}),
    "web": frozenset({"data"}),
    "pages": frozenset({"data", "words", "layers", "charts", "exports"}),
    "callbacks": frozenset({"data", "words", "layers", "charts", "exports", "pages"}),
}
ASIDE = frozenset({"tests", "scripts", "benchmarks"})  # beside the product: it imports none of them
DRAWING = frozenset({"plotly", "dash", "dash_mantine_components", "flask"})
MAY_NOT_DRAW: Mapping[str, frozenset[str]] = {
    "data": DRAWING,
    "words": DRAWING,
    "layers": DRAWING - {"plotly"},
    "web": frozenset({"plotly", "dash_mantine_components"}),
}
NEVER = frozenset(
    {"plotly.express", "datashader", "pickle", "cPickle", "dill", "joblib", "marshal", "shelve"}
)
LONGEST = 450  # lines of a file; a longer one says here why it is not two
LONGEST_TEST = 750  # of a file of tests: cases are read one by one
REASONS: Mapping[str, str] = {
    "data/store.py": "publishing, verifying and pruning share one lock and one order of writes",
    "data/queries.py": "every question to a release in one place, so that another engine replaces one module",
    "data/schema.py": "every table of the store in one place: the contract of the registers",
    "pages/method.py": "one page of many short sections",
    "assets/runtime/regenerator.js": "the file of others, unchanged",
    "tests/test_method_page.py": "every section of one page, with its controls",
    "tests/test_web.py": "what must hold of every answer of the server, on one stub",
    "tests/test_haiti_registers.py": "the reference case, each published sum with its control",
}
MACHINE_PATH = re.compile(r"(?<![\w./:{])/(?:home|root|Users|mnt|work|tmp|probe)/[\w.-]")

Trees = Mapping[str, ast.Module]


def files(*suffixes: str) -> list[Path]:
    """The files of the product, without what tools leave behind or built from others' sources."""
    tops = [*MAY_IMPORT, "tests", "scripts", "benchmarks", "assets", "docs"]
    found = [path for top in tops for path in (ROOT / top).rglob("*") if path.suffix in suffixes]
    found += [path for path in ROOT.glob("*") if path.suffix in suffixes]
    built = ROOT / "assets" / "plotly"
    return sorted(path for path in found if "__pycache__" not in path.parts and built not in path.parents)


@pytest.fixture(scope="module")
def trees() -> Trees:
    """Every Python module, by its path in the project."""
    return {str(p.relative_to(ROOT)): ast.parse(p.read_text(encoding="utf-8")) for p in files(".py")}


@cache  # many questions walk the same tree
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Every node of a tree."""
    return tuple(ast.walk(tree))


def product(trees: Trees) -> dict[str, ast.Module]:
    """The modules that run for a reader: packages and app."""
    return {
        name: tree for name, tree in trees.items() if name.split("/")[0] in MAY_IMPORT or name == "app.py"
    }


def one(name: str, code: str) -> Trees:
    """A control: a module of that name with a bad line."""
    return {name: ast.parse(code)}


# Imports


def called(node: ast.Call) -> str:
    """The last name of what is called; whole, where it is no name."""
    if isinstance(node.func, ast.Name | ast.Attribute):  # nearly all; to write each out again takes long
        return node.func.id if isinstance(node.func, ast.Name) else node.func.attr
    return ast.unparse(node.func)


def imports(tree: ast.AST) -> Iterator[str]:
    """The full names of what a module imports, wherever in it."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
            yield from (f"{node.module}.{alias.name}" for alias in node.names if node.module)
        elif isinstance(node, ast.Call) and called(node).endswith(("import_module", "__import__")):
            yield ast.unparse(node.args[0]).strip("'\"") if node.args else ""


def against_the_stream(trees: Trees) -> list[str]:
    """Imports that point the wrong way, are relative, or bring drawing to where nothing is drawn."""
    found = set()
    for name, tree in trees.items():
        package = name.split("/")[0]
        for wanted in imports(tree):
            top = wanted.split(".")[0]
            if wanted.startswith("."):
                found.add(f"{name}: {wanted}")
            elif top == "app" or (top in MAY_IMPORT and package in MAY_IMPORT and top != package):
                if name.startswith(("tests/", "app.py")) or top in MAY_IMPORT.get(package, ()):
                    continue
                found.add(f"{name}: {top}")
            elif top in MAY_NOT_DRAW.get(package, ()) or (top in ASIDE and package in MAY_IMPORT):
                found.add(f"{name}: {top}")
    return sorted(found)


def test_imports_point_one_way(trees: Trees) -> None:
    """Data knows no drawing, drawing no page, a page no callback, and nobody knows the app."""
    assert against_the_stream(product(trees)) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("data/x.py", "import plotly.graph_objects as go"),
        ("data/x.py", "from dash import dcc"),
        ("data/x.py", "def late():\n    from charts.card import graph"),
        ("data/x.py", "from words import words"),
        ("words/x.py", "from pages.view import View"),
        ("layers/x.py", "from charts import theme"),
        ("layers/x.py", "from dash import html"),
        ("charts/x.py", "from callbacks import router"),
        ("pages/x.py", "import callbacks"),
        ("callbacks/x.py", "from app import create_app"),
        ("web/x.py", "from pages import shell"),
        ("pages/x.py", "from . import view"),
        ("data/x.py", "import importlib\nimportlib.import_module('charts.card')"),
        ("pages/x.py", "from tests.laws import series"),
    ],
)
def test_an_import_against_the_stream_is_noticed(name: str, code: str) -> None:
    """Control: each of these is found."""
    assert against_the_stream(one(name, code))


def test_an_import_with_the_stream_is_not_blamed() -> None:
    """Control of the control."""
    assert (
        against_the_stream(one("pages/x.py", "from data.model import Series\nfrom charts.card import graph"))
        == []
    )


# One way to a picture


def graphs(trees: Trees) -> set[str]:
    """Modules that name Dash's graph component."""
    return {
        name
        for name, tree in trees.items()
        for node in nodes(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "Graph")
        or (isinstance(node, ast.ImportFrom) and any(alias.name == "Graph" for alias in node.names))
        or (isinstance(node, ast.Constant) and node.value == "Graph")
    }


def test_only_the_card_makes_a_graph(trees: Trees) -> None:
    """A picture comes on a page through `charts/card.py` alone, which takes only what brings its notes."""
    assert graphs(product(trees)) == {"charts/card.py"}


@pytest.mark.parametrize(
    "code",
    [
        "dcc.Graph(figure=x)",
        "from dash.dcc import Graph",
        "getattr(dcc, 'Graph')",
        "import dash\ndash.dcc.Graph",
    ],
)
def test_another_graph_is_noticed(code: str) -> None:
    """Control: each other way to a graph is found."""
    assert graphs(one("pages/x.py", code)) == {"pages/x.py"}


def refusals(trees: Trees) -> set[str]:
    """Modules that define an error of the name `Refused`."""
    return {
        name
        for name, tree in trees.items()
        for node in nodes(tree)
        if isinstance(node, ast.ClassDef) and node.name == "Refused"
    }


def test_a_refusal_is_one_type(trees: Trees) -> None:
    """What a page refuses is what the server answers with 400: with two types it would be a fault of the server."""
    assert refusals(product(trees)) == {"data/errors.py"}
    assert refusals(one("pages/x.py", "class Refused(Exception): ...")) == {"pages/x.py"}


# What is never used


def dangers(trees: Trees) -> list[str]:
    """Imports, calls and arguments that the product never has."""
    found = []
    for name, tree in trees.items():
        found += [
            f"{name}: {wanted}"
            for wanted in imports(tree)
            if wanted in NEVER or wanted.split(".")[0] in NEVER or wanted.startswith("plotly.express")
        ]
        for node in nodes(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"eval", "exec"}
            ):
                found.append(f"{name}:{node.lineno}: {node.func.id}")
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and re.fullmatch(r"(read|to)_pickle", node.func.attr)
            ):
                found.append(f"{name}:{node.lineno}: {node.func.attr}")
            words = [k.arg for k in node.keywords] if isinstance(node, ast.Call) else []
            words += [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
            found += [
                f"{name}: {word}" for word in words if word in {"dangerously_allow_html", "allow_pickle"}
            ]
    return found


def test_nothing_dangerous_is_used(trees: Trees) -> None:
    """No pickles, no code from text, no HTML from data, and no express figure that skips the card."""
    assert dangers({name: tree for name, tree in trees.items() if name != "tests/test_architecture.py"}) == []


@pytest.mark.parametrize(
    "code",
    [
        "import plotly.express as px", "from plotly import express", "import datashader", "import pickle",
        "from joblib import load", "import marshal", "import shelve", "eval('1')", "exec('x')", "pd.read_pickle(p)",
        "frame.to_pickle(p)", "dcc.Markdown(x, dangerously_allow_html=True)", "np.load(p, allow_pickle=True)",
        "html.Div(**{'dangerously_allow_html': True})",
    ],
)  # fmt: skip
def test_each_danger_is_noticed(code: str) -> None:
    """Control: each of these is found; DuckDB's `execute` is not blamed."""
    assert dangers(one("pages/x.py", code))
    assert dangers(one("data/x.py", "cursor.execute(sql)")) == []


# Files


def too_long(lengths: Mapping[str, int]) -> set[str]:
    """Files beyond the limit that do not say why."""
    return {
        name
        for name, lines in lengths.items()
        if lines > (LONGEST_TEST if name.startswith("tests/") else LONGEST) and name not in REASONS
    }


def test_files_are_short_or_say_why() -> None:
    """One concern a file; control: a long file without a reason is found."""
    lengths = {
        str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines())
        for p in files(".py", ".js", ".css")
    }
    assert too_long(lengths) == set()
    assert too_long(lengths | {"pages/x.py": LONGEST + 1}) == {"pages/x.py"}
    assert {name for name in REASONS if name not in lengths} == set(), "a reason for a file that is gone"


def machine_paths(texts: Mapping[str, str]) -> list[str]:
    """Lines with an absolute path of one machine."""
    return [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]


def test_no_path_of_one_machine_is_written_down() -> None:
    """The project runs where it is put; control: such a path is found, an address of a page is not."""
    texts = {
        str(p.relative_to(ROOT)): p.read_text(encoding="utf-8")
        for p in files(".py", ".js", ".css", ".toml", ".md", ".cfg", ".sh")
        if p.name != "test_architecture.py"
    }
    assert machine_paths(texts) == []
    assert machine_paths({"x.py": 'STORE = "/home/reader/store"\n'})
    assert (
        machine_paths({"x.py": 'PAGES = {"map": "/map", "start": "/"}\nurl = "https://host/tmp/x"\n'}) == []
    )


def test_every_module_says_what_it_promises(trees: Trees) -> None:
    """A docstring's first line is the promise; control: a module without one is found."""
    assert [name for name, tree in product(trees).items() if not ast.get_docstring(tree)] == []
    assert ast.get_docstring(one("x.py", "x = 1")["x.py"]) is None


# Ids


def members(trees: Trees, package: str) -> set[str]:
    """The members of `Id` that the modules of a package name."""
    return {
        node.attr
        for name, tree in trees.items()
        if name.startswith(f"{package}/") and name != "pages/ids.py"
        for node in nodes(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Id"
    }


def in_scripts(texts: Mapping[str, str]) -> set[str]:
    """The members of `Id` whose value a script names as an id."""
    whole = "\n".join(texts.values())
    return {
        member.name
        for member in Id
        if re.search(
            rf"""(?:getElementById|set_props)\(\s*["']{member}["']|["'`][^"'`\n]*#{member}\b(?!-)""", whole
        )
    }


def scripts() -> dict[str, str]:
    """The scripts of the product."""
    return {p.name: p.read_text(encoding="utf-8") for p in (ROOT / "assets").glob("*.js")}


def idle(trees: Trees, texts: Mapping[str, str]) -> dict[str, set[str]]:
    """Ids that no layout has, and ids that nothing answers."""
    every = {member.name for member in Id}
    return {
        "in no layout": every - members(trees, "pages"),
        "in no callback or script": every - members(trees, "callbacks") - in_scripts(texts),
    }


def test_each_id_is_in_a_layout_and_answered(trees: Trees) -> None:
    """Layouts, callbacks and scripts agree on the ids; control: forgetting the callbacks or the pages is found."""
    assert idle(product(trees), scripts()) == {"in no layout": set(), "in no callback or script": set()}
    assert idle({}, {})["in no layout"] == {member.name for member in Id}
    without = {name: tree for name, tree in product(trees).items() if not name.startswith("callbacks/")}
    assert "VIEW" in idle(without, scripts())["in no callback or script"]


def strange_ids(trees: Trees) -> list[str]:
    """Ids in callbacks that are neither a member of `Id` nor one of the patterns."""
    found = []
    for name, tree in trees.items():
        for node in nodes(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called not in {"Input", "Output", "State"}:
                continue
            first = ast.unparse(node.args[0])
            pattern = re.fullmatch(
                r"\{'type': (DESK|DRAWN|ENTRY|NAV|PRESS), 'index': (ALL|MATCH|ALLSMALLER|'[a-z-]+')\}"
                r"|(desk|drawn|entry|nav|press)\(.+\)",
                first,
            )
            if not re.fullmatch(r"Id\.[A-Z_]+", first) and not pattern:
                found.append(f"{name}:{node.lineno}: {first}")
    return found


def test_callbacks_name_no_other_id(trees: Trees) -> None:
    """Every id of a callback is a member of `Id` or one of its patterns, so that a layout can be held to it."""
    assert (
        strange_ids({name: tree for name, tree in product(trees).items() if name.startswith("callbacks/")})
        == []
    )
    names = {member.name for member in Id}
    assert members(trees, "callbacks") <= names
    assert members(trees, "pages") <= names


@pytest.mark.parametrize(
    "code", ["Input('view', 'data')", "Output({'type': 'nav', 'index': ALL}, 'value')", "State(name, 'data')"]
)
def test_an_id_of_its_own_is_noticed(code: str) -> None:
    """Control: an id as text, or a pattern that is none of those, is found."""
    assert strange_ids(one("callbacks/x.py", code))
    assert (
        strange_ids(
            one("callbacks/x.py", "Input({'type': NAV, 'index': ALL}, 'value')\nOutput(Id.VIEW, 'data')")
        )
        == []
    )


def test_ids_are_unique_and_fit_for_a_page() -> None:
    """No two members share a value, none is the type of a pattern, and each is a plain word of HTML."""
    values = [member.value for member in Id]
    assert len(values) == len(set(values))
    assert not {DESK, DRAWN, ENTRY, NAV, PRESS} & set(values)
    assert all(re.fullmatch(r"[a-z][a-z-]*", value) for value in values)


def test_scripts_named_by_callbacks_exist(trees: Trees) -> None:
    """Each function that a callback gives to the browser is in a script; control: another name is not."""
    named = {
        ast.unparse(node.args[1]).strip("'")
        for name, tree in product(trees).items()
        if name.startswith("callbacks/")
        for node in nodes(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("ClientsideFunction")
        and len(node.args) == 2
    }
    whole = "\n".join(scripts().values())

    def held(function: str) -> bool:
        return bool(
            re.search(
                rf"\b{function}\s*[:=]\s*(async\s+)?function|\b{function}\s*[:=]\s*\(|\.{function}\s*=", whole
            )
        )

    assert named
    assert {function for function in named if not held(function)} == set()
    assert not held("nothing_of_that_name")
