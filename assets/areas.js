/* Many areas on the map: shapes as tiles, one byte an area and date. Nothing here runs where the areas are few.

   The page holds <div id="map-areas" data-manifest="…"> with what `layers.areas.manifest` says, and "map-areas-two" for
   the second of two maps. A change of the date in the address is acted on at once: the codes of the new view are asked
   for, and each area that differs is recoloured, before the page beside the map is made anew. */
(function () {
  "use strict";
  var SOURCE = "sl-areas", KEPT = 16, REST_MS = 2000, HOVER_MS = 90;
  var HOOK_MS = 1500;
  var ASKED = ["round", "on", "known", "since", "vs", "measure", "level", "classes", "limits"];  /* what the codes depend on */
  var FIXED = ["op", "release", "measure", "level", "classes", "limits", "layers", "plain", "low"];  /* of these, another is another map */
  var cache = new Map();  /* address -> codes, for all maps */

  function plot(id) { return window.siteline.plot(id); }
  function inner(id) { return window.siteline.inner(plot(id), ["addLayer", "setFeatureState"]); }

  /* A hatch as a picture of 16 px that repeats without a seam. */
  function hatch(look) {
    var side = 16, canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    var pen = canvas.getContext("2d");
    pen.strokeStyle = look.colour;
    pen.lineWidth = look.width;
    if (look.dashed) { pen.setLineDash(look.kind === "sparse" ? [1.5, 4] : [6, 5.3]); }
    function line(x1, y1, x2, y2) { pen.beginPath(); pen.moveTo(x1, y1); pen.lineTo(x2, y2); pen.stroke(); }
    var gap = { wide: 8, fine: 5.333, level: 5.333, cross: 8, sparse: 8, upright: 5.333 }[look.kind] || 8, at;
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
  /* Hatches that look alike are one layer: [name, look, codes]. */
  function hatches(made) {
    var found = new Map();
    Object.keys(made.hatches).forEach(function (key) {
      var look = JSON.stringify(made.hatches[key]);
      if (!found.has(look)) { found.set(look, [SOURCE + "-" + look.replace(/[^\w.#]+/g, "-"), made.hatches[key], []]); }
      found.get(look)[2].push(Number(key));
    });
    return Array.from(found.values());
  }
  function seenIn(codes) {
    var seen = new Uint8Array(256), at;
    for (at = 0; at < codes.length; at += 1) { seen[codes[at]] = 1; }
    return function (one) { return one[2].some(function (key) { return seen[key]; }); };
  }

  function keep(address, body) {
    var codes = new Uint8Array(body, 4, new DataView(body).getUint32(0, true));
    cache.set(address, codes);
    if (cache.size > KEPT) { cache.delete(cache.keys().next().value); }
    return codes;
  }
  function ask(address, signal) {
    return fetch(address, { signal: signal }).then(function (answer) {
      if (!answer.ok) { throw new Error("areas " + answer.status); }
      return answer.arrayBuffer();
    }).then(function (body) { return keep(address, body); });
  }

  /* One of two maps. */
  function Areas(box, mark) {
    this.box = box; this.mark = mark; this.held = null;
    this.map = this.manifest = this.codes = this.asked = this.shown = null;
    this.text = this.base = this.path = this.look = ""; this.turn = 0; this.waiting = null; this.resting = [];
  }
  var is = Areas.prototype;

  is.told = function () {
    var box = document.getElementById(this.box), text = box && box.dataset.manifest ? box.dataset.manifest : "";
    if (text !== this.text || box !== this.held) { this.held = box; this.text = text; this.read = text ? JSON.parse(text) : null; this.base = window.location.search; this.path = window.location.pathname; }
    return this.read || null;
  };

  /* The address of the codes of a view. The second map has the date of `vs`, and the first one is what it is beside. */
  is.address = function (made, search) {
    var query = new URLSearchParams(search), own = query.get("round") || query.get("on") || "";
    if (made.moment) {
      var moment = query.get(made.moment) || "";
      query.delete("round"); query.delete("on"); query.delete(made.moment);
      if (moment) { query.set(/^\d{1,5}$/.test(moment) ? "round" : "on", moment); query.set(made.moment, own || made.first); }
    } else if (!own) { query.set("on", made.on); }
    var asked = new URLSearchParams();  /* always in one order, so that one date has one address */
    ASKED.forEach(function (name) { if (query.get(name)) { asked.set(name, query.get(name)); } });
    return made.at + "?" + asked.toString();
  };
  /* Whether an address is this map at another date; else the page brings another map. */
  is.follows = function (path, search) {
    var made = this.told();
    if (!made || !this.map || path !== this.path) { return false; }
    var was = new URLSearchParams(this.base), now = new URLSearchParams(search);
    if (was.has("vs") !== now.has("vs") || was.get("measure") === "change" && now.has("vs") && !now.has("since")) { return false; }
    return FIXED.every(function (name) { return was.get(name) === now.get(name); });
  };

  is.add = function (map, made, codes) {
    var below = made.below && map.getLayer(made.below) ? made.below : undefined, edges = SOURCE + "-edges";
    var look = JSON.stringify([made.colours, made.opacity, made.hatches]), same = look === this.look;
    this.look = look;
    if (map.getSource(SOURCE)) {
      if (same) { return; }  /* setting what is set draws the whole map once more */
      map.setPaintProperty(SOURCE, "fill-color", colour(made));
      map.setPaintProperty(SOURCE, "fill-opacity", made.opacity);
      hatched(map, made, codes, edges);  /* another measure of the same areas may have other hatches */
      return;
    }
    map.addSource(SOURCE, { type: "vector", tiles: [made.tiles], minzoom: 0, maxzoom: 10 });
    map.addLayer({ id: SOURCE, type: "fill", source: SOURCE, "source-layer": made.layer,
      paint: { "fill-color": colour(made), "fill-opacity": made.opacity, "fill-antialias": false } }, below);
    hatched(map, made, codes, below);
    /* each border once, and only where areas are large enough to be told apart: lines cost more than all else here */
    map.addLayer({ id: edges, type: "line", source: SOURCE, "source-layer": made.borders, minzoom: made.borders_from,
      paint: { "line-color": made.edge, "line-width": 0.6 } }, below);
    this.codes = null;
  };
  function hatched(map, made, codes, below) {
    var seen = seenIn(codes);
    hatches(made).forEach(function (one) {
      var drawn = ["match", code(), one[2], 1, 0];
      if (map.getLayer(one[0])) { map.setPaintProperty(one[0], "fill-opacity", drawn); return; }
      if (!map.hasImage(one[0])) { map.addImage(one[0], hatch(one[1])); }
      map.addLayer({ id: one[0], type: "fill", source: SOURCE, "source-layer": made.layer,
        layout: { visibility: seen(one) ? "visible" : "none" },
        paint: { "fill-pattern": one[0], "fill-antialias": false, "fill-opacity": drawn } }, below);
    });
  }
  is.take = function (map) {
    if (!map || !map.getStyle || !map.style || !map.getSource(SOURCE)) { return; }
    map.getStyle().layers.forEach(function (layer) { if (layer.source === SOURCE) { map.removeLayer(layer.id); } });
    map.removeSource(SOURCE);
    this.codes = null; this.show(null);
  };

  /* Only what differs is set: most areas keep their class from one round to the next. */
  is.paint = function (map, made, codes) {
    var before = this.codes, at;
    for (at = 0; at < codes.length; at += 1) {
      if (!before || before[at] !== codes[at]) {
        map.setFeatureState({ source: SOURCE, sourceLayer: made.layer, id: at }, { c: codes[at] });
      }
    }
    /* A hatch that nothing has had so far is not drawn; one that was needed once stays: to switch it reads all tiles anew. */
    hatches(made).filter(seenIn(codes)).forEach(function (one) {
      if (map.getLayoutProperty(one[0], "visibility") === "none") { map.setLayoutProperty(one[0], "visibility", "visible"); }
    });
    this.codes = codes;
    document.documentElement.dataset[this.mark] = "tiles:" + codes.length;
    this.say("");
  };
  /* Whether each class has a colour: those of a date without that class say none, and an area must not look as if it had no value. */
  function told(made, codes) {
    return codes.every(function (one) { return one >= made.states_from && one < made.partial || one in made.colours; });
  }
  /* Nothing is painted: colours of another date would be read as of this one. */
  is.forget = function (map, made) {
    if (map.getSource(SOURCE)) { map.removeFeatureState({ source: SOURCE, sourceLayer: made.layer }); }
    this.codes = null; this.show(null);
  };
  is.clear = function (map, made) {
    this.forget(map, made);
    document.documentElement.dataset[this.mark] = "failed";
    this.say(made.failed);
  };
  /* What is painted stands on its box too, also on one that the page has just brought. */
  is.show = function (address) {
    var box = document.getElementById(this.box);
    this.shown = address;
    if (box) { box.dataset.shown = address || ""; }
  };
  is.say = function (text) {
    var box = document.getElementById(this.box);
    if (box && box.textContent !== text) { box.textContent = text; }
  };

  /* One answer at a time; whoever wants the same one waits for it too. */
  is.fetched = function (address) {
    var self = this, asked = this.asked;
    if (asked && asked.address === address) { return asked.answer; }
    if (asked) { asked.stop.abort(); this.asked = null; }
    if (cache.has(address)) { return Promise.resolve(cache.get(address)); }
    asked = this.asked = { address: address, stop: new AbortController() };
    asked.answer = ask(address, asked.stop.signal).finally(function () { if (self.asked === asked) { self.asked = null; } });
    return asked.answer;
  };

  is.attach = function (map) {
    var self = this;
    this.map = map; this.codes = null; this.show(null);
    map.on("style.load", function () { if (self.map === map) { self.codes = null; self.show(null); self.draw(); } });
    map.on("idle", function () { if (self.map === map) { self.still(); self.ahead(); } });
    map.on("mousemove", function (event) { if (self.map === map) { self.point(event); } });
    map.on("mouseout", leave); map.on("movestart", leave);
    map.on("click", function (event) { if (self.map === map) { self.press(event); } });
  };
  /* The map comes some time after its box. One that hides itself is drawn by plain polygons. */
  is.without = function () {
    var self = this, gd = plot(this.read.graph);
    if (this.waiting || !gd || !gd.querySelector("canvas")) { return; }
    this.waiting = window.setTimeout(function () {
      self.waiting = null;
      if (!self.told() || !plot(self.read.graph)) { return; }
      if (inner(self.read.graph)) { self.draw(); return; }
      document.documentElement.dataset[self.mark] = "plain";
      if (window.siteline && window.siteline.fallback) { window.siteline.fallback("areas"); }
    }, HOOK_MS);
  };
  is.draw = function () {
    var self = this, made = this.told(), turn = this.turn += 1;  /* what was asked for before is not painted any more */
    if (!made) { this.take(this.map); this.manifest = null; this.still(true); return Promise.resolve(false); }
    var map = inner(made.graph);
    if (!map) { this.without(); this.still(true); return Promise.resolve(false); }
    window.clearTimeout(this.waiting); this.waiting = null;
    if (this.map !== map) { this.attach(map); }
    if (this.manifest && this.manifest.tiles !== made.tiles) { this.take(map); }
    if (this.manifest === made && !this.follows(window.location.pathname, window.location.search)) { return Promise.resolve(false); }  /* the page brings what it is drawn with */
    this.manifest = made;
    var address = this.address(made, window.location.search);
    return this.fetched(address).then(function (codes) {
      if (turn !== self.turn) { return false; }
      if (codes.length !== made.n) { self.still(true); return false; }  /* other boundaries: the page follows */
      if (!told(made, codes)) { self.forget(map, made); self.still(true); return false; }  /* the page brings the colours */
      var another = self.shown !== address;
      self.add(map, made, codes);
      self.paint(map, made, codes);
      self.show(address);
      if (another) { map.triggerRepaint(); }  /* where no area differs the map is still asked to come to rest; the same view again is not drawn twice */
      return true;
    }).catch(function (error) {
      if (turn === self.turn && error.name !== "AbortError") { self.clear(map, made); self.still(true); }
      return false;
    });
  };

  /* Once the codes of an address are painted and the map is at rest; at the latest after a while. */
  is.rest = function (path, search) {
    var self = this;
    if (!this.follows(path, search)) { return null; }
    var address = this.address(this.told(), search);
    if (this.shown === address) { return null; }
    return new Promise(function (done) {
      self.resting.push({ address: address, done: done });
      window.setTimeout(done, REST_MS);
    });
  };
  is.still = function (whatever) {
    var shown = this.shown;
    this.resting = this.resting.filter(function (one) {
      var over = whatever || one.address === shown;
      if (over) { one.done(); }
      return !over;
    });
  };
  /* Dates before and after, when nothing else is to do. */
  is.ahead = function () {
    var self = this, made = this.manifest, later = window.requestIdleCallback || function (f) { window.setTimeout(f, 300); };
    if (!made || !made.near || !this.shown || this.aheadOf === this.shown || navigator.connection && navigator.connection.saveData) { return; }
    var of = this.aheadOf = this.shown, queries = made.near.slice();
    (function next() {
      var near = queries.shift();
      if (near === undefined || self.shown !== of) { return; }
      var search = new URLSearchParams(window.location.search);
      search.delete("round"); search.delete("on");
      new URLSearchParams(near).forEach(function (value, name) { search.set(name, value); });
      var address = self.address(made, search.toString());
      later(function () { if (self.shown === of && !cache.has(address)) { ask(address).then(next, function () { /* it is asked for again when it is needed */ }); } else { next(); } });
    })();
  };

  /* Under the pointer: the name and class at once, then what the table says of the area. */
  var over = null, naming = null, timer = null;
  function card() {
    if (!over) { over = document.createElement("div"); over.className = "many-hover area-hover"; over.id = "map-areas-name"; over.hidden = true; document.body.appendChild(over); }
    return over;
  }
  function lines(texts) {
    card().replaceChildren.apply(over, texts.filter(Boolean).map(function (text, nth) {
      var line = document.createElement(nth ? "span" : "b"); line.textContent = text; return line;
    }));
  }
  function leave() {
    window.clearTimeout(timer); timer = null;
    if (naming) { naming.abort(); naming = null; }
    if (over) { over.hidden = true; over.replaceChildren(); over.dataset.of = ""; }
  }
  is.under = function (event) {
    var map = this.map;
    return map && map.getLayer(SOURCE) ? map.queryRenderedFeatures(event.point, { layers: [SOURCE] })[0] || null : null;
  };
  is.point = function (event) {
    var self = this, found = this.manifest && !(this.map.isMoving && this.map.isMoving()) ? this.under(event) : null;
    if (!found) { leave(); return; }
    var made = this.manifest, address = this.shown, of = address + "#" + found.id, spot = event.originalEvent, box = card();
    if (spot) {
      box.style.position = "fixed"; box.style.zIndex = 5; box.style.pointerEvents = "none"; box.style.left = spot.clientX + "px"; box.style.top = spot.clientY + "px";
      box.classList.toggle("before", spot.clientX > window.innerWidth / 2); box.classList.toggle("above", spot.clientY > window.innerHeight / 2);
    }
    if (box.dataset.of === of) { return; }
    leave();
    var named = (made.named || "{name} ({code})").replace("{name}", found.properties.name || found.properties.pcode).replace("{code}", found.properties.pcode);
    lines([named, this.codes ? made.labels[this.codes[found.id]] : ""]);
    box.hidden = false; box.dataset.of = of;
    if (!made.area || !address) { return; }
    timer = window.setTimeout(function () {
      naming = new AbortController();
      fetch(made.area + address.slice(address.indexOf("?")) + "&lang=" + document.documentElement.lang + "&row=" + found.id, { signal: naming.signal }).then(function (answer) {
        return answer.ok ? answer.json() : null;
      }).then(function (said) { if (said && box.dataset.of === of && self.shown === address) { lines(said); } }).catch(function () { /* the name and the class stay */ });
    }, HOVER_MS);
  };
  is.press = function (event) {
    var found = this.manifest && this.under(event), query = new URLSearchParams(window.location.search);
    if (!found || !window.dash_clientside || !window.dash_clientside.set_props) { return; }
    query.set("place", found.properties.pcode); query.delete("page");  /* the table opens where the place is */
    window.dash_clientside.set_props("url", { search: "?" + query.toString() });
  };

  var first = new Areas("map-areas", "areas"), second = new Areas("map-areas-two", "areasTwo"), both = [first, second];
  first.cache = second.cache = cache;
  function draw() { both[1].draw(); return both[0].draw(); }
  /* What is followed at once. Without the map's own way to rest, the page is not kept waiting. */
  function moved() {
    both.forEach(function (one) {
      if (!one.manifest) { return; }
      if (one.follows(window.location.pathname, window.location.search)) { one.draw(); } else { one.turn += 1; one.still(true); }
    });
  }
  window.siteline = window.siteline || {};
  window.siteline.areas = { draw: draw, state: first, second: second };
  window.sitelineAreas = {
    /* null where no areas follow that address, else a promise of the map at rest with them */
    rest: function (path, search) {
      var given = search === undefined ? [window.location.pathname, path || ""] : [path, search || ""];
      var waiting = both.map(function (one) { return one.manifest ? one.rest(given[0], given[1]) : null; }).filter(Boolean);
      return waiting.length ? Promise.all(waiting) : null;
    }
  };
  var looking = null;
  new MutationObserver(function (changes) {
    var ours = changes.some(function (c) {
      return c.target.id === "map-areas" || c.target.id === "map-areas-two" || c.target.closest && c.target.closest("#map, #map-two") ||
        Array.prototype.some.call(c.addedNodes || [], function (n) { return n.querySelector && (/^map-areas/.test(n.id) && n.id !== "map-areas-name" || n.querySelector("#map-areas, #map-areas-two")); }) ||
        Array.prototype.some.call(c.removedNodes || [], function (n) { return n.querySelector && (/^map-areas(-two)?$/.test(n.id) || n.querySelector("#map-areas, #map-areas-two")); });
    });
    if (!ours) { return; }
    window.clearTimeout(looking);
    looking = window.setTimeout(draw, 30);
  }).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-manifest"] });
  ["pushState", "replaceState"].forEach(function (name) {
    var was = window.history[name];
    window.history[name] = function () { var made = was.apply(this, arguments); moved(); return made; };
  });
  window.addEventListener("popstate", moved);
})();
