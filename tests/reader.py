"""A reader with a browser, by whom tests do what a reader does: by role and name, by keyboard, by touch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

FOCUSED = """() => { const e = document.activeElement;
  return [e.getAttribute("role") || e.tagName.toLowerCase(),
          (e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent || "").trim(), e.id]; }"""
NOWHERE = "/nowhere-between"
# By way of a page that does not exist, so that nothing of the page before is left, and Tab begins at the head again.
FOLLOW = """([path, nowhere]) => new Promise((done) => {
  const to = new URL(path, location.href), end = Date.now() + 20000, app = window.dash_clientside;
  if (!app || !app.set_props || !document.querySelector("main")) { done(false); return; }
  const there = () => (document.querySelector("main")?.textContent || "").includes(nowhere);
  const head = document.createElement("span");
  let between = false;
  head.tabIndex = -1;
  app.set_props("url", { pathname: nowhere, search: "" });
  (function look() {
    if (Date.now() > end) { done(false); return; }
    if (between && !there() && document.querySelector("main h1, main .ttl")) { done(true); return; }
    if (!between && there()) {
      between = true;
      document.body.prepend(head); head.focus(); head.remove();
      app.set_props("url", { pathname: to.pathname, search: to.search });
    }
    setTimeout(look, 20);
  })();
})"""


class Reader:
    """A person with a browser: opens addresses, waits for what they see."""

    def __init__(self, page: Page, traffic: Any, url: str) -> None:
        self.page, self.traffic, self.url = page, traffic, url.rstrip("/")

    def open(self, path: str, *, anew: bool = False) -> None:
        """Open an address and wait for its page: as a link does where the site is open, unless it is to be loaded."""
        loaded = self.page.url.startswith(self.url + "/") and not anew
        if not loaded or not self.page.evaluate(FOLLOW, [path, NOWHERE]):
            self.page.goto(self.url + path, wait_until="commit")
        self.page.locator("main h1, main .ttl").first.wait_for(state="attached")

    def until(self, function: str, seconds: int = 40) -> Any:
        """Wait until a JavaScript function gives something, and give that.

        Playwright's own waiting evaluates text in the page, which the content policy forbids.
        """
        return self.page.evaluate(
            f"""() => new Promise((done, fail) => {{
              const test = {function}, end = Date.now() + {seconds * 1000};
              (function look() {{
                let found = null;
                try {{ found = test(); }} catch (error) {{ if (Date.now() > end) {{ fail(error); }} }}
                if (found) {{ done(found); }}
                else if (Date.now() > end) {{ fail(new Error("waited in vain")); }}
                else {{ setTimeout(look, 60); }}
              }})();
            }})"""
        )

    def text(self, selector: str = "main") -> str:
        """What stands there, with plain spaces."""
        found = self.page.locator(selector).first.inner_text()
        return re.sub(r"[ \u00a0\u202f]+", " ", found)

    def link(self, name: str | re.Pattern[str], inside: str = "body") -> Locator:
        """The first link of that name."""
        exact = isinstance(name, str)
        return self.page.locator(inside).get_by_role("link", name=name, exact=exact).first

    def address(self, pattern: str) -> None:
        """Wait until the address matches."""
        self.until(f"() => new RegExp({pattern!r}).test(location.pathname + location.search)")

    def focused(self) -> tuple[str, str, str]:
        """Role, name and id of what has the focus."""
        role, name, key = self.page.evaluate(FOCUSED)
        return role, name, key

    def tab_to(self, role: str, name: str, most: int = 160) -> None:
        """Press Tab until that has the focus."""
        passed = []
        for _ in range(most):
            self.page.keyboard.press("Tab")
            here, called, _ = self.focused()
            if (here, called) == (role, name):
                return
            passed.append((here, called))
        pytest.fail(f"Tab does not reach the {role} {name!r}; it passes {passed}")

    def clean(self) -> None:
        """Nothing failed, nothing left the machine, no policy was breached."""
        assert self.traffic.foreign == []
        assert self.traffic.errors == []
        assert self.traffic.violations == []
