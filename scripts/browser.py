"""Finds a Chromium for the browser tests, and gets one where that is allowed; prints its path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SOFTWARE = (  # what a browser without a graphics card is started with
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",  # else pages without a map are painted through the software of WebGL too
)
# The address bar of Chromium is a page of its own, which costs each new window a third of a second of work: nobody
# types there. A list takes the place of the one before, so what Playwright switches off is named here too.
QUIET = (
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,OptimizationHints,NetworkTimeServiceQuerying,"
    "AimEnabled,PreconnectToSearch"
)
NONE = (
    "No Chromium was found for the browser tests, and none could be installed: install it (on Debian and Ubuntu "
    "'apt install chromium'), or put the path of one into SITELINE_BROWSER."
)


def find() -> Path | None:
    """The Chromium that is on this machine: SITELINE_BROWSER, on PATH, or playwright's own; else None."""
    named = os.environ.get("SITELINE_BROWSER")
    if named:
        return Path(named) if shutil.which(named) else None
    for name in NAMES:
        path = shutil.which(name)
        if path and _starts(path):
            return Path(path)
    return _of_playwright()


def get() -> Path | None:
    """As `find`; where there is none, install one with the system's packages or playwright."""
    found = find()
    if found is not None or os.environ.get("SITELINE_BROWSER"):
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _run(["apt-get", "update", "-q"], quiet)
        # With fonts that hold Arabic, since maps draw their labels with the fonts of the system.
        _run(
            ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
            quiet,
        )
        found = find()
    if found is None:
        _run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
        found = find()
    return found


def main() -> int:
    """Print the path and return 0, or say in one sentence what to do and return 1."""
    path = get()
    if path is None:
        print(NONE, file=sys.stderr)
        return 1
    print(path)
    return 0


def _of_playwright() -> Path | None:
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        return None
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def _starts(path: str) -> bool:
    """False for a stand-in that only says how to install the browser."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def _run(command: list[str], environment: dict[str, str]) -> None:
    """Run `command` with its output on the error stream; whether it worked is seen by `find`."""
    try:
        subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=1200, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as why:
        print(f"{' '.join(command[:2])}: {why}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
