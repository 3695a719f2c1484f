"""The commands of the store: what they print, how they end, and what they say when they cannot."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from data import objects
from data.__main__ import DEFAULT_STORE, main, parser
from data.store import ResourceAbout, Store

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a store of this test: how it ended, what it printed, what it said beside."""

    def command(*words: str, store: Path = tmp_path / "store") -> tuple[int, str, str]:
        code = main([*words, "--store", str(store)])
        out, err = capsys.readouterr()
        return code, out, err

    return command


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """Embedded tables of two rows, in the place of the real ones."""
    table = pd.DataFrame({"people": [1, 2]})

    def build_tables(
        progress: Callable[[str], None],
    ) -> tuple[dict[str, pd.DataFrame], dict[str, ResourceAbout]]:
        progress("reading")
        return {"counts": table}, {"counts": ResourceAbout(title="Counts")}

    monkeypatch.setitem(sys.modules, "data.tables.embedded", SimpleNamespace(build_tables=build_tables))
    return table


def test_demo_makes_the_store_and_the_same_again_is_no_change(run: Run, tmp_path: Path) -> None:
    """It tells its steps and the digest; a second run says 0 changes and the same digest."""
    code, out, err = run("demo")
    digest = Store(tmp_path / "store").current().digest
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "reading"
    assert out.splitlines()[-2:] == ["1 change", f"release {digest}"]
    assert run("demo")[1].splitlines()[-2:] == ["0 changes", f"release {digest}"]


def test_demo_lists_what_changed(run: Run, embedded: pd.DataFrame) -> None:
    """A changed table is named."""
    run("demo")
    embedded["people"] = [1, 3]
    assert run("demo")[1].splitlines()[-3:-1] == ["  changed: counts", "1 change"]


@pytest.mark.parametrize("words", [("demo",), ("release", "list"), ("verify",), ("prune",)])
def test_json_is_one_object_on_standard_output(run: Run, words: tuple[str, ...]) -> None:
    """Programs read one object; progress goes to the error stream."""
    run("demo")
    code, out, err = run(*words, "--json")
    assert code == 0
    assert "store" in json.loads(out)
    assert ("reading" in err) == (words == ("demo",))


@pytest.mark.parametrize("words", [("release", "list"), ("verify",), ("prune",)])
def test_without_a_store_the_command_that_makes_one_is_named(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """One sentence, no traceback, nothing created; the same as an object for programs."""
    code, out, err = run(*words)
    assert (code, out) == (1, "")
    assert (
        err
        == f"There is no store in {tmp_path}/store. Make one: python -m data demo --store {tmp_path}/store\n"
    )
    code, out, _ = run(*words, "--json")
    assert code == 1
    assert json.loads(out)["kind"] == "NoStore"
    assert not (tmp_path / "store").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(run: Run, tmp_path: Path) -> None:
    """The message names the folder, the system's reason and what to do."""
    (tmp_path / "file").write_bytes(b"")
    code, _, err = run("demo", store=tmp_path / "file" / "store")
    assert code == 1
    assert err.count("\n") == 1
    assert "cannot be written" in err
    assert "--store" in err


def test_verify_names_each_damaged_object_and_demo_mends_it(run: Run, tmp_path: Path) -> None:
    """Ends with 1 and the digest while an object is damaged, with 0 after the tables were written again."""
    run("demo")
    assert run("verify")[0] == 0
    ((digest, path),) = objects.object_digests((tmp_path / "store").resolve()).items()
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    code, out, _ = run("verify")
    assert code == 1
    assert out.startswith(f"object {digest}: damaged")
    assert "python -m data demo" in out
    code, out, _ = run("verify", "--json")
    assert (code, json.loads(out)["damage"][0]["digest"]) == (1, digest)
    assert run("demo")[1].splitlines()[-2] == "0 changes"
    assert run("verify")[0] == 0


def test_releases_are_listed_and_pruned(run: Run, embedded: pd.DataFrame, tmp_path: Path) -> None:
    """The list marks the current one; prune keeps it and what is named, and says what went."""
    for people in ([1, 2], [1, 3], [1, 4]):
        embedded["people"] = people
        run("demo")
    third, second, first = (info.digest for info in Store(tmp_path / "store").releases())
    out = run("release", "list")[1].splitlines()
    assert [line[:14] for line in out[:3]] == [f"* {third[:12]}", f"  {second[:12]}", f"  {first[:12]}"]
    assert run("prune", "--keep", first[:9])[1].startswith(
        "1 releases, 1 objects and 0 unfinished files deleted"
    )
    assert [r["digest"] for r in json.loads(run("release", "list", "--json")[1])["releases"]] == [
        third,
        first,
    ]
    code, _, err = run("verify", "--release", second)
    assert code == 1
    assert third[:12] in err


@pytest.mark.parametrize("words", [(), ("nonsense",), ("release",), ("verify", "--nonsense")])
def test_a_command_that_is_not_understood_ends_with_2(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """The usage is shown."""
    with pytest.raises(SystemExit) as end:
        main(words)
    assert end.value.code == 2
    assert "usage: python -m data" in capsys.readouterr().err


@pytest.mark.parametrize("words", [(), ("demo",), ("release", "list"), ("verify",), ("prune",)])
def test_every_command_explains_itself(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """--help ends with 0 and describes the command."""
    with pytest.raises(SystemExit) as end:
        main([*words, "--help"])
    assert end.value.code == 0
    assert "--help" in capsys.readouterr().out


def test_the_store_is_found_by_option_then_environment_then_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """--store before SITELINE_STORE before .siteline."""
    monkeypatch.delenv("SITELINE_STORE", raising=False)
    assert parser().parse_args(["verify"]).store == Path(DEFAULT_STORE)
    monkeypatch.setenv("SITELINE_STORE", "/elsewhere")
    assert parser().parse_args(["verify"]).store == Path("/elsewhere")
    assert parser().parse_args(["verify", "--store", "here"]).store == Path("here")


def test_python_m_data_is_the_command(tmp_path: Path) -> None:
    """The module runs as a program and hands its ending to the shell."""
    command = [sys.executable, "-m", "data", "verify", "--store", str(tmp_path / "none")]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1]
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("There is no store in")
    assert "Traceback" not in ended.stderr
