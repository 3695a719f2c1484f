"""What the browser does by itself: address, colours, picking on the map. The scripts are in `assets/`."""

from __future__ import annotations

from collections.abc import Callable

from dash import ALL, ClientsideFunction, Dash, Input, Output, State

from pages.ids import DRAWN, NAV, PRESS, Id

SITELINE, MAP = "siteline", "siteline_map"


def register(app: Dash) -> None:
    """Add the scripts' callbacks to `app`."""
    add: Callable[..., object] = app.clientside_callback  # Dash states no types for it
    add(
        ClientsideFunction(SITELINE, "view"),
        Output(Id.VIEW, "data"),
        Input(Id.URL, "pathname"),
        Input(Id.URL, "search"),
        Input(Id.WIDE, "data"),
        Input(Id.SCHEME, "data"),
    )
    add(ClientsideFunction(SITELINE, "wear"), Output(Id.PROVIDER, "forceColorScheme"), Input(Id.VIEW, "data"))
    add(
        ClientsideFunction(SITELINE, "navigate"),
        Output(Id.URL, "search"),
        Input({"type": NAV, "index": ALL}, "value"),
        State({"type": DRAWN, "index": ALL}, "data"),
        State(Id.VIEW, "data"),
        prevent_initial_call=True,
    )
    add(
        ClientsideFunction(SITELINE, "press"),
        Output(Id.SCHEME, "data"),
        Output(Id.SAY, "children"),
        Input({"type": PRESS, "index": ALL}, "n_clicks"),
        State(Id.VIEW, "data"),
        prevent_initial_call=True,
    )
    add(
        ClientsideFunction(SITELINE, "pick"),
        Output(Id.URL, "search", allow_duplicate=True),
        Input(Id.MAP, "clickData"),
        State(Id.VIEW, "data"),
        prevent_initial_call=True,
    )
    add(
        ClientsideFunction(SITELINE, "open"),
        Output(Id.WORLD, "clickData"),
        Input(Id.WORLD, "clickData"),
        prevent_initial_call=True,
    )
    add(ClientsideFunction(SITELINE, "title"), Output(Id.PAGE, "modified_timestamp"), Input(Id.PAGE, "data"))
    add(
        ClientsideFunction(MAP, "zoom"),
        Output(Id.MAP_ZOOM_IN, "title"),
        Input(Id.MAP_ZOOM_IN, "n_clicks"),
        Input(Id.MAP_ZOOM_OUT, "n_clicks"),
        prevent_initial_call=True,
    )
    add(
        ClientsideFunction(MAP, "scale"),
        Output(Id.MAP_SCALE, "title"),
        Input(Id.MAP, "relayoutData"),
        Input(Id.MAP, "figure"),
    )
