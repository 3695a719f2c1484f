"""Very many sites of Examplia, served in the bytes that the browser's drawing asks for, and a bare page with them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from flask import Flask, Response, jsonify, request, send_file
from numpy.typing import NDArray

from data.codes import State
from data.map_settings import MapSettings
from data.parts import STATES
from layers import many
from layers.colours import SCHEMES
from layers.scene import NO_TRACE, Scene
from web.headers import POLICY
from words import words

ROOT = Path(__file__).resolve().parents[1]
WIDE, HIGH = 760, 600
MIDDLE = (-20.0, -28.0)  # of the page's map: longitude, latitude
LEFT_OUT = 255
OLDER = 16
DIGESTS = count(1)
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><link rel="stylesheet" href="/assets/tokens.css">
<link rel="stylesheet" href="/assets/points.css"><style>body{margin:0}.vh{position:absolute;clip-path:inset(50%)}
#box{position:relative;width:760px;height:600px}#map,#map>div{width:760px;height:600px}</style>
<div id="box"><div id="map"><div id="m"></div></div><div id="map-many" data-manifest='__MANIFEST__'></div></div>
<p id="map-counted"></p><details id="map-groups" hidden><summary>Groups</summary><ul></ul></details>
<script src="/scaffold.js"></script><script src="/plotly.js"></script>
<script src="/assets/inner.js"></script><script src="/assets/points.js"></script>
<script src="/assets/points/bytes.js"></script>
<script src="/assets/points/draw.js"></script><script src="/assets/points/grouping.js"></script>
<script src="/assets/points/hand.js"></script><script src="/assets/points/pick.js"></script>
<script src="/assets/points/together.js"></script><script src="/start.js"></script></html>"""
SCAFFOLD = """
window.props = [];
window.dash_clientside = { set_props: (id, props) => {
  window.props.push([id, props]);
  if (id === "url" && props.search !== undefined) { history.pushState({}, "", location.pathname + props.search); }
} };
window.inner = () => document.getElementById("m")._fullLayout.map._subplot.map;
/* resolves when the sites of a query are drawn and the map is at rest */
window.atRest = (query, most) => new Promise((done, fail) => {
  const began = performance.now(), holder = document.getElementById("map-many");
  const timer = setInterval(() => {
    if (performance.now() - began > (most || 30000)) {
      clearInterval(timer); fail(new Error("not drawn: " + holder.dataset.shown));
    }
    const shown = holder.dataset.shown;
    if (shown === undefined || (query !== undefined && shown.split("?")[1] !== query)) { return; }
    clearInterval(timer);
    window.inner().once("idle", () => done(performance.now() - began));
    window.inner().triggerRepaint();
  }, 2);
});
"""
START = """
window.state = "drawing";
fetch("/figure.json").then((r) => r.json()).then((f) => { window.figure = f;
  return Plotly.newPlot("m", f.data, f.layout, {displayModeBar: false}); }).then((gd) => {
    const map = gd._fullLayout.map._subplot.map;
    map.loaded() ? (window.state = "idle") : map.once("idle", () => { window.state = "idle"; });
  }).catch((e) => { window.state = "failed: " + e; });
"""


def mercator(lon: Any, lat: Any) -> tuple[Any, Any]:
    """Web mercator from 0 to 1, y downwards."""
    return (np.asarray(lon) + 180) / 360, 0.5 - np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / (2 * np.pi)


class Sites:
    """Places and, by round, their values, marks and classes; what was asked for is noted."""

    def __init__(self, lon: Sequence[float] | NDArray[Any], lat: Sequence[float] | NDArray[Any]) -> None:
        self.x, self.y = (axis.astype("<f4") for axis in mercator(lon, lat))
        n = len(self.x)
        self.rounds: dict[str, tuple[NDArray[Any], NDArray[Any], NDArray[Any]]] = {}
        self.rough: dict[str, NDArray[Any]] = {}
        self.plain = (np.full(n, 1_000, "<f4"), np.zeros(n, np.uint8), np.full(n, 255, np.uint8))
        self.palette: Sequence[str] = ()
        self.settings = MapSettings()
        self.near: Sequence[str] = ()
        self.scheme = "light"
        self.asked: list[str] = []
        self.digest = (
            f"d{next(DIGESTS)}"  # a browser keeps for a year what stands at an address with a digest
        )

    def say(
        self, name: str, value: Any, mark: Any = None, classes: Any = None, rough: Sequence[int] = ()
    ) -> None:
        """What a round says; `rough` is 1 where a count is not exact, for all sites or none."""
        n = len(self.x)
        self.rough[name] = np.asarray(rough, np.uint8)
        self.rounds[name] = (
            np.broadcast_to(np.asarray(value, "<f4"), n).copy(),
            np.broadcast_to(np.asarray(0 if mark is None else mark, np.uint8), n).copy(),
            np.broadcast_to(np.asarray(255 if classes is None else classes, np.uint8), n).copy(),
        )

    def manifest(self, **changes: Any) -> dict[str, Any]:
        """As the page hands it over."""
        scene = Scene(
            snapshots={}, words=words("en"), colours=SCHEMES[self.scheme],
            switched_on=frozenset({"sites", "ghosts"}), settings=self.settings, digest=self.digest,
        )  # fmt: skip
        plain: dict[str, Any] = {
            "total": len(self.x) + 3,
            "palette": self.palette,
            "near": self.near,
            "fixed": {"op": ""},
        }
        return many.manifest(scene, "xam-mt", **(plain | changes))

    def figure(self, **layout: Any) -> dict[str, Any]:
        """An empty map."""
        c = SCHEMES[self.scheme]
        style = {
            "version": 8,
            "sources": {"z": {"type": "geojson", "data": {"type": "FeatureCollection", "features": []}}},
            "layers": [{"id": "land", "type": "background", "paint": {"background-color": c["land"]}}],
        }
        place = {
            "style": style,
            "center": {"lon": MIDDLE[0], "lat": MIDDLE[1]},
            "zoom": 6.0,
            "uirevision": "x",
        }
        made = {"map": place | layout, "margin": dict.fromkeys("lrtb", 0), "uirevision": "x"}
        return {"data": [NO_TRACE], "layout": made}

    def at(self, query: Mapping[str, str]) -> bytes:
        """The bytes of a round."""
        value, mark, classes = self.rounds.get(query.get("round", ""), self.plain)
        if query.get("least"):
            mark = np.where(value >= float(query["least"]), mark, LEFT_OUT).astype(np.uint8)
        head = np.array([len(value), int((mark != LEFT_OUT).sum())], "<u4")
        rough = self.rough.get(query.get("round", ""), np.zeros(0, np.uint8))
        return b"".join(part.tobytes() for part in (head, value, mark, classes, rough))

    def app(self) -> Flask:  # noqa: C901 - one app is read best in one piece
        """The server."""
        app = Flask("many-sites-under-test", static_folder=None)
        script = ROOT / "assets" / "plotly" / "plotly-part.min.js"
        base = f"/points/{self.digest}/xam-mt"

        @app.before_request
        def note() -> None:
            self.asked.append(request.full_path.rstrip("?"))

        @app.get("/map")
        def page() -> Response:
            text = json.dumps(self.manifest(), ensure_ascii=True).replace("'", "&#39;")
            answer = Response(PAGE.replace("__MANIFEST__", text), mimetype="text/html")
            answer.headers["Content-Security-Policy"] = POLICY.format(hashes="")
            return answer

        @app.get("/scaffold.js")
        def scaffold() -> Response:
            return Response(SCAFFOLD, mimetype="text/javascript")

        @app.get("/start.js")
        def start() -> Response:
            return Response(START, mimetype="text/javascript")

        @app.get("/plotly.js")
        def library() -> Response:
            return send_file(script)

        @app.get("/favicon.ico")
        def icon() -> Response:
            return Response(status=204)

        @app.get("/assets/<path:name>")
        def assets(name: str) -> Response:
            return send_file(ROOT / "assets" / name)

        @app.get("/figure.json")
        def figure() -> Response:
            return jsonify(self.figure())

        @app.get(f"{base}/places.bin")
        def places() -> Response:
            head = np.array([len(self.x)], "<u4").tobytes()
            answer = Response(head + self.x.tobytes() + self.y.tobytes(), mimetype="application/octet-stream")
            answer.headers["Cache-Control"] = "max-age=31536000, immutable"
            return answer

        @app.get(f"{base}/at.bin")
        def at() -> Response:
            if request.args.get("round") == "0":
                return Response("There is no round 0; the first is 1.", 404, mimetype="text/plain")
            answer = Response(self.at(request.args.to_dict()), mimetype="application/octet-stream")
            answer.headers["X-Points-Unit"] = "individuals"
            return answer

        @app.get(f"{base}/place")
        def place() -> Response:
            row = int(request.args["row"])
            value, mark, _ = self.rounds.get(request.args.get("round", ""), self.plain)
            state = STATES[int(mark[row]) & 15] if mark[row] != LEFT_OUT else State.NO_DATA
            return jsonify(
                key=f"xam-s{row}", name=f"Site <b>{row}</b>", state=state.value,
                age="older" if int(mark[row]) & OLDER and mark[row] != LEFT_OUT else "current",
                value=None if np.isnan(value[row]) else float(value[row]), unit="individuals",
                when="2024-10-01/2024-10-11", missed=0,
            )  # fmt: skip

        return app


def scattered(n: int, seed: int = 1) -> Sites:
    """`n` sites over a country, with sizes as they are met: most of some dozens of people, few of some thousands."""
    rng = np.random.default_rng(seed)
    made = Sites(MIDDLE[0] + rng.uniform(-4, 4, n), MIDDLE[1] + rng.uniform(-3, 3, n))
    marks = rng.choice([0, OLDER, 1, 2, 4, 5, 6], n, p=[0.82, 0.03, 0.02, 0.05, 0.04, 0.03, 0.01])
    for number in range(1, 13):
        value = np.exp(rng.normal(np.log(95), 1.1, n))
        made.say(str(number), np.where((marks & 15) == 0, value, np.nan), marks)
    return made
