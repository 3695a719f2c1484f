"""The page leaves out scripts of Dash that no browser of the last years and no page of ours needs."""

from __future__ import annotations

import re
from typing import Any

from dash import Dash

# What browsers lacked before 2019 (assets/runtime/ has the one part that Dash's scripts call), and Dash's own table.
UNUSED = re.compile(r'<script src="[^"]*/(?:deps/polyfill@|dash_table/)[^"]*"></script>\n?')


class LeanDash(Dash):
    """Dash without those scripts in its page."""

    def interpolate_index(self, *args: Any, **parts: Any) -> str:
        """The page as Dash makes it, without the scripts that are not needed."""
        whole = super().interpolate_index(*args, **parts)  # type: ignore[no-untyped-call]  # Dash gives it no types
        return UNUSED.sub("", str(whole))
