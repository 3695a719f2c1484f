"""The ledger written in a browser on a copy of the store: by keyboard alone, with mistakes, to the note on Trends."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app import create_app
from data.ledger_file import Entries, held
from data.store import Store
from tests.reader import Reader
from web.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LEDGER = "/ledger?op=xtr-fm"
KEY, HEADLINE = "xtr-example-halt", "Points counted by another form"
TEXT = "From then on the points count by another form (SYNTHETIC)."
WIDE = "() => document.documentElement.scrollWidth > innerWidth + 1"
DESCRIBED = """() => { const e = document.activeElement;
  return [e.getAttribute("aria-invalid"), (e.getAttribute("aria-describedby") || "").split(" ")
    .map((id) => (document.getElementById(id) || {}).textContent || "").join(" ")]; }"""
# The list is closed and the form holds a choice: the text alone may be what was typed.
TAKEN = """(typed) => { const e = document.activeElement, form = e.closest(".mantine-InputWrapper-root");
  return e.getAttribute("aria-expanded") !== "true" && e.value.includes(typed) &&
    form.parentElement.querySelector("input[type=hidden]").value !== ""; }"""
# Where the control has the focus Tab does nothing more, so that it may be pressed some times before the page is asked.
STAYS = """(name) => {
  let moved = false;
  window.__there = () => { const e = document.activeElement;
    return moved && (e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent || "")
      .trim().startsWith(name); };
  const stay = (e) => { if (window.__there()) { e.preventDefault(); } moved = true; };
  addEventListener("keydown", stay, true);
  window.__free = () => removeEventListener("keydown", stay, true); }"""
SAID = "() => document.activeElement.id === 'ledger-said' && document.activeElement.textContent"


@pytest.fixture
def own(store_folder: Path, tmp_path: Path) -> Store:
    """A copy of the store that may be written."""
    shutil.copytree(store_folder, tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.fixture
def writer(open_page: Callable[..., tuple[Page, Any]], serve: Callable[[Any], str], own: Store) -> Reader:
    """A reader on this machine whose store may be written."""
    page, traffic = open_page()
    page.set_default_timeout(40_000)
    return Reader(page, traffic, serve(create_app(Settings(store=own.root)).server))


def told(desk: Reader, part: str) -> str:
    """Wait until the focus is on what the form says, and it says that."""
    text = desk.until(f"() => {{ const t = ({SAID})(); return t && t.includes({part!r}) && t; }}")
    return str(text)


def tab_to(desk: Reader, name: str, most: int = 96) -> None:
    """Press Tab until a control has the focus whose name begins so."""
    desk.page.evaluate(STAYS, name)
    for pressed in range(1, most + 1):
        desk.page.keyboard.press("Tab")
        asked = pressed in (1, 2, 4) or pressed % 8 == 0
        if asked and desk.page.evaluate("window.__there() && (window.__free(), true)"):
            return
    pytest.fail(f"Tab does not reach {name!r}")


def choose(desk: Reader, name: str, typed: str) -> None:
    """Choose in a list by keyboard alone."""
    tab_to(desk, name)
    take(desk, typed)


def take(desk: Reader, typed: str) -> None:
    """Type in the list that has the focus, and take the first that fits."""
    desk.page.keyboard.press("Control+A")
    desk.page.keyboard.type(typed)
    desk.page.get_by_role("option").filter(has_text=typed, visible=True).first.wait_for()
    desk.page.keyboard.press("ArrowDown")
    desk.page.locator("[data-combobox-selected]").filter(has_text=typed, visible=True).wait_for()
    desk.page.keyboard.press("Enter")
    desk.until(f"() => ({TAKEN})({typed!r})")


def write(desk: Reader, name: str, text: str) -> None:
    """Go to a field by keyboard and fill it."""
    tab_to(desk, name)
    desk.page.keyboard.type(text)


def press(desk: Reader, name: str) -> None:
    """Go to a button by keyboard and press it."""
    tab_to(desk, name)
    desk.page.keyboard.press("Enter")


def test_an_event_is_written_by_keyboard_alone(writer: Reader, own: Store) -> None:
    """A missing source is said, found and mended; after publishing, Trends brings the note and cuts the line."""
    before, desk = own.current().digest, writer
    desk.open(LEDGER)
    press(desk, "Open in the form")
    told(desk, "A new entry is open")
    write(desk, "Short name", KEY)
    choose(desk, "Kind", "Change of method")
    write(desk, "Date, or its beginning", "2024-06")
    tab_to(desk, "Yes")
    desk.page.keyboard.press("Space")
    choose(desk, "Who stands behind it", "published")
    write(desk, "Headline (English)", HEADLINE)
    write(desk, "Text (English)", TEXT)
    press(desk, "Check")
    assert "To mend before it can go on: 1" in told(desk, "Fill this in")
    desk.page.keyboard.press("Tab")
    assert desk.focused()[1] == "Source"
    desk.page.keyboard.press("Enter")  # the link leads to the field
    desk.until("() => document.activeElement.tagName === 'INPUT'")
    invalid, description = desk.page.evaluate(DESCRIBED)
    assert invalid == "true"
    assert "Fill this in" in description
    assert own.current().digest == before
    take(desk, "SYNTHETIC")
    press(desk, "Check")
    told(desk, "Nothing is wrong")
    assert desk.page.get_by_label(re.compile(r"^Headline \(English\)")).input_value() == HEADLINE
    press(desk, "Preview")
    told(desk, "Nothing is published yet")
    preview = desk.text(".preview")
    assert "Cuts: no line" in preview
    assert own.current().digest == before
    write(desk, "Reason for publishing", "A form that changed, for training")
    press(desk, "Publish")
    news = told(desk, "Published.")
    after = own.current().digest
    assert after[:12] in news
    assert after[:12] in desk.text("#release")
    assert HEADLINE in desk.text(f"#entry-{KEY}")
    assert KEY in held(own.current(), Entries.EVENTS)
    tab_to(desk, "See it on Trends")
    desk.page.keyboard.press("Enter")
    desk.address(r"^/trends\?op=xtr-fm$")
    note = desk.page.locator(f"[data-note={KEY}]").first
    note.wait_for(state="attached")
    assert TEXT in re.sub(r"\s+", " ", note.text_content() or "")
    desk.clean()


def test_what_is_typed_stays(reader: Reader) -> None:
    """Other colours, another width and one more row keep what was written; closing lets it go."""
    desk = reader
    desk.open(LEDGER)
    desk.page.get_by_role("button", name="Open in the form").click()
    told(desk, "A new entry is open")
    field = desk.page.get_by_label(re.compile(r"^Text \(English\)"))
    field.fill(TEXT)
    desk.page.get_by_role("button", name="Dark").click()
    desk.page.get_by_role("button", name="Light").wait_for()
    assert field.input_value() == TEXT
    desk.page.set_viewport_size({"width": 600, "height": 800})
    desk.page.get_by_role("button", name="One more published size").click()
    desk.page.get_by_role("group", name="Published size 2").wait_for()
    assert field.input_value() == TEXT
    desk.page.get_by_role("button", name="Close without saving").click()
    field.wait_for(state="detached")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_phone_shows_the_page_whole(reader: Reader, language: str) -> None:
    """At 390 px neither the list, nor the form, nor what is wrong makes the page wider; every field has its label."""
    desk = reader
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.open(f"/ledger?lang={language}")
    assert not desk.page.evaluate(WIDE)
    desk.open(f"{LEDGER}&lang={language}")
    assert not desk.page.evaluate(WIDE)
    desk.page.locator(".pick .btn").click()
    desk.until(SAID)
    assert not desk.page.evaluate(WIDE)
    desk.page.locator(".acts .btn").first.click()
    desk.until("() => document.querySelectorAll('.said li').length > 4")
    assert not desk.page.evaluate(WIDE)
    inputs = "[...document.querySelectorAll('.form input, .form textarea')]"
    unnamed = desk.page.evaluate(
        f"() => {inputs}.filter((e) => e.type !== 'hidden' && !(e.labels && e.labels.length)).map((e) => e.outerHTML)"
    )
    assert unnamed == []
    assert desk.page.evaluate("() => document.documentElement.lang") == language
    desk.page.evaluate("() => document.querySelector('main').style.setProperty('min-width', '500px')")
    assert desk.page.evaluate(WIDE)  # control: a page that is too wide is noticed
