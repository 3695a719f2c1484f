"""`python -m web compress --store DIR`: compress the scripts and styles that the pages load, once."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from web.settings import Settings, SettingsError
from web.static import compress_all

ASSETS = Path(__file__).resolve().parents[1] / "assets"


def main(argv: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m web", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    compress = commands.add_parser("compress", help="compress scripts and styles into STORE/static")
    compress.add_argument("--store", default=None, help="folder of the releases (SITELINE_STORE; .siteline)")
    store = parser.parse_args(argv).store
    try:
        settings = Settings.read(["--store", store] if store else [])
        written = compress_all(ASSETS, settings.store / "static", print)
    except SettingsError as why:
        print(why, file=sys.stderr)
        return 2
    except OSError as why:
        print(
            f"The compressed files cannot be written: {why}. Free some space or choose another folder with --store.",
            file=sys.stderr,
        )
        return 1
    print(f"Scripts and styles are compressed ({written} files written).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
