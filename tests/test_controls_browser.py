"""Controls and the address: no choice is lost, none is made for a reader, and a language is kept for the next visit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.reader import Reader

pytestmark = pytest.mark.browser
SAY = """(said) => { for (const [part, value] of said) {
  window.dash_clientside.set_props({ index: part, type: "nav" }, { value }); } }"""


@pytest.fixture
def blank(reader: Reader) -> Iterator[Reader]:
    """A reader whose pictures are blank: the address is looked at, and what a picture shows is not in it."""
    dot = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
    pictures = "**/pictures/map.png*"
    reader.page.route(pictures, lambda route: route.fulfill(body=dot, content_type="image/svg+xml"))
    yield reader
    reader.page.unroute(pictures)


def test_two_controls_that_speak_at_once_are_both_heard(blank: Reader) -> None:
    """As when a reader chooses while the page draws another control anew; control: what was drawn changes nothing."""
    page = blank.page
    blank.open("/map?op=hti-eq2010&round=15&low=1")
    page.wait_for_selector("#map-table table")

    def asked() -> dict[str, list[str]]:
        return {part: said for part, said in parse_qs(urlsplit(page.url).query).items() if part != "op"}

    before = asked()
    page.evaluate(SAY, [["colour", "state"], ["states", []], ["least", ""]])
    page.wait_for_timeout(500)
    assert asked() == before  # control
    page.evaluate(SAY, [["colour", "age"], ["states", ["delisted"]], ["least", ""]])
    page.wait_for_function("() => location.search.includes('states=') && location.search.includes('colour=')")
    assert asked() == before | {"colour": ["age"], "states": ["delisted"]}
    # a day as of which it is known, with another control; the slider counts days since 1970
    page.evaluate(SAY, [["known", 16071], ["colour", "state"]])
    page.wait_for_function("() => location.search.includes('known=') && !location.search.includes('colour=')")
    assert asked() == before | {"states": ["delisted"], "known": ["2014-01-01"]}


@pytest.mark.parametrize(
    ("search", "part", "opens", "chosen"),
    [
        ("?op=xtr-mt&colour=gap", "service", "health", "water"),
        ("?op=xtr-mt&colour=gap&lacks=water", "service", "water", "health"),  # opens with the filter's
        ("?op=hti-eq2010&round=14&colour=change", "since", "13", "3"),
        ("?op=hti-eq2010&round=14&measure=change", "since", "13", "3"),
    ],
)
def test_a_control_that_opens_with_a_first_choice_is_heard_beside_another(
    blank: Reader, search: str, part: str, opens: str, chosen: str
) -> None:
    """Its choice is in the address, with the other's; control: what it opened with is not, alone or with another."""
    page = blank.page
    blank.open(f"/map{search}&low=1")
    page.wait_for_selector("#map-table table")
    before = urlsplit(page.url).query
    for said in ([[part, opens]], [[part, opens], ["group", "-"]]):
        page.evaluate(SAY, said)
        page.wait_for_timeout(300)
        assert urlsplit(page.url).query == before  # control
    page.evaluate(SAY, [[part, chosen], ["states", ["counted"]]])
    page.wait_for_function("() => location.search.includes('states=')")
    assert parse_qs(urlsplit(page.url).query) == parse_qs(before) | {"states": ["counted"], part: [chosen]}


def test_a_chosen_language_is_kept_for_the_next_visit(url: str, open_page: Callable[..., Any]) -> None:
    """An address without a language opens in the one that was chosen last; control: before, in the browser's own."""
    page, _ = open_page()
    page.goto(f"{url.rstrip('/')}/method")
    page.wait_for_selector("#lang-fr")
    assert page.evaluate("document.documentElement.lang") == "en"  # control
    page.locator("#lang-fr").click()
    page.wait_for_function("() => document.documentElement.lang === 'fr'")
    page.goto(f"{url.rstrip('/')}/method")
    page.wait_for_selector("#lang-fr.here")
    assert "lang=" not in page.url
