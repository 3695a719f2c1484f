"""What a person may set, and the one sentence for each thing that cannot be."""

from __future__ import annotations

import socket
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from web.settings import Settings, SettingsError, port_problem


def test_defaults_are_for_this_machine_alone() -> None:
    """Without any setting only this machine can read the pages."""
    settings = Settings.read((), {})
    assert (settings.host, settings.port, settings.store) == ("127.0.0.1", 8050, Path(".siteline"))
    assert settings.local
    assert settings.address == "http://127.0.0.1:8050/"


def test_a_flag_wins_over_the_environment() -> None:
    """Environment, then flag; `~` is the person's own folder."""
    environment = {"SITELINE_HOST": "0.0.0.0", "SITELINE_PORT": "9000", "SITELINE_STORE": "~/store"}
    settings = Settings.read(("--port", "9001"), environment)
    assert (settings.host, settings.port, settings.store) == ("0.0.0.0", 9001, Path.home() / "store")


@pytest.mark.parametrize(
    ("argv", "environment", "said"),
    [
        pytest.param(("--port", "80o0"), {}, "80o0", id="not-a-number"),
        pytest.param(("--port", "-1"), {}, "-1", id="negative"),
        pytest.param(("--port", "0"), {}, "1 to 65535", id="zero"),
        pytest.param(("--port", "65536"), {}, "65536", id="too-high"),
        pytest.param(("--port", "٨٠٥٠"), {}, "whole number", id="digits-of-another-script"),
        pytest.param((), {"SITELINE_PORT": "8050/tcp"}, "SITELINE_PORT", id="environment"),
        pytest.param(("--host", "http://x"), {}, "--host", id="host-is-a-url"),
        pytest.param(("--host", "a b"), {}, "host name", id="host-with-a-blank"),
        pytest.param(("--store", __file__), {}, "folder", id="store-is-a-file"),
        pytest.param(("--names", "https://a.org"), {}, "scheme", id="name-is-a-url"),
    ],
)
def test_a_bad_value_is_refused_in_one_sentence(
    argv: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    """The sentence says what was found or where to set it."""
    with pytest.raises(SettingsError) as refused:
        Settings.read(argv, environment)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_help_names_every_flag_and_variable(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` is enough to start; an unknown flag is one line and not the usage block."""
    with pytest.raises(SystemExit, match="0"):
        Settings.read(("--help",), {})
    text = capsys.readouterr().out
    for word in ("--host", "--port", "--store", "SITELINE_HOST", "SITELINE_PORT", "SITELINE_STORE"):
        assert word in text
    with pytest.raises(SystemExit, match="2"):
        Settings.read(("--debug",), {})
    assert capsys.readouterr().err.count("\n") == 1


def test_debug_cannot_be_set() -> None:
    """There is no such field, and fields cannot be added or changed."""
    assert {field.name for field in fields(Settings)} == {"host", "port", "store", "names"}
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        Settings().debug = True  # type: ignore[attr-defined]  # that is what is tested


@pytest.mark.parametrize(
    ("settings", "local", "answered"),
    [
        pytest.param(Settings(), True, "localhost", id="default"),
        pytest.param(Settings(host="::1"), True, "[::1]", id="loopback-v6"),
        pytest.param(Settings(host="0.0.0.0"), False, None, id="every-interface"),
        pytest.param(Settings(names=("data.example.org",)), False, "data.example.org", id="behind-a-proxy"),
    ],
)
def test_which_host_names_are_answered(settings: Settings, local: bool, answered: str | None) -> None:
    """A server for this machine alone answers to its own names only."""
    assert settings.local is local
    assert (answered in settings.answered) if answered else settings.answered == ()
    assert ("login" in " ".join(settings.greeting)) is not local


def test_a_taken_port_is_said_with_the_flag_that_mends_it() -> None:
    """One sentence names the port and the flag; a free port has no problem (the control)."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = port_problem(Settings(port=port)) or ""
    assert str(port) in said
    assert "--port" in said
    assert "\n" not in said
    assert port_problem(Settings(port=port)) is None
