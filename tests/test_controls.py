"""What a control of the map shows is what the view has: the service that is missing, the date that a change is from."""

from __future__ import annotations

from typing import Any

import pytest

from data.store import Store
from pages import map as map_page
from pages import map_choices
from pages.map_record import MapPage
from tests.test_map_page import page_of


def shown(page: MapPage, part: str) -> Any:
    """The control of a part of the address."""
    return next(one for one in map_choices.choices(page) if one.id["index"] == part)


@pytest.mark.parametrize(
    ("search", "service"),
    [
        ("", "health"),
        ("&service=school", "school"),
        ("&lacks=water", "water"),
        ("&lacks=water&service=school", "school"),
        ("&lacks=water,school", "water"),
        ("&round=1", "health"),  # before any round asked
        ("&lacks=bread", "bread"),  # never asked about: said so, and shown as chosen
    ],
)
def test_the_service_that_is_shown_is_the_one_that_colours(store: Store, search: str, service: str) -> None:
    """Control, colours and table have one service; control: without the filter it is another one."""
    page = page_of(store, f"?op=xtr-mt&colour=gap{search}")
    control = shown(page, "service")
    assert (control.value, page.classes.about) == (service, service)
    assert service in {one["value"] for one in control.data}
    assert shown(page_of(store, "?op=xtr-mt&colour=gap"), "service").value == "health"  # control


def since_drawn(page: MapPage) -> set[str]:
    """The dates that the change of sites or areas is from, as days."""
    if page.settings.measure == "change":
        return {f"{day:%Y-%m-%d}" for day in page.snapshots["areas"].table["since_last"].dropna()}
    return {page.classes.about} - {""}


@pytest.mark.parametrize("drawn", ["colour=change", "measure=change"])
@pytest.mark.parametrize(
    ("search", "since"),
    [
        ("&round=14", "13"),
        ("&round=14&known=2013-04-23", "12"),  # nothing of round 13 was public
        ("&round=8&known=2012-02-29", "6"),
        ("&round=8", "7"),  # a total of a day between them is no round
        ("&round=14&known=2013-12-31", "13"),
        ("&round=14&since=3", "3"),
        ("&round=14&vs=9", "9"),
        ("&round=1", ""),  # there is none before
    ],
)
def test_the_date_that_is_shown_is_the_one_a_change_is_from(
    store: Store, drawn: str, search: str, since: str
) -> None:
    """Of sites and of areas, also as known on a day by which the round before was not public."""
    page = page_of(store, f"?op=hti-eq2010&{drawn}{search}")
    days = {map_choices.step_key(step): step.on.isoformat() for step in page.moments.offered}
    assert shown(page, "since").value == since
    assert since_drawn(page) == ({days[since]} if since else set())


def test_a_later_date_is_shown_as_chosen_and_draws_nothing(store: Store) -> None:
    """The address asks for it, so the control says it; no change can be told; control: it is not offered otherwise."""
    page = page_of(store, "?op=hti-eq2010&colour=change&round=5&since=7")
    control = shown(page, "since")
    assert control.value == "7"
    assert next(one["label"] for one in control.data if one["value"] == "7").endswith("round 7")
    assert since_drawn(page) == set()
    other = shown(page_of(store, "?op=hti-eq2010&colour=change&round=5"), "since")
    assert "7" not in {one["value"] for one in other.data}  # control


@pytest.mark.parametrize("search", ["?op=xtr-mt&colour=gap", "?op=hti-eq2010&measure=change"])
def test_the_page_says_what_its_controls_opened_with(store: Store, search: str) -> None:
    """So that the script can tell a choice from what was drawn; control: other maps have nothing of the kind."""
    page = page_of(store, search)
    held = {
        one.id["index"]: one.data for one in map_page.choice_fields(page) if type(one).__name__ == "Store"
    }
    said = dict(map(map_page.says, map_page.choices(page)))
    assert held == {part: said[part] for part in map_page.OPENING if part in said} != {}
    plain = map_page.choice_fields(page_of(store, "?op=xtr-mt"))
    assert not [one for one in plain if type(one).__name__ == "Store"]  # control
