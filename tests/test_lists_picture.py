"""A trend on one list of sites: drawn beside the reported one, told in words, table and file, chosen by keyboard."""

from __future__ import annotations

import csv
import io

import pytest

from charts.theme import TOKENS
from charts.trend import TrendChart
from data import queries
from data.lists import cuts_by_row
from data.parts import Basis
from data.selection import from_query
from data.store import Release
from data.training import keys, schedule
from exports.csv_file import csv_text
from pages.trends import chart_of
from tests.pictures import lines_across, named, points
from tests.reader import Reader
from tests.test_lists import line_of
from tests.test_series import crossed
from words import words

EN = words("en")


def chart(release: Release, basis: str, language: str = "en", indicator: str = keys.PEOPLE) -> TrendChart:
    """The trend on a basis."""
    about = queries.catalogue(release).indicators[indicator]
    made = chart_of(release, about, words(language), basis=basis)  # type: ignore[arg-type]  # one of its members
    assert isinstance(made, TrendChart)
    return made


BASES = {"old": Basis.OLD_LIST, "left": Basis.LEFT_OUT, "same": Basis.SAME_SITES}


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("name", BASES)
def test_the_line_is_drawn_beside_the_reported_one(release: Release, name: str, narrow: bool) -> None:
    """Hollow marks on a thin dashed line, cut where it must be; the reported line stays as it is, only paler."""
    drawn, reported = chart(release, name), chart(release, "reported")
    figure, plain = drawn.figure(narrow=narrow), reported.figure(narrow=narrow)
    (line,) = drawn.beside()
    lines = named(figure, "one list")
    assert sorted(p for t in lines for p in points(t)) == sorted(
        (r["last"].date(), float(r["value"])) for _, r in line.values.iterrows()
    )
    for trace in lines:
        assert trace.line.dash == "dash"
        assert trace.line.color == TOKENS["light"]["note"]
        assert trace.marker.color == TOKENS["light"]["card"]
        assert trace.line.width < named(figure, "stretch")[0].line.width
        held = line.values[
            [(r["last"].date(), r["value"]) in points(trace) for _, r in line.values.iterrows()]
        ]
        assert crossed([held], line.cut_by) == []
    assert [points(t) for t in named(figure, "stretch")] == [points(t) for t in named(plain, "stretch")]
    assert {t.opacity for t in named(figure, "stretch")} == {0.45}
    assert {t.opacity for t in named(plain, "stretch")} == {1}
    assert [t for t in lines_across(figure, drawn.series) if not t.startswith("one list")] == []
    labels = [a.text for a in figure.layout.annotations if EN.table[f"lists.{BASES[name]}"] in a.text]
    assert len(labels) == 1
    assert named(figure, "old coverage") == []


def test_the_old_list_goes_on_where_the_reported_line_stops(release: Release) -> None:
    """One run of marks has rounds 7 to 15, over three changes of the list; control: no reported stretch does."""
    drawn = chart(release, "old")
    figure = drawn.figure()
    ends = [
        drawn.series.values.set_index("round")["last"][n].date() for n in (schedule.METHOD, schedule.BOUNDARY)
    ]

    def over(what: str) -> bool:
        return any({*ends} <= {day for day, _ in points(t)} for t in named(figure, what))

    assert over("one list")
    assert not over("stretch")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", BASES)
def test_what_is_drawn_is_in_words_table_and_file(release: Release, name: str, language: str) -> None:
    """Each value of the line is a row of the twin and of the file; the description names the basis and the sites."""
    drawn = chart(release, name, language)
    (line,) = drawn.beside()
    plain = chart(release, "reported", language)
    assert len(drawn.table()) == len(plain.table()) + len(line.values) + sum(
        map(len, cuts_by_row(line).values())
    )
    assert f" {line.sites} sites" in drawn.description()
    assert f" {line.sites} sites" not in plain.description()
    assert set(line.provenance.derived_by) <= set(drawn.provenance.derived_by)
    text = csv_text(drawn)
    rows = [r for r in csv.reader(io.StringIO(text)) if not r[0].startswith("#")]
    head, held = rows[0], [dict(zip(rows[0], r, strict=True)) for r in rows[1:]]
    assert head[0] == "break_before"
    derived = [r for r in held if r["row_of"] == "one_list"]
    assert [float(r["value"]) for r in derived] == list(line.values["value"])
    assert [int(r["round"]) for r in derived if r["break_before"]] == [
        schedule.METHOD, schedule.RE_REGISTERED, schedule.DEFINITION, schedule.UNEXPLAINED,
        schedule.UNEXPLAINED + 1,
    ]  # fmt: skip
    assert all(r["derivation"] and r["note"] for r in derived)
    assert line.provenance.derived_by[-1].to(language) in text
    assert not [r for r in csv.reader(io.StringIO(csv_text(plain))) if "one_list" in r]  # control


def test_haiti_keeps_its_picture(release: Release) -> None:
    """Totals only: whatever is asked, no line is beside, and the old coverage is the ring that it was."""
    for name in ("left", "same"):
        assert chart(release, name, indicator="hti-idp").beside() == ()
    old = chart(release, "old", indicator="hti-idp")
    assert old.beside() == ()
    assert len(named(old.figure(), "old coverage")) == 1
    assert len(named(old.figure(), "assumption")) == 1
    assert named(old.figure(), "one list") == []


@pytest.mark.parametrize(("text", "basis"), [("old", "old"), ("left", "left"), ("same", "same"), ("new", "")])
def test_an_address_names_a_basis(text: str, basis: str) -> None:
    """Each of the three comes back from its address; another is named as not understood."""
    found = from_query(f"op=xtr-mt&basis={text}")
    assert found.basis == basis
    assert bool(found.ignored) is (not basis)
    assert found.to_query() == (f"op=xtr-mt&basis={basis}" if basis else "op=xtr-mt")


# In a browser

DRAWN = """() => { const gd = document.querySelector("#trend-xtr-idp .js-plotly-plot")
    || document.querySelector("#trend-xtr-idp");
  return gd && gd.data ? gd.data.filter((t) => t.name === "one list").flatMap((t) => [...t.y]) : null; }"""
OVER = """() => { const all = [...document.querySelectorAll("#trend-xtr-idp .annotation-text-g")]
    .map((e) => [e.textContent, e.getBoundingClientRect()]);
  const box = document.querySelector("#trend-xtr-idp").getBoundingClientRect();
  const hit = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const out = all.filter(([, r]) => r.right > box.right + 1 || r.left < box.left - 1).map(([t]) => t);
  const on = all.flatMap(([t, r], i) => all.slice(i + 1).filter(([, o]) => hit(r, o)).map(([u]) => `${t} / ${u}`));
  return [...out, ...on]; }"""


@pytest.mark.browser
def test_each_basis_by_keyboard(reader: Reader, release: Release) -> None:
    """By Tab and Enter from basis to basis: the line is that of the basis, the choice in force is said, labels fit.

    At a desk from the first to the last, then in a narrow window, where the last is still in force, and back.
    """
    page = reader.page
    reader.open("/trends?op=xtr-mt")
    group = page.locator("#trend-xtr-idp-card [role=group].seg").first
    group.wait_for()
    assert [a.inner_text() for a in group.get_by_role("link").all()] == [
        "As reported", "Old list kept", "Taken off left out", "Same sites",
    ]  # fmt: skip
    assert reader.until(f"() => {{ const d = ({DRAWN})(); return d && [d]; }}") == [
        []
    ]  # control: as reported
    group.get_by_role("link", name="As reported").focus()
    for name in BASES:
        go_on(reader, "Tab", name)
        fits(reader, release, name)
    wide = page.locator("#trend-xtr-idp .main-svg").first.bounding_box()
    page.set_viewport_size({"width": 390, "height": 800})
    reader.until(
        "() => document.querySelector('#trend-xtr-idp .main-svg').getBoundingClientRect().width < 390"
    )
    assert wide is not None
    assert wide["width"] > 390  # control: it was another picture
    last, *others = reversed(BASES)
    fits(reader, release, last)
    for name in others:
        go_on(reader, "Shift+Tab", name)
        fits(reader, release, name)


def go_on(reader: Reader, key: str, name: str) -> None:
    """To the basis beside the one that has the focus, and choose it."""
    reader.page.keyboard.press(key)
    assert reader.focused()[1] == EN.table[f"lists.{BASES[name]}"]
    reader.page.keyboard.press("Enter")
    reader.address(f"basis={name}")


def fits(reader: Reader, release: Release, name: str) -> None:
    """The chart is that of the basis, which is said, has the focus, and is written once; no label is in the way."""
    page, said = reader.page, EN.table[f"lists.{BASES[name]}"]
    wanted = sorted(line_of(release, BASES[name]).values["value"])
    found = reader.until(f"() => {{ const d = ({DRAWN})(); return d && d.includes({wanted[0]}) && d; }}")
    assert sorted(found) == wanted
    here = page.locator("#trend-xtr-idp-card .seg a[aria-current=true]").first
    assert here.inner_text() == said
    for _ in range(
        50
    ):  # in a window that was just made narrow the labels that fit it come with the next figure
        if (over := page.evaluate(OVER)) == []:
            break
        page.wait_for_timeout(100)
    assert over == []
    labels = page.locator("#trend-xtr-idp .annotation-text-g").all_text_contents()
    assert len([text for text in labels if said in text]) == 1
    assert len(labels) > 2  # control: there are labels that could have been in the way
    reader.until(f"() => document.activeElement.id === 'basis-{name}-xtr-idp'")


@pytest.mark.browser
def test_haiti_keeps_its_control(reader: Reader) -> None:
    """Two choices for totals alone, and the reported one is in force where another basis is asked for."""
    reader.open("/trends?op=hti-eq2010&basis=left")
    group = reader.page.locator("#trend-hti-idp-card [role=group].seg").first
    group.wait_for()
    assert [a.inner_text() for a in group.get_by_role("link").all()] == ["As reported", "On the old coverage"]
    assert group.locator("a[aria-current=true]").inner_text() == "As reported"
