"""What a fall is made of: the part that was published, and the residual, which is drawn as one."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from charts.attributes import hyphened
from charts.wording import figure
from data.change import Split
from data.model import Series
from data.moments import span_of
from data.series import sides
from words import Words
from words.format import percent, span


def split_panel(split: Split, series: Series, w: Words) -> Component:
    """The two parts of a fall across a delisting, their sum, and the rates that can be compared.

    Parameters
    ----------
    split : Split
        The parts; they sum to the published fall exactly.
    series : Series
        What it is a fall of.
    w : Words
        The reader's language.
    """
    language, beside = w.language, sides(series, split.event)
    if beside is None:
        raise ValueError(f"the split of '{series.key}' belongs to another series")
    unit = w(f"unit.{split.unit}")
    first, last = span(span_of(beside.before), w), span(span_of(beside.after), w)
    rising = split.residual > 0
    off, rest = figure(split.taken_off, series, w), figure(abs(split.residual), series, w)
    share = percent(split.share_taken_off, language)
    said = w("split.exact_rise", off=off, rest=rest) if rising else w("split.exact", share=share)
    widths = [split.taken_off, max(0.0, -split.residual)]
    bars = [
        html.Span(className=f"part {name}", style={"flexGrow": f"{width:.0f}"})
        for name, width in zip(("list", "rest"), widths, strict=True)
        if width
    ]
    return html.Section(
        [
            html.H3(w("split.title"), className="h2"),
            html.P(
                w("split.fall", first=first, last=last, amount=figure(-split.change, series, w), unit=unit),
                className="small",
            ),
            html.Div(
                bars,
                className="split-bar",
                role="img",
                **hyphened(
                    aria_label=w("split.bar_rise" if rising else "split.bar", off=off, rest=rest, unit=unit)
                ),
            ),
            html.Div(
                [
                    html.Div([html.B(off, className="off"), w("split.taken_off")]),
                    html.Div(
                        [
                            html.B(rest, className="net"),
                            w("split.net_rise" if rising else "split.net_fall"),
                            html.Span(w("split.residual"), className="src"),
                        ],
                        className="e",
                    ),
                ],
                className="two",
            ),
            html.P(said, className="src"),
            html.Dl(
                [
                    html.Dt(percent(split.as_published, language), className="was"),
                    html.Dd(w("split.as_published"), className="was"),
                    html.Dt(percent(split.kept_in_both, language)),
                    html.Dd(w("split.kept_in_both")),
                    html.Dt(percent(split.left_out_of_both, language)),
                    html.Dd(w("split.left_out", off=off)),
                ],
                className="key",
            ),
        ],
        className="ab",
    )
