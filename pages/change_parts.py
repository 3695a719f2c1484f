"""The parts of the page Change: table of parts with their sites, the verdict, households, and what is assumed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from charts.attributes import hyphened
from charts.change import CHECKS, FOUND, VERDICTS, ChangeChart
from charts.change_bars import CLASSES, SAID, pairs
from charts.change_reasons import checks, disagreeing
from data.codes import Unit
from data.comparability import Check, Comparable
from data.parts import Part, PartKind, PartRow, Side
from pages.parts import link, table
from pages.view import View
from words.format import number

MOST = 50  # sites of a part that a page lists; the file has all
MANY = 8  # questions of the verdict that stand unfolded
FEW = 4  # parts in households that fit beside the picture


def part_table(chart: ChangeChart, view: View) -> Component:
    """Each part with its amount in people and in households, what it rests on, and its sites; then the exact sum."""
    w, change = chart.words, chart.change
    heads = [html.Th(w("change.part"), scope="col"), _head(chart, change.unit)]
    if chart.households is not None:
        heads.append(_head(chart, chart.households.unit))
    body = [row for part in change.parts for row in _part_rows(chart, part, view)]
    for part in chart.alone():
        amounts = (w("change.not_found") if change.of(PartKind.RESIDUAL) else "0", chart.amount(part))
        cells = [html.Td(amount, className="r") for amount in amounts]
        body.append(html.Tr([_first([chart.label(part)], chart.evidence(part)), *cells]))
    absent = chart.absent()
    if absent:
        said = w("change.absent", parts=", ".join(absent))
        cells = [html.Td(w("change.not_found"), className="r was") for _ in heads[1:]]
        body.append(html.Tr([_first([html.Span(said, className="was")], w("change.absent_why")), *cells]))
    sums = [html.Td(html.B(chart.signed(change.amount)), className="r")]
    if chart.households is not None:
        sums.append(html.Td(html.B(chart.signed(chart.households.amount)), className="r"))
    exact = [html.Span(className="tick yes", **hyphened(aria_hidden="true")), " ", w("change.sum_exact")]
    if any(part.amount is None for part in change.parts):
        exact += [". ", w("change.sum_more")]
    body.append(html.Tr([_first([w("change.sum")], exact), *sums], className="sum"))
    if change.of(PartKind.DELISTED, PartKind.CLOSED):
        dagger = html.Span("†", className="dag")
        body.append(html.Tr(html.Td([dagger, w("change.exit")], colSpan=len(heads))))
    made = html.Table(
        [html.Caption(chart.title(), className="vh"), html.Thead(html.Tr(heads)), html.Tbody(body)],
        className="tw parts",
        id="change-parts",
    )
    return html.Div(made, className="scroll")


def _head(chart: ChangeChart, unit: Unit) -> Component:
    w = chart.words
    return html.Th(w("change.head_unit", unit=w(f"unit.{unit}")), className="r", scope="col")


def _first(said: Sequence[Any], below: Any) -> Component:
    return html.Th([*said, html.Span(below, className="src")], scope="row")


def _part_rows(chart: ChangeChart, part: Part, view: View) -> list[Component]:
    """The row of a part, and below it the list of its sites where counts by site are held."""
    swatch = html.Span(
        html.Span(className=f"bar {CLASSES.get(part.kind, SAID)}"),
        className="sw chg-sw",
        **hyphened(aria_hidden="true"),
    )
    below: list[Any] = [chart.evidence(part)]
    if part.sites:
        round_ = chart.change.second.round
        named = [
            link(chart.names.get(key, key), href=view.at("/map", place=key, round=round_))
            for key in part.sites
        ]
        below += [html.Br(), *_joined(named)]
    if part.kind is PartKind.METHOD and part.rows and any(not event.sites for event in part.events):
        headlines = [e.headline.to(chart.words.language) for e in part.events if not e.sites]
        said = chart.words("change.method_all", headlines="; ".join(headlines))
        below += [html.Br(), said]
    if part.kind in (PartKind.NOT_EXPLAINED, PartKind.RESIDUAL) and chart.limits():
        titles = "; ".join(caveat.title.to(chart.words.language) for caveat in chart.limits())
        below += [html.Br(), html.Span("†", className="dag"), chart.words("change.limits", titles=titles)]
    if part.kind in (PartKind.NOT_EXPLAINED, PartKind.RESIDUAL):
        below += [piece for said in disagreeing(chart, part) for piece in (html.Br(), said)]
    cells = [html.Td(chart.amount(part), className="r" if part.amount is not None else "r was")]
    if chart.households is not None:
        cells.append(html.Td(chart.same_amount(part), className="r"))
    name = html.Span(chart.label(part), **hyphened(data_part=part.kind.value))
    rows: list[Component] = [
        html.Tr([_first([swatch, name], below), *cells], className="has-more" if part.rows else "")
    ]
    if part.rows:
        opened = html.Td(_sites(chart, part, view), colSpan=len(cells) + 1, className="open")
        rows.append(html.Tr(opened))
    return rows


def _joined(parts: Sequence[Component]) -> list[Any]:
    return [piece for part in parts for piece in (part, ", ")][:-1]


def _sites(chart: ChangeChart, part: Part, view: View) -> Component:
    """The sites of a part, those that changed most first."""
    w, language = chart.words, chart.words.language
    rows = len(part.rows)
    count = w("change.sites_one") if rows == 1 else w("change.sites_many", count=number(rows, language))
    heads = [w(f"change.col_{name}") for name in ("site", "before", "after", "amount", "states")]
    cells = [_site(chart, row, view) for row in list(part.rows[:MOST])]
    inside: list[Component] = [table(heads, cells)]
    if rows > MOST:
        said = w("change.sites_part", shown=MOST, count=number(rows, language))
        inside.insert(0, html.P(said, className="src"))
    return html.Details([html.Summary(count), *inside], id=f"sites-{part.kind}-{part.reason or 'all'}")


def _site(chart: ChangeChart, row: PartRow, view: View) -> list[Any]:
    states = chart.words(
        "change.states", before=chart.state(row.state_before), after=chart.state(row.state_after)
    )
    href = view.at("/map", place=row.key, round=chart.change.second.round)
    return [
        link(row.name, href=href), chart.counted(row.before), chart.counted(row.after), chart.signed(row.amount),
        states,
    ]  # fmt: skip


def verdict_section(chart: ChangeChart) -> Component | None:
    """Whether the two can be compared, question by question: an icon, its word and what was found."""
    w, verdict = chart.words, chart.verdict
    if verdict is None:
        return None
    lead = {
        Comparable.YES: "change.verdict_lead_yes", Comparable.WITH_CARE: "change.verdict_lead_care",
        Comparable.NO: "change.verdict_lead_bases" if chart.change.bases else "change.verdict_lead_no",
        Comparable.UNKNOWN: "change.verdict_lead_care",
    }[chart.found]  # fmt: skip
    found = chart.found
    said = [
        html.H3(w("change.compare_title"), className="h2"),
        html.P([_tick(found), html.Span(w(VERDICTS[found]))], className=f"verdict {found}", id="verdict"),
        html.P(w(lead), className="small"),
        *_checks(chart, checks(chart)),
    ]
    return html.Section(said, className="ab" if found is Comparable.NO else "")


def _checks(chart: ChangeChart, checks: Sequence[Check]) -> list[Component]:
    """What hinders first; of many questions, those that do not are folded with their number."""
    w, order = chart.words, [Comparable.NO, Comparable.WITH_CARE, Comparable.UNKNOWN, Comparable.YES]
    ranked = sorted(checks, key=lambda check: order.index(check.found))
    if len(ranked) <= MANY:
        return [html.Ul([_check(chart, check) for check in ranked], className="checks")]
    fine = [check for check in ranked if check.found is Comparable.YES]
    open_ = [_check(chart, check) for check in ranked if check.found is not Comparable.YES]
    count = html.Span(w("change.checks_fine_count", count=len(fine)))
    folded = html.Details(
        [
            html.Summary([w("change.checks_fine"), " ", count]),
            html.Ul([_check(chart, check) for check in fine], className="checks"),
        ],
        className="twin",
    )
    return [*([html.Ul(open_, className="checks")] if open_ else []), *([folded] if fine else [])]


def _tick(found: Comparable) -> Component:
    return html.Span(className=f"tick {found}", **hyphened(aria_hidden="true"))


def _check(chart: ChangeChart, check: Check) -> Component:
    w = chart.words
    name = w(CHECKS.get(check.key, "change.check_other"))
    said = [
        html.B(w("change.check", name=name, found=w(FOUND[check.found]))),
        html.Span(check.said.to(w.language), className="v"),
    ]
    return html.Li([_tick(check.found), html.Div(said)], **hyphened(data_check=check.key))


def households_section(chart: ChangeChart) -> Component | None:
    """The same change in households; None where it was not published."""
    w, same = chart.words, chart.households
    if same is None:
        return None
    amount = chart.plain(same.amount)
    key = "change.hh_fewer" if same.amount < 0 else "change.hh_more"
    said = [
        html.H3(w("change.hh_title"), className="h2"),
        html.P(
            w("change.hh_fewer" if same.amount < 0 else key, amount=amount)
            if same.amount
            else w("change.hh_same"),
            className="small",
        ),
    ]
    if len(same.parts) <= FEW:
        said.append(
            html.Ul([html.Li(_hh_part(chart, part), className="small") for part in chart.change.parts])
        )
    else:
        said.append(html.P(w("change.hh_many"), className="small"))
    each = [_each(chart, getattr(chart.change, n), getattr(same, n)) for n in ("first", "second")]
    if all(each):
        said.append(html.P(w("change.hh_each", before=each[0], after=each[1]), className="small"))
    return html.Section(said, id="households")


def _hh_part(chart: ChangeChart, part: Part) -> str:
    w, same = chart.words, chart.same_part(part)
    amount, name = chart.same_amount(part), chart.label(part)
    if part.kind is PartKind.DELISTED and part.amount and same is not None and same.amount:
        return w("change.hh_part_each", amount=amount, part=name, each=chart.ratio(part.amount / same.amount))
    return w("change.hh_part", amount=amount, part=name)


def _each(chart: ChangeChart, people: Side, households: Side) -> str:
    """People per household of a side; '' where there is no household, or where a value was mended later."""
    if any(side.value != side.first_published for side in (people, households)):
        return ""
    return chart.ratio(people.value / households.value) if households.value else ""


def corrected_section(chart: ChangeChart) -> Component | None:
    """The sides that were first published as something else; None where both stand as they were published."""
    w, language = chart.words, chart.words.language
    mended = [s for s in (chart.change.first, chart.change.second) if s.first_published != s.value]
    if not mended:
        return None
    rows = [
        html.Tr(
            [
                html.Th(chart.when(side), scope="row"),
                html.Td(number(side.first_published, language), className="r was"),
                html.Td(number(side.value, language), className="r"),
            ]
        )
        for side in mended
    ]
    heads = [
        html.Th(w("change.corrected_when"), scope="col"),
        html.Th(w("change.corrected_first"), className="r", scope="col"),
        html.Th(w("change.corrected_now"), className="r", scope="col"),
    ]
    return html.Section(
        [
            html.H3(w("change.corrected_title"), className="h2"),
            html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="cmp"),
            html.P(w("change.corrected_note"), className="src"),
        ],
        id="corrected",
    )


def like_for_like(chart: ChangeChart) -> Component:
    """Both rounds on one list: bars, rates, arithmetic and assumptions; or why there is no such figure."""
    w, change = chart.words, chart.change
    keys = ("change.like_title_one", "change.like_title_two", "change.like_title_three")
    title = chart.like(*keys, bare=True, published=chart.published()) or w(
        "change.like_none", published=chart.published()
    )
    ends = [chart.when(side) for side in (change.first, change.second)]
    bars = [
        html.H3(title, className="h2"),
        html.P(w("change.like_bars", first=ends[0], second=ends[1]), className="small"),
        pairs(chart),
    ]  # fmt: skip
    if not change.bases and not change.comparable:
        bars.append(html.P(w("change.like_none_why"), className="small"))
    language = w.language
    assumed = [html.P(chart.assumption(basis), className="small") for basis in change.bases]
    if not change.comparable and change.first.first_published:
        before, after = (number(s.first_published, language) for s in (change.first, change.second))
        said = w("change.assume_published", percent=chart.published(), before=before, after=after)
        assumed.append(html.P(said, className="small"))
    assumed.append(html.P(w("change.assume_formula"), className="small"))
    side = html.Section([html.H3(w("change.assume_title"), className="h2"), *assumed])
    return html.Div([html.Div(bars), html.Div(side, className="rail")], className="split", id="like-for-like")
