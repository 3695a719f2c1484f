"""How `make run` serves: two processes of four threads, on the address of `web.settings.Settings`."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))  # gunicorn reads this file before it sets the path

from web.settings import Settings, SettingsError, port_problem  # after the path

try:
    SETTINGS = Settings.read(())
except SettingsError as why:
    sys.exit(str(why))

wsgi_app = "app:wsgi()"
bind = SETTINGS.bind
workers = 2
worker_class = "gthread"
threads = 4
keepalive = 75  # the default of 2 s dropped one request in five on reused connections
preload_app = False  # DuckDB's connections do not survive a fork
timeout = 60
graceful_timeout = 20
control_socket_disable = True  # no second door beside the pages
loglevel = "warning"


def on_starting(server: Any) -> None:
    """Say in one sentence why it cannot start, before gunicorn tries for five seconds."""
    problem = port_problem(SETTINGS)
    if problem is not None:
        sys.exit(problem)


def when_ready(server: Any) -> None:
    """Tell the person at the terminal where to look."""
    for line in SETTINGS.greeting:
        print(line, flush=True)


def on_exit(server: Any) -> None:
    """Say that the end was meant."""
    print("Siteline has stopped.", flush=True)
