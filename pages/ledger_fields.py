"""The fields of the ledger's form: each with its label, its hint, and what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from data.codes import ClaimStatus, EventKind, ObsStatus, Precision, Unit
from data.errors import BadCell
from data.ledger_edit import Review
from data.ledger_file import Entries
from data.ledger_remarks import LikelyName
from data.queries import Catalogue
from data.store import Release
from pages.ids import desk, entry
from pages.ledger_entry import (
    ABOUT,
    MOST_EFFECTS,
    NEW_SOURCE,
    PARTS,
    Values,
    effect_field,
)
from pages.parts import Cell, aria
from words import Words
from words.format import day, span

LANGUAGES_OF = {"en": "english", "fr": "french"}
# Fields by their word; those of a text in two languages without the language.
WORDED = (
    "key", "when_first", "when_last", "indicators", "kind", "first_round", "breaks", "status", "claim", "headline",
    "text", "title", "reason", "asked_by", "decided_by", "criticised_by", "reply", "follows", "answers",
    "about_observation", "details_source", "sites", "areas", "source", "source_key", "source_title", "source_publisher",
    "source_published", "source_read_as", "source_credit", "source_licence", "effect_indicator", "effect_value",
    "effect_unit", "effect_precision", "effect_note", "when", "period", "effects", "log_reason", "log_role",
)  # fmt: skip
HINTED = ("key", "when_first", "when_last", "first_round", "breaks", "claim", "sites", "areas", "about_observation",
          "source_key", "source_read_as", "effect_value", "log_reason", "log_role", "status", "indicators")  # fmt: skip
KEYS = "short names with ';' between"
SAID = {  # what the checks of cells say in English, by the sentence of the page for it
    "a value": "empty",
    "a short name of a-z, 0-9 and hyphens": "key",
    "a whole number": "whole",
    "a number with a point for decimals and no thousands separators": "number",
    "a date such as 2013, 2013-09, 2013-09-30 or 2013-07-01/2013-09-30": "date",
    "codes of areas with ';' between": "areas",
    KEYS: "site",  # the one field in which keys are written by hand
}
# What an entry can break, beside its cells: the sentences of the page for it. Another rule would be said in English.
RULES = (
    "area", "before_the_count", "beside_nothing", "circle", "details_source", "effect_beside", "english", "fall",
    "formula", "indicator", "key_of_other", "limit_before_the_count", "link", "link_of_other", "no_rounds",
    "observation", "observation_of_other", "operation", "rise", "round", "site", "source", "source_held",
)  # fmt: skip
LONG = ("text", "reason", "sites", "source_read_as")


class Step(StrEnum):
    """How far an entry has come."""

    CLOSED = "closed"
    OPEN = "open"
    CHECKED = "checked"
    PREVIEWED = "previewed"
    REMOVING = "removing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Something that is wrong, with the field that mends it ('' where none does)."""

    field: str
    said: str
    english: bool = False  # said by a check that speaks English alone


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Desk:
    """Everything that the desk shows."""

    words: Words
    release: Release
    held: Catalogue
    operation: str
    step: Step = Step.CLOSED
    what: Entries = Entries.EVENTS
    key: str = ""  # of the entry that is corrected, '' for a new one
    base: str = ""  # digest of the release that the form was filled from
    values: Values = field(default_factory=dict)
    rows: int = 1  # rows for effects
    wrong: Sequence[Wrong] = ()
    names: Sequence[LikelyName] = ()
    review: Review | None = None
    token: str = ""  # of the entry as it was previewed
    preview: Sequence[Component] = ()
    message: str = ""  # one sentence that goes before all else
    good: bool = True  # whether the message is good news
    after: Sequence[Component] = ()  # links below the message
    said: str = ""  # another one each time something is said: the focus goes there


def form_id(name: str) -> str:
    """Id of a field in the document, as Dash writes it."""
    return json.dumps(entry(name), sort_keys=True, separators=(",", ":"))


def label(name: str, w: Words) -> str:
    """A field or a column by its word."""
    stem = re.sub(r"-[0-9]+$", "", name)
    language = LANGUAGES_OF.get(stem[-2:]) if stem[-3:-2] == "_" else None
    stem = stem[:-3] if language else stem
    if stem not in WORDED:
        return name
    said = w(f"ledgerform.l_{stem}")
    return w(f"ledgerform.in_{language}", label=said) if language else said


def worded(text: str, w: Words) -> str:
    """A message with the names of columns replaced by the words of their fields."""
    names = {name: f"“{label(name, w)}”" for stem in WORDED for name in (stem, f"{stem}_en", f"{stem}_fr")}

    def said(match: re.Match[str]) -> str:
        return names.get(match[1] or match[2], match[0])

    return re.sub(r"'([a-z_]+)'|\b([a-z]+_[a-z_]+)\b", said, text)


def wrong_of(cell: BadCell, name: str, w: Words) -> Wrong:
    """A bad cell as something wrong in a field."""
    rule = cell.rule if cell.rule in RULES else SAID.get(cell.expected, "")
    if rule:
        told = {
            part: day(said, w.language) if isinstance(said, date) else str(said)
            for part, said in cell.told.items()
        }
        found = str(cell.found)
        if cell.expected == KEYS:
            found = "; ".join(
                part for part in found.split(";") if not re.fullmatch(r"[a-z0-9-]+", part.strip())
            )
        return Wrong(field=name, said=w(f"ledgerform.w_{rule}", **{"found": found, **told}))
    said = w(
        "ledgerform.wrong", found=str(cell.found), expected=worded(cell.expected, w), fix=worded(cell.fix, w)
    )
    return Wrong(field=name, said=said)


# Controls


def button(action: str, text: str, *, first: bool) -> Component:
    """A button of the form; the `first` one is the next step."""
    return html.Button(text, id=desk(action), className="btn first" if first else "btn", type="button")


def _error(d: Desk, name: str) -> Cell:
    texts = [
        html.Span(wrong.said, lang="en") if wrong.english else wrong.said
        for wrong in d.wrong
        if wrong.field == name
    ]
    said = [
        d.words("ledgerform.name_here", found=likely.found)
        for likely in d.names
        if field_of_name(likely) == name
    ]
    parts = [part for text in (*texts, *said) for part in (" ", text)][1:]
    return parts or None


def field_of_name(likely: LikelyName) -> str:
    """The field in which something that looks like a name was written."""
    return {"--reason": "log_reason", "--author": "log_role"}.get(likely.column, likely.column)


def _about(d: Desk, name: str, *, required: bool = False) -> dict[str, Cell]:
    """What every control has: id, label, hint and what is wrong with it."""
    stem = re.sub(r"-[0-9]+$", "", name)
    stem = stem[:-3] if stem.endswith(("_en", "_fr")) else stem
    about: dict[str, Cell] = {"id": entry(name), "label": label(name, d.words), "error": _error(d, name)}
    if required:
        about["required"] = True
    if stem in HINTED and not name.endswith("_fr"):
        about["description"] = d.words(f"ledgerform.h_{stem}")
    return about


def text(d: Desk, name: str, *, required: bool = False) -> Component:
    """A field for a text: of several lines where whole sentences go."""
    stem = name[:-3] if name.endswith(("_en", "_fr")) else name
    value = d.values.get(name, "")
    about = _about(d, name, required=required)
    lang = {"attributes": {"input": {"lang": name[-2:]}}} if name.endswith(("_en", "_fr")) else {}
    if stem in LONG:
        area: Component = dmc.Textarea(
            value=value, debounce=True, autosize=True, minRows=2, maxRows=12, size="sm", **about, **lang
        )
        return area
    # handed over when the reader leaves the field: a key at a time, a press could come before the last of them
    line: Component = dmc.TextInput(value=value, debounce=True, size="sm", **about, **lang)
    return line


def _select(d: Desk, name: str, options: Iterable[tuple[str, str]], *, required: bool = False) -> Component:
    select: Component = dmc.Select(
        data=[{"value": key, "label": text} for key, text in options],
        value=d.values.get(name)
        or None,  # handed over when chosen: on Enter, debounce hands over what was before
        clearable=not required,
        searchable=True,
        placeholder=d.words("ledgerform.none"),
        nothingFoundMessage=d.words("ledgerform.nothing"),
        size="sm",
        comboboxProps={"withinPortal": False},
        **_about(d, name, required=required),
    )
    return select


# The fields of an entry


def _key(d: Desk) -> list[Component]:
    """The key of a new entry; that of a held one stays."""
    return [] if d.key else [text(d, "key", required=True)]


def _dates(d: Desk, *, required: bool) -> Component:
    return html.Div([text(d, "when_first", required=required), text(d, "when_last")], className="pair")


def of_event(d: Desk) -> list[Component]:
    """What an event says of itself, in English."""
    w = d.words
    others = [
        (e.key, w("ledgerform.choice", when=span(e.when, w), headline=e.headline.to(w.language)))
        for e in d.held.events_of(d.operation)
        if e.key != d.key
    ]
    yes_no = [(value, w(f"ledgerform.{value}")) for value in ("yes", "no")]
    return [
        *_key(d),
        _select(d, "kind", ((k.value, w(f"kind.{k}")) for k in EventKind), required=True),
        _dates(d, required=True),
        text(d, "first_round"),
        dmc.RadioGroup(
            [dmc.Radio(label=text, value=value, size="sm") for value, text in yes_no],
            value=d.values.get("breaks", ""),
            size="sm",
            **_about(d, "breaks", required=True),
        ),
        _select(d, "claim", ((c.value, w(f"claim.{c}")) for c in ClaimStatus), required=True),
        _select(d, "status", _statuses(w)),
        text(d, "headline_en", required=True),
        text(d, "text_en", required=True),
        *(text(d, name) for name in ("reason_en", "asked_by_en", "decided_by_en", "criticised_by_en", "reply_en")),
        _select(d, "details_source", _held_sources(d)),
        _select(d, "follows", others),
        _select(d, "answers", others),
        text(d, "about_observation"),
    ]  # fmt: skip


def _statuses(w: Words) -> list[tuple[str, str]]:
    return [(s.value, w("ledgerform.coded", code=s.value, word=w(f"status.{s}"))) for s in ObsStatus]


def of_caveat(d: Desk) -> list[Component]:
    """What a caveat says, in English."""
    return [
        *_key(d), _dates(d, required=False), text(d, "title_en", required=True), text(d, "text_en", required=True),
    ]  # fmt: skip


def _indicators(d: Desk) -> list[tuple[str, str]]:
    w = d.words
    mine = [i for i in d.held.indicators.values() if i.operation == d.operation]
    return [
        (
            i.key,
            w(
                "ledgerform.indicator",
                subject=i.subject.to(w.language),
                unit=w(f"unit.{i.unit}"),
                place=i.place_name.to(w.language),
            ),
        )
        for i in sorted(mine, key=lambda i: (not i.shown, i.shown, i.key))
    ]


def scope(d: Desk) -> list[Component]:
    """Of which figures, sites and areas the entry speaks."""
    chosen = [key for key in d.values.get("indicators", "").split(";") if key]
    boxes = [dmc.Checkbox(label=text, value=key, size="sm") for key, text in _indicators(d)]
    group = dmc.CheckboxGroup(boxes, value=chosen, size="sm", **_about(d, "indicators"))
    sites = [text(d, "sites")] if d.what is Entries.EVENTS else []
    return [group, *sites, text(d, "areas")]


def effects(d: Desk) -> list[Component]:
    """The published sizes, a row each."""
    w = d.words
    rows: list[Component] = [html.P(w("ledgerform.effects_lead"), className="small")]
    options: Mapping[str, Sequence[tuple[str, str]]] = {
        "indicator": _indicators(d),
        "unit": [(u.value, w(f"unit.{u}")) for u in Unit],
        "precision": [(p.value, w(f"ledgerform.p_{p}")) for p in Precision],
    }
    for row in range(d.rows):
        controls = [
            _select(d, name, options[part]) if part in options else text(d, name)
            for part in PARTS
            if not part.endswith("_fr")
            for name in (effect_field(part, row),)
        ]
        rows.append(
            html.Div(
                controls,
                className="effect",
                role="group",
                **aria(label=w("ledgerform.effect_row", number=row + 1)),
            )
        )
    if d.rows < MOST_EFFECTS:
        rows.append(button("more", w("ledgerform.more"), first=False))
    return rows


def _held_sources(d: Desk) -> list[tuple[str, str]]:
    """The sources that are held, those of the operation first."""
    own = {e.source.key for e in d.held.events_of(d.operation)} | {
        c.source.key for c in d.held.caveats_of(d.operation)
    }
    ordered = sorted(d.held.sources.values(), key=lambda s: (s.key not in own, s.title, s.key))
    return [(s.key, d.words("ledgerform.source_option", title=s.title, key=s.key)) for s in ordered]


def source(d: Desk) -> list[Component]:
    """A source that is held, or the description of a new one."""
    w = d.words
    options = [(NEW_SOURCE, w("ledgerform.new_source")), *_held_sources(d)]
    needed = d.values.get("source") == NEW_SOURCE
    names = ("source_key", *(f"source_{name}" for name in ABOUT if name != "read_as_fr"))
    open_ = needed or any(d.values.get(name) for name in names) or any(x.field in names for x in d.wrong)
    return [
        _select(d, "source", options, required=True),
        html.Details(
            [
                html.Summary(w("ledgerform.describe_source")),
                html.Div([text(d, name) for name in names], className="grid"),
            ],
            open=open_,
        ),
    ]


def french(d: Desk) -> Component:
    """The same texts in French: all may be left out."""
    stems = ("headline", "text", "reason", "asked_by", "decided_by", "criticised_by", "reply")
    names = [f"{stem}_fr" for stem in (stems if d.what is Entries.EVENTS else ("title", "text"))]
    names += ["source_read_as_fr"]
    if d.what is Entries.EVENTS:
        names += [effect_field("note_fr", row) for row in range(d.rows)]
    open_ = any(d.values.get(name) for name in names) or any(x.field in names for x in d.wrong)
    return html.Details(
        [
            html.Summary(d.words("ledgerform.s_french")),
            html.P(d.words("ledgerform.french_lead"), className="small"),
            html.Div([text(d, name) for name in names], className="grid"),
        ],
        open=open_,
        className="french",
    )
