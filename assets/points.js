/* Maps with more than 5,000 sites: drawn with WebGL inside Plotly's own map, from bytes that this server gives.
   An address change is followed at once, before the server has drawn the page anew. Where the map cannot be reached
   or WebGL 2 is absent, the page goes back to plain points and says so. Wording comes from the server. The parts are in points/: bytes, pick (what is where), draw, hand (pointer and keys). */
(function () {
  "use strict";
  var parts = window.sitelinePoints = window.sitelinePoints || {};
  var ASKED = ["round", "on", "known", "colour", "service", "since", "vs", "types", "states", "within", "least", "most", "seen", "lacks", "text", "box"];
  var FEW = 200;  /* so many marks in view may have their full size */
  var HALF_PX = 4.5;  /* radius of a mark among many */
  var DENSE = [[20000, 0.5, 1 / 3], [300000, 1 / 3, 0]];  /* with more in view than the first, dots and edges are smaller by so much */
  var SLOW_MS = 400, HOOK_MS = 1500, REST_MS = 2000;
  var shown = new Map();  /* element -> Many */

  function plot(id) { return window.siteline.plot(id); }
  function hook(gd) {
    return window.siteline.inner(gd, ["addLayer", "getLayer", "moveLayer", "getCanvas", "triggerRepaint", "on"]);
  }
  function draws() {
    var context = typeof WebGL2RenderingContext === "undefined" ? null : document.createElement("canvas").getContext("webgl2");
    var lose = context && context.getExtension("WEBGL_lose_context");
    if (lose) { lose.loseContext(); }
    return context !== null;
  }
  function plain(reason, holder) {  /* once for each map that a page brings */
    if (holder.dataset.plain) { return; }
    holder.dataset.plain = reason;
    document.documentElement.dataset.points = "plain";
    document.documentElement.dataset.pointsReason = reason;
    window.siteline = window.siteline || {};
    if (window.siteline.fallback) { window.siteline.fallback(reason); return; }
    var query = new URLSearchParams(location.search);
    query.set("plain", "1");
    window.dash_clientside.set_props("url", { search: "?" + query });
  }
  function element(kind, name, within) {
    var made = document.createElement(kind);
    made.className = name; within.appendChild(made);
    return made;
  }

  var Many = parts.Many = function (holder) {
    var self = this;
    this.holder = holder; this.map = null; this.gd = null; this.drawing = null; this.mark = HALF_PX; this.stepped = -1; this.over = -1; this.seen = 0; this.resting = [];
    this.box = element("div", "many-hover", holder); this.box.hidden = true;
    this.ring = element("span", "many-ring", holder); this.ring.hidden = true;
    this.told = element("p", "vh", holder); this.told.setAttribute("aria-live", "polite");
    this.listeners = {
      "style.load": function () { self.put(); }, webglcontextrestored: function () { self.put(true); },
      webglcontextlost: function () { self.drawing = null; },
      idle: function () { self.count(); self.still(); self.ahead(); }, move: function () { self.stand(); },
      mousemove: function (e) { self.point(e.point); }, mouseout: function () { self.leave(); }, click: function (e) { self.click(e.point); }
    };
    this.after = function () { self.put(); };
    this.hovers = function () { self.other = true; self.leave(); };
    this.unhovers = function () { self.other = false; };
  };

  /* The page puts a new element where the old one was, at every date: what is drawn stays, and moves there. */
  Many.prototype.move = function (holder) {
    var before = this.holder;
    [this.box, this.ring, this.told].forEach(function (part) { holder.appendChild(part); });
    if (before.dataset.shown) { holder.dataset.shown = before.dataset.shown; }
    if (before.hasAttribute("aria-busy")) { holder.setAttribute("aria-busy", "true"); }
    this.holder = holder;
  };
  Many.prototype.take = function () {
    var text = this.holder.dataset.manifest;
    if (text !== this.text) {
      this.text = text; this.told_of = JSON.parse(text); this.path = location.pathname;
      var drawn = JSON.stringify(Object.assign({}, this.told_of, { near: [] })), same = drawn === this.drawn;
      this.drawn = drawn;
      if (!same || !this.at) { this.follow(); }  /* with other neighbours alone, nothing is drawn again */
    }
    this.attach();
  };

  /* Reaching the map. It comes some time after its box, and is another one where the plot is made anew. */
  Many.prototype.attach = function () {
    var gd = plot(this.told_of.graph), map = hook(gd), self = this;
    if (map && map === this.map) { return; }
    this.detach();
    if (!map) {
      var canvas = gd && gd.querySelector(".maplibregl-canvas, canvas");
      if (canvas && !this.waiting) {
        this.waiting = window.setTimeout(function () {
          self.waiting = null;
          if (self.holder.isConnected && !hook(plot(self.told_of.graph))) { plain("hook", self.holder); }
        }, HOOK_MS);
      }
      return;
    }
    window.clearTimeout(this.waiting); this.waiting = null;
    this.map = map; this.gd = gd;
    document.documentElement.dataset.points = "gl";
    Object.keys(this.listeners).forEach(function (name) { map.on(name, self.listeners[name]); });
    if (gd.on) { gd.on("plotly_afterplot", this.after); gd.on("plotly_hover", this.hovers); gd.on("plotly_unhover", this.unhovers); }
    this.put();
  };
  Many.prototype.detach = function () {
    var map = this.map, gd = this.gd, self = this;
    if (!map) { return; }
    Object.keys(this.listeners).forEach(function (name) { map.off(name, self.listeners[name]); });
    if (gd && gd.removeListener) {
      gd.removeListener("plotly_afterplot", this.after); gd.removeListener("plotly_hover", this.hovers); gd.removeListener("plotly_unhover", this.unhovers);
    }
    try { if (map.getLayer("siteline-many")) { map.removeLayer("siteline-many"); } } catch (e) { /* a map that is gone has no layers */ }
    this.map = this.gd = this.drawing = this.stands = null;
  };
  Many.prototype.close = function () {
    this.detach(); this.still(true);
    window.clearTimeout(this.waiting); window.clearTimeout(this.slow); window.clearTimeout(this.soon);
    [this.asking, this.naming].forEach(function (c) { if (c) { c.abort(); } });
  };

  /* The layer stands below the marks of Plotly, above areas and outlines, after every style and every figure. */
  Many.prototype.put = function (anew) {
    var map = this.map, self = this;
    if (!map) { return; }
    try {
      var order = map.getLayersOrder(), first = order.find(function (id) { return id.indexOf("plotly-trace-layer-") === 0; });
      if (anew && map.getLayer("siteline-many")) { map.removeLayer("siteline-many"); }
      if (!map.getLayer("siteline-many")) {
        map.addLayer({
          id: "siteline-many", type: "custom", renderingMode: "2d",
          onAdd: function (_, gl) { self.drawing = new parts.Drawing(gl); self.fresh = true; self.fill(); },
          render: function (gl, args) { self.render(args); },
          onRemove: function () { if (self.drawing) { self.drawing.free(); self.drawing = null; } }
        }, first);
      } else if (first && order.indexOf("siteline-many") !== order.indexOf(first) - 1) { map.moveLayer("siteline-many", first); }
    } catch (e) {
      if (/Sites cannot be drawn/.test(e.message)) { plain("webgl", this.holder); }  /* else the style is not there yet: its load calls again */
    }
  };

  /* What the address asks of the server, or null where the address is another operation's or page's. */
  Many.prototype.query = function (search) {
    var given = new URLSearchParams(search), m = this.told_of;
    var mine = location.pathname === this.path && Object.keys(m.fixed).every(function (name) { return (given.get(name) || "") === m.fixed[name]; });
    if (!mine) { return null; }
    if (m.moment) {  /* the second of two maps stands beside the first one */
      var moment = given.get(m.moment) || "", first = given.get("round") || given.get("on") || "";
      given.delete("round"); given.delete("on"); given.set(m.moment, first);
      if (moment) { given.set(/^\d{1,5}$/.test(moment) ? "round" : "on", moment); }
    }
    if (given.get("colour") !== "change") { given.delete("vs"); }  /* nothing else of a map depends on the other */
    return ordered(given);
  };
  /* Always in one order, so that one date has one address. */
  function ordered(given) {
    var asked = new URLSearchParams();
    ASKED.forEach(function (name) { if (given.get(name)) { asked.set(name, given.get(name)); } });
    return asked;
  }
  Many.prototype.address = function (asked) { return this.told_of.at + (String(asked) ? "?" + asked : ""); };

  Many.prototype.follow = function () {
    var self = this, m = this.told_of, asked = this.query(location.search);
    if (!asked) { return; }
    var url = this.address(asked), same = url === this.url, colour = asked.get("colour") || "state";
    this.url = url;
    if (same && this.at && this.places) { this.show(this.at, this.places); return; }
    if (same && this.asking) { return; }
    if (this.asking) { this.asking.abort(); }
    var asking = this.asking = new AbortController();
    window.clearTimeout(this.slow);
    this.slow = window.setTimeout(function () { self.say(m.words.waiting); }, SLOW_MS);
    this.holder.setAttribute("aria-busy", "true");
    Promise.all([parts.placesOf(m.places), parts.dateOf(url, { signal: asking.signal })]).then(function (both) {
      return both[0].n === both[1].n ? both : Promise.all([parts.placesOf(m.places, true), both[1]]);
    }).then(function (both) {
      if (self.asking !== asking || !self.holder.isConnected) { return; }
      if (both[0].n !== both[1].n) { throw new Error("The places and their values differ in number."); }
      self.asking = null; self.colour = colour;
      self.show(both[1], both[0]);
    }).catch(function (why) {
      if (asking.signal.aborted || self.asking !== asking) { return; }
      self.asking = null; self.url = null;
      window.clearTimeout(self.slow);
      self.at = null; self.rows = null;
      if (self.drawing) { self.drawing.clear(); }
      self.fill();  /* marks of another date would be read as of this one */
      self.holder.dataset.shown = "-"; self.holder.removeAttribute("aria-busy"); self.still();
      self.say(m.words.failed);
      if (window.console) { window.console.warn("Sites: " + why.message); }
    });
  };

  Many.prototype.show = function (at, where) {
    var m = this.told_of, on = m.switched_on;
    window.clearTimeout(this.slow);
    if (where !== this.places) { this.fresh = true; this.stepped = -1; }
    this.at = at; this.places = where;
    this.k = parts.scale((at.whole || at).value, m.k, m.largest);  /* of single sites, so that the legend holds for groups of them */
    var hatched = [], key;
    this.palette().forEach(function (colour, which) { if (colour === "hatch") { hatched.push(which); } });
    key = JSON.stringify([on, hatched]);
    if (at.orderOf !== key) {
      at.order = parts.order(at, { k: this.k, dot: m.dot, mark: HALF_PX, small: parts.SMALL, sites: on.sites, ghosts: on.ghosts, hatched: hatched });
      at.orderOf = key;
    }
    this.rows = at.order.rows;
    this.seen = this.screen ? this.screen.count(where.x, where.y, this.rows) : this.rows.length;
    this.leave(); this.listed = null;
    this.fill();
    this.holder.removeAttribute("aria-busy");
    this.holder.dataset.shown = this.url;
  };
  /* Once the sites of an address are drawn and the map is at rest; at the latest after a while. */
  Many.prototype.rest = function (url) {
    var self = this;
    return new Promise(function (done) {
      self.resting.push({ url: url, done: done });
      window.setTimeout(done, REST_MS);
    });
  };
  Many.prototype.still = function (whatever) {
    var shown = this.holder.dataset.shown;
    this.stands = shown;
    this.resting = this.resting.filter(function (one) {
      var over = whatever || one.url === shown || shown === "-";
      if (over) { one.done(); }
      return !over;
    });
  };
  /* Until the server has said the colours of another choice, all have the one of no class. */
  Many.prototype.palette = function () { return (this.colour || "state") === this.told_of.colour ? this.told_of.palette : []; };
  Many.prototype.fill = function () {
    if (this.drawing && this.at && this.places) { this.drawing.fill(this.places, this.at, this.at.order, this.fresh); this.fresh = false; }
    if (this.map) { this.map.triggerRepaint(); }
  };

  Many.prototype.render = function (args) {
    var map = this.map, m = this.told_of, canvas = map.getCanvas(), middle = map.getCenter(), bounds = map.getBounds();
    var wide = canvas.clientWidth || 1, high = canvas.clientHeight || 1, lat = middle.lat * Math.PI / 180;
    var turn = (((middle.lng + 180) / 360) % 1 + 1) % 1;
    this.copies = [Math.floor((bounds.getWest() + 180) / 360), Math.floor((bounds.getEast() + 180) / 360)];
    this.matrix = Array.prototype.slice.call(args.defaultProjectionData.mainMatrix);
    this.screen = parts.screen(this.matrix, wide, high, this.copies);
    if (!this.drawing || !this.at || !this.rows) { return; }
    var dense = DENSE.filter(function (step) { return this.seen > step[0]; }, this).pop() || [0, 1, 1];
    this.drawing.render({
      k: this.k, dot: m.dot * dense[1], mark: this.mark * (dense[1] < 1 ? 0.75 : 1), edge: m.edge * dense[2], dpr: canvas.width / wide, pale: m.pale, opacity: m.opacity, colours: m.colours, palette: this.palette()
    }, this.matrix, [turn, 0.5 - Math.log(Math.tan(Math.PI / 4 + lat / 2)) / (2 * Math.PI)], this.copies, [wide / 2, high / 2]);
  };

  /* How many are in view and how many are drawn: always said. */
  Many.prototype.count = function () {
    if (!this.screen || !this.rows) { return; }
    var m = this.told_of, before = this.seen, grown;
    this.seen = this.screen.count(this.places.x, this.places.y, this.rows);
    this.listed = null;
    grown = this.seen <= FEW ? parts.FULL_PX : HALF_PX;
    if (!this.asking) { this.say(parts.filled(m.words.counted, { view: parts.number(this.seen), drawn: parts.number(this.rows.length), total: parts.number(m.total) })); }
    var other = DENSE.some(function (step) { return before > step[0] !== this.seen > step[0]; }, this);
    if (grown !== this.mark || other) { this.mark = grown; this.map.triggerRepaint(); }
  };
  Many.prototype.say = function (text) {
    var line = document.getElementById(this.told_of.counted);
    if (line && line.textContent !== text) { line.textContent = text; }
  };

  /* Dates before and after, when nothing else is to do. */
  Many.prototype.ahead = function () {
    var self = this, m = this.told_of, later = window.requestIdleCallback || function (f) { window.setTimeout(f, 300); };
    if (this.fetching || this.asking || navigator.connection && navigator.connection.saveData) { return; }
    var own = this.query(location.search);
    if (!own || m.moment || this.aheadOf === this.text) { return; }
    this.aheadOf = this.text;
    var urls = m.near.map(function (near) {
      var asked = new URLSearchParams(own);
      asked.delete("round"); asked.delete("on");
      new URLSearchParams(near).forEach(function (value, name) { asked.set(name, value); });
      return self.address(ordered(asked));
    });
    function next() {
      var url = urls.shift();
      self.fetching = Boolean(url);
      if (!url || !self.holder.isConnected) { self.fetching = false; return; }
      if (parts.hasDate(url)) { next(); return; }
      var soon = parts.ahead(url);
      soon.catch(function () { /* asked again when it is wanted */ }).then(function () { later(next); });
    }
    later(next);
  };

  document.addEventListener("keydown", function (e) {
    if (e.ctrlKey || e.metaKey || e.altKey || !e.target.closest) { return; }
    shown.forEach(function (many) {
      if (!e.target.closest("#" + CSS.escape(many.told_of.graph))) { return; }
      var act = { Enter: function () { many.enter(); }, n: function () { many.step(1); }, p: function () { many.step(-1); }, Escape: function () { many.ring.hidden = true; many.stepped = -1; many.leave(); } }[e.key];
      if (act) { act(); e.preventDefault(); }
    });
  });

  /* The page is made and changed by others: what stands on it is looked up after every change. */
  var looking = null, able = null;
  function look() {
    looking = null;
    var left = [];
    shown.forEach(function (many, holder) { if (!holder.isConnected) { left.push(many); shown.delete(holder); } });
    document.querySelectorAll("#map-many[data-manifest], .map-many[data-manifest]").forEach(function (holder) {
      able = able === null ? draws() : able;
      if (!able) { plain("webgl", holder); return; }
      if (!shown.has(holder)) {
        var kind = holder.className, heir = left.findIndex(function (many) { return many.holder.className === kind && many.map && many.map === hook(plot(many.told_of.graph)); });
        if (heir >= 0) { shown.set(holder, left.splice(heir, 1)[0]); shown.get(holder).move(holder); } else { shown.set(holder, new Many(holder)); }
      }
      try { shown.get(holder).take(); } catch (e) { if (e instanceof SyntaxError) { plain("data", holder); } else { throw e; } }
    });
    left.forEach(function (many) { many.close(); });
  }
  function soon() { if (looking === null) { looking = window.setTimeout(look, 0); } }
  function moved() { shown.forEach(function (many) { if (many.told_of) { many.follow(); } }); }
  /* The page beside a map is made when the map is at rest, so that neither keeps the other waiting.
     Null where no map goes another way for that address. */
  parts.rest = function (path, search) {
    var waiting = [];
    shown.forEach(function (many) {
      var asked = many.map && many.path === path && many.query(search), url = asked && many.address(asked);
      if (url && many.stands !== url) { waiting.push(many.rest(url)); }
    });
    return waiting.length ? Promise.all(waiting) : null;
  };
  ["pushState", "replaceState"].forEach(function (name) {
    var was = window.history[name];
    window.history[name] = function () {
      var answer = was.apply(this, arguments);
      moved();
      return answer;
    };
  });
  window.addEventListener("popstate", moved);
  function start() {
    new MutationObserver(soon).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-manifest"] });
    look();
  }
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
  parts.shown = shown;
})();
