"""The desk of the ledger: a form for one entry, all that is wrong beside its field, and what it would change."""

from __future__ import annotations

import re
from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from charts.attributes import hyphened
from data.ledger_file import Entries
from pages.ids import Id, entry
from pages.ledger_entry import (
    MOST_EFFECTS,
    Values,
    names_token,
    rows_in,
)
from pages.ledger_fields import (
    Desk,
    Step,
    Wrong,
    button,
    effects,
    field_of_name,
    form_id,
    french,
    label,
    of_caveat,
    of_event,
    scope,
    source,
    text,
    worded,
)
from pages.parts import Cell, aria
from words.format import span


def desk_of(d: Desk) -> list[Component]:
    """The content of the desk."""
    parts: list[Component] = [*_summary(d), *_chooser(d)]
    if d.step is Step.REMOVING:
        parts += _removing(d)
    elif d.step is not Step.CLOSED:
        parts += _form(d)
    return [dcc.Store(id=Id.LEDGER_STATE, data=state_of(d)), *parts]


def state_of(d: Desk) -> dict[str, object]:
    """What the browser hands back with the fields."""
    return {
        "step": d.step.value, "what": d.what.value, "key": d.key, "base": d.base, "rows": d.rows, "token": d.token,
    }  # fmt: skip


# What is said first


def _summary(d: Desk) -> list[Component]:
    """Where the focus goes when an answer has come: what is wrong, or what was done."""
    w = d.words
    inside: list[Component] = [html.P(html.B(d.message))] if d.message else []
    if d.wrong:
        inside.append(html.P(html.B(w("ledgerform.wrong_head", count=len(d.wrong)))))
        inside.append(html.Ul([html.Li(_told(wrong, d)) for wrong in d.wrong]))
    if d.names:
        inside.append(html.P(html.B(w("ledgerform.names_head"))))
        inside.append(
            html.Ul(
                [
                    html.Li(w("ledgerform.name", field=label(field_of_name(name), w), found=name.found))
                    for name in d.names
                ]
            )
        )
    if d.review is not None and d.review.remarks and not d.wrong:
        inside += [
            html.P(html.Span(worded(re.sub(r"^row \d+: ", "", remark), w), lang="en"), className="small")
            for remark in d.review.remarks
        ]
    if not inside and not d.after:
        return []
    bad = bool(d.wrong or d.names) or not d.good
    more = hyphened(data_said=d.said) if d.said else {}
    return [
        html.Div(
            [*inside, *d.after],
            id="ledger-said",
            className=f"said {'bad' if bad else 'good'}",
            tabIndex=-1,
            role="group",
            **aria(label=w("ledgerform.said")),
            **more,
        )
    ]


def _told(wrong: Wrong, d: Desk) -> list[Cell]:
    text = html.Span(wrong.said, lang="en") if wrong.english else wrong.said
    if not wrong.field:
        return [text]
    link = html.A(label(wrong.field, d.words), href=f"#{form_id(wrong.field)}")
    return [link, " – ", text]


# Choosing


def _chooser(d: Desk) -> list[Component]:
    w = d.words
    mine = d.held.events_of(d.operation)
    events = [
        {
            "value": f"events:{event.key}",
            "label": w("ledgerform.choice", when=span(event.when, w), headline=event.headline.to(w.language)),
        }
        for event in mine
    ]
    caveats = [
        {"value": f"caveats:{caveat.key}", "label": caveat.title.to(w.language)}
        for caveat in d.held.caveats_of(d.operation)
    ]
    new = [{"value": f"{what}:", "label": w(f"ledgerform.new_{what}")} for what in (e.value for e in Entries)]
    groups = [
        {"group": w("ledgerform.group_new"), "items": new},
        {"group": w("ledgerform.group_events"), "items": events},
        {"group": w("ledgerform.group_caveats"), "items": caveats},
    ]
    chosen = f"{d.what.value}:{d.key}" if d.step is not Step.CLOSED else "events:"
    select = dmc.Select(
        id=entry("choice"),
        data=[group for group in groups if group["items"]],
        value=chosen,
        label=w("ledgerform.choose"),
        allowDeselect=False,
        searchable=True,
        size="sm",
        comboboxProps={"withinPortal": False},
    )
    return [html.Div([select, button("open", w("ledgerform.open"), first=False)], className="pick")]


# The form


def _form(d: Desk) -> list[Component]:
    w = d.words
    events = d.what is Entries.EVENTS
    if d.key:
        title = w("ledgerform.correct_title", key=d.key)
    else:
        title = w("ledgerform.new_events") if events else w("ledgerform.new_caveats")
    sections = [
        _section(d, "s_what", of_event(d) if events else of_caveat(d)),
        _section(d, "s_scope", scope(d)),
        *([_section(d, "s_effects", effects(d))] if events else []),
        _section(d, "s_source", source(d)),
        french(d),
    ]
    actions = [
        button("check", w("ledgerform.check"), first=d.step is Step.OPEN),
        button("preview", w("ledgerform.preview"), first=d.step is Step.CHECKED and not d.wrong),
        *([button("remove", w("ledgerform.remove"), first=False)] if d.key else []),
        button("close", w("ledgerform.close"), first=False),
    ]
    return [
        html.Div(
            [
                html.H3(title, className="h3"),
                html.P(w("ledgerform.lead"), className="small"),
                *sections,
                *_names_tick(d),
                html.Div(actions, className="acts"),
                *_publish(d),
            ],
            className="form",
            role="form",
            **aria(label=title),
        )
    ]


def _section(d: Desk, name: str, controls: Sequence[Component]) -> Component:
    """Fields under a heading of their own."""
    return html.Fieldset([html.Legend(d.words(f"ledgerform.{name}")), *controls])


# Names, preview, publishing


def _names_tick(d: Desk) -> list[Component]:
    """Who looked at what seemed to be a name says so; without such a finding there is nothing to say."""
    said = d.values.get("names_ok", "")
    token = names_token(name.found for name in d.names) if d.names else said
    if not token:
        return []
    w = d.words
    box = dmc.Checkbox(label=w("ledgerform.names_ok"), value=token, size="sm")
    value = [token] if said == token else []
    return [dmc.CheckboxGroup([box], id=entry("names_ok"), value=value, label=w("ledgerform.names_label"))]


def _publish(d: Desk) -> list[Component]:
    if d.step is not Step.PREVIEWED:
        return []
    w = d.words
    able = d.review is not None and not (d.review.same and not d.review.added and not d.review.changed)
    return [
        html.Section(
            [html.H3(w("ledgerform.preview_title"), className="h3"), *d.preview, *(_log(d) if able else [])],
            className="preview",
            **aria(label=w("ledgerform.preview_title")),
        )
    ]


def _log(d: Desk) -> list[Component]:
    w = d.words
    return [
        html.Div([text(d, "log_reason", required=True), text(d, "log_role")], className="pair"),
        html.P(w("ledgerform.publish_lead"), className="small"),
        html.Div([button("publish", w("ledgerform.publish"), first=True)], className="acts"),
    ]


def _removing(d: Desk) -> list[Component]:
    w = d.words
    return [
        html.Div(
            [
                html.H3(w("ledgerform.remove_title", key=d.key), className="h3"),
                html.P(w("ledgerform.remove_lead")),
                html.Div([text(d, "log_reason", required=True), text(d, "log_role")], className="pair"),
                *_names_tick(d),
                html.Div(
                    [
                        button("take_out", w("ledgerform.take_out"), first=True),
                        button("keep", w("ledgerform.keep"), first=False),
                    ],
                    className="acts",
                ),
            ],
            className="form",
            role="form",
            **aria(label=w("ledgerform.remove_title", key=d.key)),
        )
    ]


def opened_rows(values: Values) -> int:
    """Rows for effects with which a form opens: those that are filled, at least one."""
    return min(MOST_EFFECTS, max(1, rows_in(values)))
