/* Many areas on the map: shapes as tiles, one byte an area and round. Nothing here runs where the areas are few.

   The page holds <div id="map-areas" data-manifest="…"> with what `layers.areas.manifest` says. A change of the
   address is acted on at once: the codes of the new view are asked for, and each area that differs is recoloured. */
(function () {
  "use strict";
  var SOURCE = "sl-areas", KEPT = 12, state = { map: null, manifest: null, codes: null, asked: null, turn: 0, cache: new Map(), hook: "" };

  function inner() {
    var gd = document.querySelector("#map .js-plotly-plot, #map.js-plotly-plot");
    var sub = gd && gd._fullLayout && gd._fullLayout.map && gd._fullLayout.map._subplot;
    return sub && sub.map && sub.map.addLayer && sub.map.setFeatureState ? sub.map : null;
  }
  function manifest() {
    var box = document.getElementById("map-areas");
    return box && box.dataset.manifest ? JSON.parse(box.dataset.manifest) : null;
  }

  /* A hatch as a picture of 16 px that repeats without a seam. */
  function hatch(look) {
    var side = 16, canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    var pen = canvas.getContext("2d");
    pen.strokeStyle = look.colour;
    pen.lineWidth = look.width;
    if (look.dashed) { pen.setLineDash(look.kind === "sparse" ? [1.5, 4] : [6, 5.3]); }
    function line(x1, y1, x2, y2) { pen.beginPath(); pen.moveTo(x1, y1); pen.lineTo(x2, y2); pen.stroke(); }
    var gap = { wide: 8, fine: 5.333, level: 5.333, cross: 8, sparse: 8, upright: 5.333 }[look.kind], at;
    for (at = -side; at <= 2 * side; at += gap) {
      if (look.kind === "level") { line(0, at + 1, side, at + 1); }
      else if (look.kind === "upright") { line(at + 1, 0, at + 1, side); }
      else {
        if (look.kind !== "sparse") { line(at, side, at + side, 0); }
        if (look.kind === "cross" || look.kind === "sparse") { line(at, 0, at + side, side); }
      }
    }
    return pen.getImageData(0, 0, side, side);
  }

  function code() { return ["coalesce", ["feature-state", "c"], 255]; }
  function colour(made) {
    var match = ["match", code()];
    Object.keys(made.colours).forEach(function (key) { match.push(Number(key), made.colours[key]); });
    return match.concat(["rgba(0,0,0,0)"]);
  }

  function add(map, made) {
    var below = made.below && map.getLayer(made.below) ? made.below : undefined;
    if (!map.getSource(SOURCE)) {
      map.addSource(SOURCE, { type: "vector", tiles: [made.tiles], minzoom: 0, maxzoom: 10 });
      map.addLayer({ id: SOURCE, type: "fill", source: SOURCE, "source-layer": made.layer,
        paint: { "fill-color": colour(made), "fill-opacity": made.opacity, "fill-antialias": false } }, below);
      Object.keys(made.hatches).forEach(function (key) {
        var name = "sl_hatch_" + key;
        if (!map.hasImage(name)) { map.addImage(name, hatch(made.hatches[key])); }
        map.addLayer({ id: SOURCE + "-" + key, type: "fill", source: SOURCE, "source-layer": made.layer,
          layout: { visibility: "none" },
          paint: { "fill-pattern": name, "fill-opacity": ["case", ["==", code(), Number(key)], 1, 0] } }, below);
      });
      map.addLayer({ id: SOURCE + "-edges", type: "line", source: SOURCE, "source-layer": made.layer,
        paint: { "line-color": made.edge, "line-width": 0.6 } }, below);
      state.codes = null;
    } else {
      map.setPaintProperty(SOURCE, "fill-color", colour(made));
      map.setPaintProperty(SOURCE, "fill-opacity", made.opacity);
    }
  }
  function take(map) {
    if (!map || !map.getStyle || !map.getSource(SOURCE)) { return; }
    map.getStyle().layers.forEach(function (layer) { if (layer.source === SOURCE) { map.removeLayer(layer.id); } });
    map.removeSource(SOURCE);
    state.codes = null;
  }

  /* Only what differs is set: most areas keep their class from one round to the next. */
  function paint(map, made, codes) {
    var before = state.codes, seen = {}, at;
    for (at = 0; at < codes.length; at += 1) {
      seen[codes[at]] = true;
      if (!before || before[at] !== codes[at]) {
        map.setFeatureState({ source: SOURCE, sourceLayer: made.layer, id: at }, { c: codes[at] });
      }
    }
    Object.keys(made.hatches).forEach(function (key) {  /* a hatch that nothing has is not drawn at all */
      map.setLayoutProperty(SOURCE + "-" + key, "visibility", seen[key] ? "visible" : "none");
    });
    state.codes = codes;
    document.documentElement.dataset.areas = "tiles:" + codes.length;
    say("");
  }
  /* Nothing is painted: colours of another date would be read as of this one. */
  function clear(map, made) {
    if (map.getSource(SOURCE)) {
      map.removeFeatureState({ source: SOURCE, sourceLayer: made.layer });
      Object.keys(made.hatches).forEach(function (key) { map.setLayoutProperty(SOURCE + "-" + key, "visibility", "none"); });
    }
    state.codes = null;
    document.documentElement.dataset.areas = "failed";
    say(made.failed);
  }
  function say(text) {
    var box = document.getElementById("map-areas");
    if (box && box.textContent !== text) { box.textContent = text; }
  }

  function fetched(address) {
    if (state.asked) { state.asked.abort(); state.asked = null; }
    if (state.cache.has(address)) { return Promise.resolve(state.cache.get(address)); }
    state.asked = new AbortController();
    return fetch(address, { signal: state.asked.signal }).then(function (answer) {
      if (!answer.ok) { throw new Error("areas " + answer.status); }
      return answer.arrayBuffer();
    }).then(function (body) { return keep(address, body); });
  }
  function keep(address, body) {
    var codes = new Uint8Array(body, 4, new DataView(body).getUint32(0, true));
    state.cache.set(address, codes);
    if (state.cache.size > KEPT) { state.cache.delete(state.cache.keys().next().value); }
    return codes;
  }

  function address(made) {
    var query = new URLSearchParams(window.location.search);
    if (!query.has("round") && !query.has("on")) { query.set("on", made.on); }
    return made.at + "?" + query.toString();
  }

  function draw() {
    var made = manifest(), map = inner(), turn = state.turn += 1;  /* what was asked for before is not painted any more */
    if (!made) { take(map); state.manifest = null; return Promise.resolve(false); }
    if (!map) {
      document.documentElement.dataset.areas = "plain";
      if (document.querySelector("#map .js-plotly-plot") && window.siteline && window.siteline.fallback) {
        window.siteline.fallback("areas");
      }
      return Promise.resolve(false);
    }
    if (state.map !== map) {
      state.map = map;
      state.codes = null;
      map.on("style.load", function () { state.codes = null; draw(); });
      map.on("mousemove", point);
      map.on("click", press);
    }
    if (state.manifest && state.manifest.tiles !== made.tiles) { take(map); }
    state.manifest = made;
    return fetched(address(made)).then(function (codes) {
      if (turn !== state.turn || codes.length !== made.n) { return false; }  /* other boundaries: the page follows */
      add(map, made);
      paint(map, made, codes);
      return true;
    }).catch(function (error) {
      if (turn === state.turn && error.name !== "AbortError") { clear(map, made); }
      return false;
    });
  }

  function under(event) {
    var map = state.map;
    if (!map || !map.getLayer(SOURCE)) { return null; }
    return map.queryRenderedFeatures(event.point, { layers: [SOURCE] })[0] || null;
  }
  function point(event) {
    var found = under(event), box = document.getElementById("map-areas-name");
    if (box) {
      var text = found ? (state.manifest.named || "{name} ({code})").replace("{name}", found.properties.name)
        .replace("{code}", found.properties.pcode) : "";
      var label = found && state.codes ? state.manifest.labels[state.codes[found.id]] : "";
      box.textContent = text + (label ? ": " + label : "");
    }
  }
  function press(event) {
    var found = under(event), query = new URLSearchParams(window.location.search);
    if (!found || !window.dash_clientside || !window.dash_clientside.set_props) { return; }
    query.set("place", found.properties.pcode);
    window.dash_clientside.set_props("url", { search: "?" + query.toString() });
  }

  window.siteline = window.siteline || {};
  window.siteline.areas = { draw: draw, state: state };
  new MutationObserver(function (changes) {
    if (changes.some(function (c) { return c.target.id === "map-areas" || (c.target.closest && c.target.closest("#map")) ||
      Array.prototype.some.call(c.addedNodes || [], function (n) { return n.querySelector && (n.id === "map-areas" || n.querySelector("#map-areas")); }); })) {
      window.clearTimeout(state.timer);
      state.timer = window.setTimeout(draw, 30);
    }
  }).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-manifest"] });
  ["pushState", "replaceState"].forEach(function (name) {
    var was = window.history[name];
    window.history[name] = function () { var made = was.apply(this, arguments); if (state.manifest) { draw(); } return made; };
  });
  window.addEventListener("popstate", function () { if (state.manifest) { draw(); } });
})();
