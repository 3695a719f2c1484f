"""What a person may set when starting Siteline, and what is refused before anything starts.

Four values, each by an environment variable or by a flag (the flag wins). There is no debug
switch on purpose: a debugger in a page runs any code that a visitor types.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import re
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?")
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class SettingsError(ValueError):
    """A value that Siteline cannot start with; the message is one sentence for the person who set it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where to listen and where the store is."""

    host: str = "127.0.0.1"  # name or address of the interface to listen on
    port: int = 8050  # TCP, 1 to 65535
    store: Path = Path(".siteline")  # folder of releases; made when missing
    names: tuple[str, ...] = ()  # further host names that are answered, such as that of a proxy

    def __post_init__(self) -> None:
        if not _is_address(self.host) and not HOST_NAME.fullmatch(self.host):
            raise SettingsError(
                f"The host is {self.host!r}, but a host name or an IP address is needed, such as 127.0.0.1 "
                "(set it with --host or SITELINE_HOST)."
            )
        if not 1 <= self.port <= 65535:
            raise SettingsError(
                f"The port is {self.port}, but a whole number from 1 to 65535 is needed, such as 8050 "
                "(set it with --port or SITELINE_PORT)."
            )
        if self.store.exists() and not self.store.is_dir():
            raise SettingsError(
                f"The store {self.store} is a file, but a folder is needed (set it with --store or SITELINE_STORE)."
            )
        for name in self.names:
            if not _is_address(name) and not HOST_NAME.fullmatch(name):
                raise SettingsError(
                    f"{name!r} is not a host name; give names without scheme, port or path, such as "
                    "data.example.org, with commas between them (--names or SITELINE_NAMES)."
                )

    @property
    def local(self) -> bool:
        """True when only this machine is meant to reach the pages."""
        return not self.names and (self.host == "localhost" or _is_loopback(self.host))

    @property
    def address(self) -> str:
        """The URL under which a reader on this machine opens the first page."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    @property
    def bind(self) -> str:
        """Host and port as a server's configuration wants them."""
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def greeting(self) -> tuple[str, ...]:
        """The lines to print once the pages can be opened."""
        lines = (f"Siteline is at {self.address} (stop it with Ctrl+C).",)
        if self.local:
            return lines
        return (*lines, "Everyone who can reach this machine can read it: there is no login.")

    @property
    def answered(self) -> tuple[str, ...]:
        """Host names of requests that are answered; () answers all.

        A page of another site can point its own name at 127.0.0.1 and read what is served there
        (DNS rebinding). A server for this machine alone therefore answers to its own names only.
        """
        if self.local:
            return LOOPBACK_NAMES
        if self.names:
            return (*LOOPBACK_NAMES, *dict.fromkeys((self.host, *self.names)))
        return ()

    @classmethod
    def read(
        cls, argv: Sequence[str] | None = None, environment: Mapping[str, str] | None = None
    ) -> Settings:
        """Settings from flags, then environment variables, then defaults.

        Parameters
        ----------
        argv : sequence of str, optional
            Command line without the program's name; () looks at the environment alone.
        environment : mapping, optional
            In place of the process's environment.

        Raises
        ------
        SettingsError
            If a value cannot be used.
        SystemExit
            With code 0 for ``--help``, 2 for an unknown flag.
        """
        given = os.environ if environment is None else environment
        flags = _parser().parse_args(argv)
        default = cls()
        port = flags.port or given.get("SITELINE_PORT") or str(default.port)
        names = flags.names or given.get("SITELINE_NAMES") or ""
        return cls(
            host=flags.host or given.get("SITELINE_HOST") or default.host,
            port=_whole_number(port),
            store=Path(flags.store or given.get("SITELINE_STORE") or default.store).expanduser(),
            names=tuple(name.strip() for name in names.split(",") if name.strip()),
        )


def port_problem(settings: Settings) -> str | None:
    """One sentence on why `settings` cannot be listened on now, or None."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as why:
            return listen_problem(settings, why)
    return None


def listen_problem(settings: Settings, why: OSError) -> str:
    """One sentence that says which of host and port is at fault, and the flag that mends it."""
    if isinstance(why, PermissionError):
        return (
            f"Port {settings.port} may not be used by this user; choose another from 1024 upwards, "
            f"for example --port {_other_port(settings.port)} or SITELINE_PORT={_other_port(settings.port)}."
        )
    if isinstance(why, socket.gaierror) or "assign requested address" in str(why):
        return f"This machine has no address '{settings.host}'; choose another with --host or SITELINE_HOST."
    return (
        f"Port {settings.port} on {settings.host} is already in use by another program; choose another, "
        f"for example --port {_other_port(settings.port)} or SITELINE_PORT={_other_port(settings.port)}."
    )


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, without the usage block."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[:1].upper()}{message[1:]}. See {self.prog} --help.\n")


def _parser() -> _Parser:
    parser = _Parser(
        prog="python app.py",
        description="Serve Siteline: displacement sites, flow points and trends, always with their caveats.",
        epilog="An environment variable may stand for each flag; the flag wins.",
        allow_abbrev=False,
    )
    parser.add_argument("--host", help="interface to listen on (SITELINE_HOST; 127.0.0.1: this machine only)")
    parser.add_argument("--port", help="port to listen on (SITELINE_PORT; 8050)")
    parser.add_argument("--store", help="folder of the releases (SITELINE_STORE; .siteline)")
    parser.add_argument(
        "--names",
        help="further host names to answer to, such as a proxy's, with commas (SITELINE_NAMES; none)",
    )
    return parser


def _whole_number(port: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", port):
        raise SettingsError(
            f"The port is {port!r}, but a whole number from 1 to 65535 is needed, such as 8050 "
            "(set it with --port or SITELINE_PORT)."
        )
    return int(port)


def _other_port(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8050


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return _is_address(host) and ipaddress.ip_address(host).is_loopback
