/* What only the map in the browser knows: its zoom, its scale, what is dragged on it. Plotly's public calls, and its
   own map where that is there: without it all still works, a little slower. */
(function () {
  "use strict";
  var none = function () { return window.dash_clientside.no_update; };
  var BOX = "#map, #map-two";
  var byId = function (id) { return document.getElementById(id); };

  function plot(id) { return window.siteline.plot(id || "map"); }
  function view(gd) { return gd && gd.layout && gd.layout.map ? gd.layout.map : null; }
  function innerOf(gd) { return window.siteline.inner(gd, []); }
  /* Where the map is now: from itself while it moves, else from what Plotly was told last. */
  function now(gd) {
    var inner = innerOf(gd), said = view(gd);
    if (inner && inner.getZoom) { var c = inner.getCenter(); return { zoom: inner.getZoom(), center: { lon: c.lng, lat: c.lat } }; }
    return said && said.center ? { zoom: said.zoom || 0, center: said.center } : null;
  }

  /* Moved through the map itself, as by hand, so that the view survives the next figure; else through Plotly. */
  function go(gd, zoom, center) {
    var inner = innerOf(gd);
    if (inner && inner.jumpTo) {
      inner.jumpTo({ zoom: zoom, center: [center.lon, center.lat] }, { originalEvent: new Event("siteline") });
    } else if (window.Plotly) {
      window.Plotly.relayout(gd, { "map.zoom": zoom, "map.center": center });
    }
    window.setTimeout(draw, 60);
  }
  /* A new figure puts back the view it opens with where Plotly did not take a move for one by hand: then the map goes
     back to where the reader had it. Another operation is another map. */
  var held = null;
  function operation() { return new URLSearchParams(window.location.search).get("op") || ""; }
  function watched() {
    var gd = plot(), inner = innerOf(gd);
    if (!inner || !inner.on || inner.__watched) { return; }
    inner.__watched = true;
    inner.on("moveend", function (e) { if (e.originalEvent) { held = now(gd); if (held) { held.op = operation(); } } });
    if (gd.on) {
      gd.on("plotly_afterplot", function () {
        var at = now(gd), map = innerOf(gd);
        if (!held || !at || !map || held.op !== operation() || map.isMoving()) { return; }
        var far = Math.abs(at.zoom - held.zoom) + Math.abs(at.center.lon - held.center.lon) + Math.abs(at.center.lat - held.center.lat);
        if (far > 1e-6) { map.jumpTo({ zoom: held.zoom, center: [held.center.lon, held.center.lat] }); window.setTimeout(draw, 60); }
      });
    }
  }
  window.setInterval(watched, 400);  /* a new page brings a new map */
  function zoomBy(step) {
    var gd = plot(), at = now(gd);
    if (at) { go(gd, Math.max(0, Math.min(14, at.zoom + step)), at.center); }
  }
  function moveBy(x, y) {
    var gd = plot(), at = now(gd);
    if (!at) { return; }
    var degrees = 360 / Math.pow(2, at.zoom) / 512 * 90;
    var lat = Math.max(-80, Math.min(80, at.center.lat + y * degrees * Math.cos(at.center.lat * Math.PI / 180)));
    go(gd, at.zoom, { lon: at.center.lon + x * degrees, lat: lat });
  }

  /* The map is reached by Tab and moved by arrows, + and -; its places are links beside it. */
  document.addEventListener("keydown", function (e) {
    if (!e.target.closest || !e.target.closest(BOX) || e.ctrlKey || e.metaKey || e.altKey) { return; }
    var moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (moves[e.key]) { moveBy(moves[e.key][0], moves[e.key][1]); e.preventDefault(); }
    if (e.key === "+" || e.key === "=") { zoomBy(1); e.preventDefault(); }
    if (e.key === "-") { zoomBy(-1); e.preventDefault(); }
  });

  /* A link at the head of the page brings the focus to a part of it; what is folded is opened. */
  document.addEventListener("click", function (e) {
    var link = e.target.closest && e.target.closest("a.skip[href^='#']"), to = link && byId(link.hash.slice(1));
    if (!to) { return; }
    e.preventDefault();
    if (to.tagName === "DETAILS") { to.open = true; to = to.querySelector("summary"); }
    var reached = "a,button,input,select,summary,[tabindex]";
    var inner = to.matches(reached) || to.id === "main" ? to : to.querySelector("[tabindex='0']") || to;
    if (!inner.matches(reached)) { inner.tabIndex = -1; }
    inner.focus();
    to.scrollIntoView({ block: "nearest" });
  });

  function scaleFor(lat, zoom) {
    var metres = 40075016.686 * Math.cos(lat * Math.PI / 180) / (512 * Math.pow(2, zoom));
    var most = metres * 120, power = Math.pow(10, Math.floor(Math.log10(most)));
    var length = [5, 2, 1].map(function (n) { return n * power; }).find(function (n) { return n <= most; });
    var text = length >= 1000 ? (length / 1000).toLocaleString(document.documentElement.lang) + " km" : length + " m";
    return { text: text, px: length / metres };
  }
  function draw() {
    var at = now(plot()), box = byId("map-scale");
    if (!at || !box) { return; }
    var scale = scaleFor(at.center.lat, at.zoom), bar = document.createElement("span");
    bar.style.width = scale.px.toFixed(1) + "px";
    box.replaceChildren(document.createTextNode(scale.text), bar);
  }

  /* The address. A part that is set to "" is left out of it; what is filtered anew begins with its first page. */
  function address() { return new URLSearchParams(window.location.search); }
  function set(parts) {
    var query = address();
    Object.keys(parts).forEach(function (name) {
      if (parts[name] === "" || parts[name] === null) { query.delete(name); } else { query.set(name, parts[name]); }
    });
    var search = query.toString() ? "?" + query.toString() : "";
    if (search !== window.location.search) { window.dash_clientside.set_props("url", { search: search }); }
  }

  /* Layers: order and strength. The rows of the panel stand from above to below, the address from below to above. */
  function layersOn() {
    var rows = Array.from(document.querySelectorAll("#map-layers [data-layer]")).reverse();
    return rows.filter(function (row) { var box = row.querySelector("input[type=checkbox]"); return box && box.checked; })
      .map(function (row) { return row.dataset.layer; });
  }
  document.addEventListener("click", function (e) {
    var button = e.target.closest && e.target.closest("[data-move]");
    if (!button) { return; }
    var parts = button.dataset.move.split(":"), on = layersOn(), at = on.indexOf(parts[0]), to = at + Number(parts[1]);
    if (at < 0 || to < 0 || to >= on.length) { return; }
    on.splice(at, 1); on.splice(to, 0, parts[0]);
    set({ layers: on.join(",") });
  });
  document.addEventListener("change", function (e) {
    var bar = e.target.closest && e.target.closest("#map-layers input[type=range]");
    var row = bar && bar.closest("[data-layer]");
    if (!row) { return; }
    var held = {};
    (address().get("opacity") || "").split(",").forEach(function (pair) {
      var cut = pair.split(":"); if (cut.length === 2) { held[cut[0]] = cut[1]; }
    });
    var share = String(Math.round(Number(bar.value) * 10) / 10);
    if (share === "1") { delete held[row.dataset.layer]; } else { held[row.dataset.layer] = share; }
    set({ opacity: Object.keys(held).map(function (key) { return key + ":" + held[key]; }).join(",") });
  });

  /* A link to a place moves the map there as well, no closer than it is where it is close already. */
  document.addEventListener("click", function (e) {
    var link = e.target.closest && e.target.closest("a[data-at]");
    if (!link || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) { return; }
    var cut = link.dataset.at.split(",").map(Number), gd = plot(), at = now(gd);
    if (at && cut.length === 2 && isFinite(cut[0]) && isFinite(cut[1])) {
      go(gd, Math.max(at.zoom, 8), { lon: cut[0], lat: cut[1] });
    }
  }, true);

  /* A part of the map, in degrees. Web Mercator, north up: the world is 512 pixels wide at zoom 0. */
  function toDegrees(gd, x, y) {
    var at = now(gd), box = gd.getBoundingClientRect(), world = 512 * Math.pow(2, at.zoom);
    var yAt = function (lat) { var s = Math.sin(lat * Math.PI / 180); return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI); };
    var lon = at.center.lon + (x - box.width / 2) / world * 360;
    var my = yAt(at.center.lat) + (y - box.height / 2) / world;
    var lat = Math.atan(Math.sinh(Math.PI * (1 - 2 * my))) * 180 / Math.PI;
    return [Math.max(-180, Math.min(180, lon)), Math.max(-85, Math.min(85, lat))];
  }
  function boxOf(gd, x0, y0, x1, y1) {
    var a = toDegrees(gd, Math.min(x0, x1), Math.max(y0, y1)), b = toDegrees(gd, Math.max(x0, x1), Math.min(y0, y1));
    return [a[0], a[1], b[0], b[1]].map(function (n) { return String(Math.round(n * 1e4) / 1e4); }).join(",");
  }
  function keep(box) { set({ box: box, page: "" }); }
  /* Sides that make no box are marked, and a sentence says what is wrong with them. */
  function boxFits(sides) {
    var names = ["west", "south", "east", "north"], wrong = byId("box-wrong");
    var empty = names.filter(function (name, nth) { return !isFinite(sides[nth]); });
    var turned = empty.length ? [] : (sides[0] < sides[2] ? [] : ["west", "east"]).concat(sides[1] < sides[3] ? [] : ["south", "north"]);
    var bad = empty.concat(turned), why = empty.length ? "empty" : turned[0];
    names.forEach(function (name) {
      var field = byId("box-" + name);
      if (bad.indexOf(name) < 0) { field.removeAttribute("aria-invalid"); field.removeAttribute("aria-describedby"); return; }
      field.setAttribute("aria-invalid", "true"); field.setAttribute("aria-describedby", "box-wrong");
    });
    wrong.textContent = bad.length ? wrong.dataset[why] : "";
    if (bad.length) { byId("box-" + bad[0]).focus(); }
    return !bad.length;
  }
  function northUp(gd) {
    var inner = innerOf(gd);
    if (inner && inner.getBearing && (inner.getBearing() || inner.getPitch())) { inner.jumpTo({ bearing: 0, pitch: 0 }); }
  }
  function dragBox() {
    var gd = plot(), holder = gd && gd.closest(".mapbox");
    if (!holder || holder.querySelector(".dragbox")) { return; }
    northUp(gd);
    var over = document.createElement("div"), mark = document.createElement("div"), from = null;
    over.className = "dragbox"; mark.className = "dragmark"; over.appendChild(mark);
    var at = function (e) { var box = over.getBoundingClientRect(); return [e.clientX - box.left, e.clientY - box.top]; };
    var end = function () { over.remove(); document.removeEventListener("keydown", stop); };
    var stop = function (e) { if (e.key === "Escape") { end(); } };
    over.addEventListener("pointerdown", function (e) { from = at(e); over.setPointerCapture(e.pointerId); e.preventDefault(); });
    over.addEventListener("pointermove", function (e) {
      if (!from) { return; }
      var to = at(e);
      mark.style.left = Math.min(from[0], to[0]) + "px"; mark.style.top = Math.min(from[1], to[1]) + "px";
      mark.style.width = Math.abs(to[0] - from[0]) + "px"; mark.style.height = Math.abs(to[1] - from[1]) + "px";
    });
    over.addEventListener("pointerup", function (e) {
      var to = at(e), start = from;
      end();
      if (start && Math.abs(to[0] - start[0]) > 3 && Math.abs(to[1] - start[1]) > 3) { keep(boxOf(gd, start[0], start[1], to[0], to[1])); }
    });
    document.addEventListener("keydown", stop);
    holder.appendChild(over);
    holder.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("click", function (e) {
    var button = e.target.closest && e.target.closest("#box-draw, #box-view, #box-use");
    if (!button) { return; }
    var gd = plot();
    if (button.id === "box-draw") { dragBox(); }
    if (button.id === "box-view" && now(gd)) {
      var box = gd.getBoundingClientRect();
      northUp(gd); keep(boxOf(gd, 0, 0, box.width, box.height));
    }
    if (button.id === "box-use") {
      var sides = ["west", "south", "east", "north"].map(function (name) {
        var field = byId("box-" + name), text = field ? field.value.replace(/[^0-9.,\u2212-]/g, "").replace("\u2212", "-").replace(",", ".") : "";
        return text === "" ? NaN : Math.round(Number(text) * 1e4) / 1e4;
      });
      if (boxFits(sides)) { keep(sides.join(",")); }
    }
  });

  /* Play: on to the next date when the map has come to rest; every other press of a control ends it. */
  var playing = 0, since = 0, LEAST_MS = 900;
  function playButton() { return byId("map-play"); }
  function pause() {
    window.clearTimeout(playing); playing = 0;
    var button = playButton();
    if (button) { button.textContent = button.dataset.play; button.setAttribute("aria-pressed", "false"); }
  }
  /* A page that is made anew, as each picture without WebGL is, brings a button that says Play. */
  function says() {
    var button = playButton(), text = button && button.dataset.pause;
    if (!playing || !button || button.textContent === text) { return; }
    button.textContent = text; button.setAttribute("aria-pressed", "true");
  }
  document.addEventListener("DOMContentLoaded", function () { new MutationObserver(says).observe(document.body, { childList: true, subtree: true }); });
  function idle(then) {
    var inner = innerOf(plot()), done = false;
    var once = function () { if (!done) { done = true; then(); } };
    if (inner && inner.once && !(inner.loaded && inner.loaded())) { inner.once("idle", once); }
    playing = window.setTimeout(once, inner && inner.loaded && inner.loaded() ? 60 : 4000);
  }
  function step() {
    if (!playing) { return; }
    var next = byId("step-after"), text = byId("map-head") ? byId("map-time").textContent : "";
    if (!next || !next.getAttribute("href")) { pause(); return; }
    since = Date.now(); next.click();
    var wait = function (tries) {  /* until the timeline says another date */
      if (!playing) { return; }
      var box = byId("map-time");
      if (!box) { pause(); return; }
      if (box.textContent === text && tries > 0) { playing = window.setTimeout(function () { wait(tries - 1); }, 60); return; }
      idle(function () {
        if (playing) { playing = window.setTimeout(step, Math.max(0, LEAST_MS - (Date.now() - since))); }
      });
    };
    playing = window.setTimeout(function () { wait(150); }, 60);
  }
  document.addEventListener("click", function (e) {
    if (!e.isTrusted && !(e.target.id === "map-play")) { return; }
    var button = e.target.closest && e.target.closest("#map-play");
    if (!button) { if (playing && e.isTrusted) { pause(); } return; }
    if (playing) { pause(); return; }
    var first = byId("step-after") ? null : button.dataset.first;
    playing = 1;
    says();
    if (first) { window.dash_clientside.set_props("url", { search: new URL(first, window.location.href).search }); playing = window.setTimeout(step, LEAST_MS * 2); return; }
    step();
  });

  /* Two maps: each follows the other. */
  var leading = null, release = 0;
  function follow(from, to) {
    if (leading && leading !== from) { return; }
    var at = now(from), there = now(to);
    if (!at || !there || Math.abs(at.zoom - there.zoom) < 1e-6 && Math.abs(at.center.lon - there.center.lon) < 1e-9 && Math.abs(at.center.lat - there.center.lat) < 1e-9) { return; }
    leading = from;
    window.clearTimeout(release); release = window.setTimeout(function () { leading = null; }, 200);
    go(to, at.zoom, at.center);
  }
  function joined() {
    var a = plot("map"), b = plot("map-two");
    if (!a || !b) { return; }
    [[a, b], [b, a]].forEach(function (two) {
      var inner = innerOf(two[0]);
      if (inner && inner.on && inner.__joined !== two[1]) {
        inner.__joined = two[1]; inner.on("move", function () { follow(two[0], two[1]); });
      } else if (!inner && two[0].on && two[0].__joined !== two[1]) {
        two[0].__joined = two[1]; two[0].on("plotly_relayout", function () { follow(two[0], two[1]); });
      }
    });
  }
  window.setInterval(joined, 700);  /* a figure may bring a new map */

  window.siteline = window.siteline || {};
  /* The browser cannot draw the points itself: the server draws those with most people, and the page says so. */
  window.siteline.fallback = function () { set({ plain: "1" }); };

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.siteline_map = {
    zoom: function () {
      var triggered = window.dash_clientside.callback_context.triggered;
      if (triggered.length && triggered[0].value) { zoomBy(triggered[0].prop_id.indexOf("map-zoom-in") === 0 ? 1 : -1); }
      return none();
    },
    scale: function () { window.setTimeout(draw, 60); return none(); }
  };
})();
