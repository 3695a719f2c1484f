"""Method: how to read a figure, what the words mean, how each computed figure is made, what each operation rests on.

Every worked number is computed from the release of the page by the functions that make the figures themselves,
so the page cannot say another number than the cards do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import pandas as pd
from dash import html
from dash.development.base_component import Component

from charts.figures import amount, as_published, newest, period_of
from data import queries
from data.change import Split, published_split
from data.codes import ClaimStatus, EventKind, ObsStatus, Precision, RowKind, Sensitivity, State
from data.dates import DateSpan
from data.model import Event, Operation, Row, Series, Source, records
from data.moments import span_of
from data.queries import AGE_ROUNDS, Catalogue, Indicator, Round
from data.series import Revised, Revision, Sides, on_old_coverage, revisions, sides
from data.store import Release
from pages.method_change import of_changes
from pages.method_formula import formula as shown_formula
from pages.parts import Cell, aria, mark, table
from pages.view import Context
from words import Words
from words.format import MINUS, day, number, on_ladder, percent, quantified, span
from words.notes import credit_line, note_date, source_line

SECTIONS = ("reading", "states", "words", "derived", "operations", "boundaries", "limits")
TERMS = (
    "operation", "round", "stock", "flow", "site", "point",
    "break", "caveat", "vintage", "known_by", "precision", "release",
)  # fmt: skip
READING = {
    "trend": ("line", "mark", "inks", "ring", "pale", "hatched", "dates", "notes"),
    "map": ("disc", "ghost", "unlocated", "points", "crowd"),
}
LIMITS = ("persons", "informants", "positions", "judgement", "filling", "requests")
# Tables whose rows name an operation and a source.
CITING = ("observations", "methods", "caveats", "events", "sites", "flow_points", "corridors")
OF_A_BREAK = ("old", "split", "share", "published", "kept", "left")
BOUNDARY = ("source", "disputed", "endorsement", "codes", "names")
LADDER = {"units": 100, "tens": 1_000, "hundreds": 10_000}  # where the steps of `on_ladder` change


def method(context: Context) -> list[Component]:
    """The page: a title, a table of contents with anchors, and the sections."""
    w = context.words
    return [
        html.Div(
            [
                html.H1(w("methodpage.title"), className="ttl"),
                html.P(w("methodpage.lead"), className="unit"),
                html.Nav(
                    [html.A(w(f"methodpage.s_{name}"), href=f"#{_anchor(name)}") for name in SECTIONS],
                    className="toc",
                    **aria(label=w("methodpage.contents")),
                ),
            ],
            className="start-head",
        ),
        html.Div(
            [
                _section(w, "reading", _reading(w)),
                _section(w, "states", _states(w)),
                _section(w, "words", _words(w)),
                _section(w, "derived", derived(context)),
                _section(w, "operations", _operations(context)),
                _section(w, "boundaries", _boundaries(context)),
                _section(w, "limits", _limits(context)),
            ],
            className="prose",
        ),
    ]


def _anchor(name: str) -> str:
    return f"method-{name}"


def _section(w: Words, name: str, content: Sequence[Component]) -> Component:
    """A section that can take the focus, so that a keyboard goes on where the anchor leads."""
    heading = f"{_anchor(name)}-title"
    return html.Section(
        [html.H2(w(f"methodpage.s_{name}"), id=heading), *content],
        id=_anchor(name),
        tabIndex=-1,
        **aria(labelledby=heading),
    )


# What the marks and words mean


def _reading(w: Words) -> list[Component]:
    said: list[Component] = []
    for part, names in READING.items():
        said.append(html.H3(w(f"methodpage.reading_{part}")))
        said += [html.P(w(f"methodpage.read_{name}")) for name in names]
    return said


def _states(w: Words) -> list[Component]:
    rows = [([mark(state), " ", w(f"state.{state}")], w(f"methodpage.state_{state}")) for state in State]
    return [
        html.P(w("methodpage.states_lead")),
        _glossary(w, "state", rows),
        html.H3(w("methodpage.age_title")),
        html.P(w("methodpage.age_text", rounds=AGE_ROUNDS)),
    ]


def _words(w: Words) -> list[Component]:
    kinds = [*(kind.value for kind in EventKind), "followed"]
    return [
        html.H3(w("methodpage.words_terms")),
        _glossary(w, "word", ((w(f"methodpage.term_{t}"), w(f"methodpage.def_{t}")) for t in TERMS)),
        html.H3(w("methodpage.words_exit")),
        html.P(w("methodpage.exit_text")),
        html.H3(w("methodpage.words_kinds")),
        html.P(w("methodpage.kinds_lead")),
        _glossary(w, "kind", ((w(f"kind.{kind}"), w(f"methodpage.kind_{kind}")) for kind in kinds)),
        html.H3(w("methodpage.words_claims")),
        _glossary(
            w, "word", ((w(f"claim.{claim}"), w(f"methodpage.claim_{claim}")) for claim in ClaimStatus)
        ),
        html.H3(w("methodpage.words_precisions")),
        _glossary(
            w,
            "word",
            ((w(f"methodpage.precision_{p}_name"), w(f"methodpage.precision_{p}")) for p in Precision),
        ),
        html.H3(w("methodpage.words_status")),
        html.P(w("methodpage.status_lead")),
        _glossary(w, "code", ((status.value, w(f"methodpage.status_{status}")) for status in ObsStatus)),
    ]


def _glossary(w: Words, first: str, entries: Iterable[tuple[Cell, str]]) -> Component:
    heads = [w(f"methodpage.col_{name}") for name in (first, "meaning")]
    return table(heads, list(entries), class_name="")


# How each computed figure is made


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A break whose published effect allows a split: the figures that most formulas are shown with."""

    series: Series
    split: Split
    beside: Sides
    old: float  # the value on the old coverage


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worked:
    """Figures of a release that show each formula at work; where it has none, the formula stands alone."""

    cases: tuple[Case, ...]  # one event; one case a unit
    exact: tuple[Series, Revision] | None
    changed: tuple[Series, Revision] | None
    arithmetic: tuple[Series, pd.Series] | None
    rounded: tuple[Series, pd.Series] | None
    total: tuple[Series, pd.Series] | None
    aged: tuple[Operation, tuple[Round, ...]] | None  # a round, then one more than may be missed


@lru_cache(maxsize=4)
def worked(release: Release) -> Worked:
    """The worked cases of a release, chosen once: it never changes. Real operations come before training ones."""
    held = queries.catalogue(release)
    cases = _cases(release, held)
    corrected = (queries.series(release, key) for key in _corrected(held))
    return Worked(
        cases=cases,
        exact=_revision((case.series for case in cases), Revised.MORE_EXACT),
        changed=_revision(corrected, Revised.CHANGED),
        arithmetic=next((found for case in cases if (found := _arithmetic(case.series))), None),
        rounded=_rounded(release, held),
        total=_total(release, held),
        aged=_aged(held, cases),
    )


def _ordered(held: Catalogue) -> list[Indicator]:
    """The indicators that have a card, real operations first."""
    operations = sorted(held.operations.values(), key=lambda o: o.synthetic)
    return [indicator for operation in operations for indicator in held.shown(operation.key)]


def _cases(release: Release, held: Catalogue) -> tuple[Case, ...]:
    events = [
        (held.operations[s.operation].synthetic, s.item.when, s.item)
        for s in held.events
        if isinstance(s.item, Event) and s.item.kind is EventKind.DELISTING and s.item.breaks
    ]
    for _, _, event in sorted(events, key=lambda found: found[:2]):
        effects = sorted(event.effects, key=lambda effect: held.indicators[effect.indicator].shown)
        offered = (_case(queries.series(release, effect.indicator), event) for effect in effects)
        cases = tuple(case for case in offered if case is not None)
        if cases:
            return cases
    return ()


def _case(series: Series, event: Event) -> Case | None:
    split, beside, old = published_split(series, event), sides(series, event), on_old_coverage(series, event)
    if split is None or beside is None or old is None:
        return None
    return Case(series, split, beside, float(old.values["value"].iloc[0]))


def _corrected(held: Catalogue) -> list[str]:
    """The indicators with a card that a correction touches, real operations first."""
    touched = {
        key
        for s in held.events
        if isinstance(s.item, Event) and s.item.kind is EventKind.CORRECTION
        for key in s.indicators
    }
    return [indicator.key for indicator in _ordered(held) if indicator.key in touched]


def _revision(offered: Iterable[Series], how: Revised) -> tuple[Series, Revision] | None:
    """The last revision of that kind in the first series that has one."""
    for series in offered:
        found = [r for r in revisions(series) if r.how is how]
        if found:
            return series, found[-1]
    return None


def _arithmetic(series: Series) -> tuple[Series, pd.Series] | None:
    rows = series.values
    exact = (rows["kind"] == RowKind.DERIVED) & (rows["precision"] == Precision.EXACT)
    computed = rows[exact & (rows["derivation"] != "")]
    return None if computed.empty else (series, computed.iloc[0])


def _rounded(release: Release, held: Catalogue) -> tuple[Series, pd.Series] | None:
    """The newest value of an estimate that was printed with more digits than are shown."""
    for indicator in _ordered(held):
        if held.methods[indicator.method].rounds_figures:
            series = queries.series(release, indicator.key)
            row = newest(series)
            if row is not None and on_ladder(float(row["value"])) != row["value"]:
                return series, row
    return None


def _total(release: Release, held: Catalogue) -> tuple[Series, pd.Series] | None:
    """A published total of several whole months."""
    for indicator in _ordered(held):
        if indicator.totals:
            series = queries.series(release, indicator.totals)
            for _, row in records(series.values[series.values["value"].notna()]):
                if row["kind"] == RowKind.PUBLISHED and months_of(span_of(row)) > 1:
                    return series, row
    return None


def months_of(period: DateSpan) -> int:
    """How many whole months a period has; 0 where it begins or ends within one."""
    after = period.last + timedelta(days=1)
    if period.first.day != 1 or after.day != 1:
        return 0
    return 12 * (after.year - period.first.year) + after.month - period.first.month


def _aged(held: Catalogue, cases: Sequence[Case]) -> tuple[Operation, tuple[Round, ...]] | None:
    """A round and those after it, up to the first that makes a count of it too old."""
    if not cases:
        return None
    operation, event = cases[0].split.provenance.operations[0], cases[0].split.event
    rounds = held.rounds.get(operation.key, ())
    until = [r for r in rounds if event.first_round is not None and r.number <= event.first_round]
    wanted = AGE_ROUNDS + 2
    return (operation, tuple(until[-wanted:])) if len(until) >= wanted else None


def derived(context: Context) -> list[Component]:
    """Each formula in words with its assumption, and at work on figures of the release."""
    w, found = context.words, worked(context.release)
    ladder = {name: number(limit, w.language) for name, limit in LADDER.items()}
    flagged = sum(len(queries.variants(context.release, key)) for key in context.held.operations)

    def at_work(name: str) -> list[str]:
        return [w(f"methodpage.d_{name}_worked", **_numbers(case, name, w)) for case in found.cases]

    return [
        html.P(w("methodpage.derived_lead")),
        *[html.P(w("methodpage.worked_case", **_numbers(case, "split", w))) for case in found.cases],
        *(part for name in OF_A_BREAK for part in _formula(w, name, at_work(name))),
        *of_changes(context),
        *_formula(w, "arithmetic", _arithmetic_worked(found, w)),
        *_formula(w, "ladder", _ladder_worked(found, w), formula=ladder),
        *_formula(w, "revised", _revised_worked(found, w)),
        *_formula(w, "known", _known_worked(found, w)),
        *_formula(w, "mean", _mean_worked(found, w)),
        *_formula(w, "disc", []),
        *_formula(w, "age", _age_worked(found, w), text={"rounds": AGE_ROUNDS}),
        *_formula(w, "flagged", [], text={"count": number(flagged, w.language)}),
    ]


def _formula(
    w: Words,
    name: str,
    at_work: Iterable[str],
    *,
    formula: Mapping[str, object] | None = None,
    text: Mapping[str, object] | None = None,
) -> Iterator[Component]:
    rule = w(f"methodpage.d_{name}_formula", **(formula or {}))
    assumes = w(f"methodpage.d_{name}_text", **(text or {}))
    return shown_formula(w(f"methodpage.d_{name}"), rule, assumes, at_work)


def _numbers(case: Case, name: str, w: Words) -> dict[str, str]:
    """The figures of a case as a page writes them, with the percentage that the formula `name` gives."""
    split, language = case.split, w.language
    change = {"kept": split.kept_in_both, "left": split.left_out_of_both}.get(name, split.as_published)
    return {
        "operation": split.provenance.operations[0].title.to(language),
        "unit": w(f"unit.{split.unit}"),
        "before_when": period_of(case.beside.before, w),
        "after_when": period_of(case.beside.after, w),
        "before": number(split.before, language),
        "after": number(split.after, language),
        "off": number(split.taken_off, language),
        "old": number(case.old, language),
        "fall": number(-split.change, language),
        "residual": _term(-split.residual, language),
        "share": percent(split.share_taken_off, language),
        "change": percent(change, language),
    }


def _term(value: float, language: str) -> str:
    """A number within a sum: in brackets where it is negative."""
    text = number(value, language)
    return f"({text})" if text.startswith(MINUS) else text


def _where(series: Series, row: Row, w: Words) -> dict[str, str]:
    """Whose figure it is, of what and when."""
    return {
        "operation": series.provenance.operations[0].title.to(w.language),
        "subject": series.label.to(w.language),
        "when": period_of(row, w),
        "unit": w(f"unit.{series.unit}"),
    }


def _arithmetic_worked(found: Worked, w: Words) -> list[str]:
    if found.arithmetic is None:
        return []
    series, row = found.arithmetic
    written = re.sub(r"\d+", lambda digits: number(int(digits[0]), w.language), row["derivation"]).replace(
        "-", MINUS
    )
    value = number(float(row["value"]), w.language)
    return [w("methodpage.d_arithmetic_worked", **_where(series, row, w), arithmetic=written, value=value)]


def _ladder_worked(found: Worked, w: Words) -> list[str]:
    if found.rounded is None:
        return []
    series, row = found.rounded
    shown, published = amount(row, series, w), as_published(row, series, w)
    return [w("methodpage.d_ladder_worked", **_where(series, row, w), amount=shown, published=published)]


def _revised_worked(found: Worked, w: Words) -> list[str]:
    return [
        w(f"methodpage.d_revised_{name}", **_versions(*which, w))
        for name, which in (("exact", found.exact), ("changed", found.changed))
        if which is not None
    ]


def _known_worked(found: Worked, w: Words) -> list[str]:
    return [] if found.changed is None else [w("methodpage.d_known_worked", **_versions(*found.changed, w))]


def _versions(series: Series, revision: Revision, w: Words) -> dict[str, str]:
    """A value as first published and as it stands, each with the day by which it was known."""
    said = _where(series, revision.newest, w)
    for name, row in (("first", revision.first), ("newest", revision.newest)):
        said[name] = quantified(float(row["value"]), Precision(row["precision"]), w)
        said[f"{name}_day"] = day(row["known_by"].date(), w.language)
    return said


def _mean_worked(found: Worked, w: Words) -> list[str]:
    if found.total is None:
        return []
    series, row = found.total
    months, value = months_of(span_of(row)), float(row["value"])
    mean = (
        quantified(value / months, Precision.ABOUT, w)
        if value % months
        else number(value / months, w.language)
    )
    where, total = _where(series, row, w), number(value, w.language)
    return [w("methodpage.d_mean_worked", **where, total=total, months=months, mean=mean)]


def _age_worked(found: Worked, w: Words) -> list[str]:
    if found.aged is None:
        return []
    operation, (counted, *later) = found.aged
    missed = sum(counted.period.last < r.period.last <= later[-1].period.last for r in later)
    return [
        w(
            "methodpage.d_age_worked",
            operation=operation.title.to(w.language),
            counted=span(counted.period, w),
            shown=span(later[-1].period, w),
            missed=missed,
        )
    ]


# What each operation rests on


def _operations(context: Context) -> list[Component]:
    w = context.words
    return [
        html.P(w("methodpage.operations_lead")),
        *[
            html.Details(
                [html.Summary(_title(operation, w)), *_behind(context, operation)], id=_anchor(operation.key)
            )
            for operation in context.held.operations.values()
        ],
    ]


def _title(operation: Operation, w: Words) -> str:
    title = operation.title.to(w.language)
    return w("start.synthetic_title", title=title) if operation.synthetic else title


def _behind(context: Context, operation: Operation) -> list[Component]:
    """Method and accuracy, who made the count, caveats, and sources with their licence and credit."""
    w, held, cited = context.words, context.held, behind(context.release)[operation.key]
    component, population = w(f"component.{operation.component}"), w(f"population.{operation.population}")
    said: list[Component] = [
        html.P(w("methodpage.op_what", component=component, population=population), className="small"),
        _lines(
            (
                (w("methodpage.op_producer"), operation.producer),
                (w("methodpage.op_credit"), credit_line(operation, w)),
                (w("methodpage.op_licence"), operation.licence),
            ),
        ),
        html.H3(w("methodpage.op_method")),
    ]
    for key in cited.methods:
        how = held.methods[key]
        said.append(html.P(how.text.to(w.language)))
        said.append(html.P(w("methodpage.op_accuracy", accuracy=how.accuracy.to(w.language))))
        if how.rounds_figures:
            said.append(html.P(w("methodpage.op_ladder")))
        said.append(
            html.P(w("methodpage.op_method_from", source=source_line(how.source, w)), className="src")
        )
    said += [html.H3(w("methodpage.op_who")), _who(operation, w), html.H3(w("methodpage.op_caveats"))]
    for caveat in held.caveats_of(operation.key):
        title, when = caveat.title.to(w.language), note_date(caveat.period, w)
        said += [
            html.H4(
                w("methodpage.op_caveat_period", title=title, when=when) if when else title, className="h3"
            ),
            html.P(caveat.text.to(w.language)),
            html.P(w("methodpage.op_from", source=source_line(caveat.source, w)), className="src"),
        ]
    said += [
        html.H3(w("methodpage.op_sources")),
        html.Ul([_document(held.sources[key], w) for key in cited.sources], className="offers"),
    ]
    return said


def _lines(entries: Iterable[tuple[str, str]]) -> Component:
    rows = [html.Tr([html.Th(term, scope="row"), html.Td(text)]) for term, text in entries if text]
    return html.Div(html.Table(html.Tbody(rows)), className="scroll")


def _who(operation: Operation, w: Words) -> Component:
    """Each line known, or not stated with where one looked."""
    return _lines(
        (
            w(f"methodpage.who_{line.field}"),
            line.text.to(w.language)
            or w("methodpage.op_who_unknown", looked_in=line.looked_in.to(w.language)),
        )
        for line in operation.card
    )


def _document(source: Source, w: Words) -> Component:
    terms = {"publisher": source.publisher, "licence": source.licence}
    if source.credit:
        told = w("methodpage.op_source_credit", **terms, credit=source.credit)
    else:
        told = w("methodpage.op_source", **terms)
    return html.Li([html.Span(source_line(source, w)), html.Br(), html.Span(told, className="src")])


@dataclass(frozen=True, slots=True)
class Behind:
    """Keys of the methods and sources that an operation rests on, each once, in order of the key."""

    methods: tuple[str, ...]
    sources: tuple[str, ...]


@lru_cache(maxsize=4)
def behind(release: Release) -> Mapping[str, Behind]:
    """What each operation rests on: every method of it, and every source that any row of it names."""
    held = queries.catalogue(release)
    site_of = release.frame("sites").set_index("key")["operation"]
    states = release.frame("site_states")
    cited = pd.concat(
        [
            *(release.frame(name)[["operation", "source"]] for name in CITING),
            pd.DataFrame({"operation": states["site"].map(site_of), "source": states["source"]}),
        ]
    )
    methods = release.frame("methods")
    return {
        key: Behind(
            methods=tuple(sorted(methods.loc[methods["operation"] == key, "key"])),
            sources=tuple(sorted(set(cited.loc[cited["operation"] == key, "source"]))),
        )
        for key in held.operations
    }


def _boundaries(context: Context) -> list[Component]:
    """Whose boundaries, how they are drawn, and where names and codes of areas were read."""
    w, sources = context.words, context.held.sources
    areas = sorted(set(context.release.frame("places")["source"]))
    return [
        *[html.P(w(f"methodpage.boundary_{name}")) for name in BOUNDARY],
        html.P(w("methodpage.boundary_areas")),
        html.Ul([_document(sources[key], w) for key in areas], className="offers"),
    ]


def _limits(context: Context) -> list[Component]:
    w, held = context.words, context.held.operations.values()
    public = sum(operation.sensitivity is Sensitivity.PUBLIC for operation in held)
    items = [
        *(w(f"methodpage.limit_{name}") for name in LIMITS),
        w("methodpage.limit_sensitivity", total=len(held), public=public),
    ]
    return [
        html.P(w("methodpage.limits_lead")),
        html.Ul([html.Li(text) for text in items], className="offers"),
    ]


__all__ = ["SECTIONS", "Behind", "Case", "Worked", "behind", "derived", "method", "months_of", "worked"]
