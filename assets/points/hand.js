/* Very many sites under the hand: what the pointer is at, what is said of it, and the keys that step from site to site. */
(function () {
  "use strict";
  var parts = window.sitelinePoints, Many = parts.Many;
  var SLACK_PX = 3, HOVER_MS = 80;
  parts.FULL_PX = 9;  /* radius of a mark among few */

  parts.filled = function (sentence, values) {
    return String(sentence || "").replace(/\{(\w+)\}/g, function (_, name) { return name in values ? values[name] : ""; });
  };
  parts.number = function (value) { return value.toLocaleString(document.documentElement.lang || "en", { maximumFractionDigits: 1 }); }

  /* The topmost site at a point of the picture: the last that is drawn of those that cover it. -1: none. */
  Many.prototype.pick = function (at) {
    if (!this.screen || !this.at || !this.rows) { return -1; }
    var x = this.places.x, y = this.places.y, value = this.at.value, mark = this.at.mark, m = this.told_of, k = this.k, screen = this.screen, self = this;
    var best = -1, rank = Infinity;
    function test(row) {
      var state = mark[row] & 15;
      if (mark[row] === parts.LEFT_OUT || !(state === 4 ? m.switched_on.ghosts : m.switched_on.sites)) { return; }
      var spot = screen.spot(x[row], y[row]);
      if (!spot) { return; }
      var r = parts.radius(value[row], mark[row], k, m.dot, self.mark), off = Math.hypot(spot[0] - at.x, spot[1] - at.y);
      var mine = state === 4 ? off / 100 : r + off / 100;  /* small ones are on top of large ones, of the same size the nearer is meant */
      if (off <= Math.max(r, m.dot) + SLACK_PX && mine < rank) { best = row; rank = mine; }
    }
    for (var i = 0; i < this.at.order.large; i++) { test(this.rows[i]); }
    var reach = Math.max(parts.SMALL, parts.FULL_PX) + SLACK_PX, corners = [[-1, -1], [1, -1], [-1, 1], [1, 1]].map(function (c) {
      return self.map.unproject([at.x + c[0] * reach, at.y + c[1] * reach]);
    });
    var across = corners.map(function (c) { return (c.lng + 180) / 360; }), down = corners.map(function (c) {
      return 0.5 - Math.log(Math.tan(Math.PI / 4 + c.lat * Math.PI / 360)) / (2 * Math.PI);
    });
    for (var copy = this.copies[0]; copy <= this.copies[1]; copy++) {
      this.places.grid.near(Math.min.apply(null, across) - copy, Math.min.apply(null, down), Math.max.apply(null, across) - copy, Math.max.apply(null, down), test);
    }
    return best;
  };

  /* What the server says of a row at the date that is drawn. */
  Many.prototype.name = function (row) {
    if (this.naming) { this.naming.abort(); }
    this.naming = new AbortController();
    var asked = this.query(location.search), url = this.told_of.place + "?row=" + row + (asked && String(asked) ? "&" + asked : "");
    return fetch(url, { signal: this.naming.signal }).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status + " " + url); }
      return answer.json();
    });
  };
  function when(text, words) {
    var said = String(text || "").split("/").map(function (part) {
      var p = part.split("-").map(Number), day = p[2] === 1 ? words.first_day : String(p[2]);
      return p.length === 3 ? day + " " + words.months[p[1] - 1] + " " + p[0] : p.length === 2 ? words.months[p[1] - 1] + " " + p[0] : part;
    });
    return said.length === 2 ? parts.filled(words.from_to, { first: said[0], last: said[1] }) : said[0];
  }
  Many.prototype.lines = function (place) {
    var w = this.told_of.words, older = place.state === "counted_zero" ? w.older_zero : w.older, amount = "";
    if (typeof place.value === "number") {
      amount = parts.filled(w.amount, { number: parts.filled(w.precision[place.precision] || "{number}", { number: parts.number(place.value) }), unit: w.units[place.unit] || place.unit });
    }
    return [place.name, place.age === "older" ? older : place.age === "unknown" ? w.unknown : w.states[place.state] || "", when(place.when, w), amount].filter(Boolean);
  };

  Many.prototype.point = function (at) {
    var row = this.other ? -1 : this.pick(at), self = this;
    this.map.getCanvas().style.cursor = row < 0 ? "" : "pointer";
    if (row === this.over) { return; }
    this.leave();
    this.over = row;
    if (row < 0) { return; }
    this.soon = window.setTimeout(function () {
      self.name(row).then(function (place) { if (self.over === row) { self.hover(row, self.lines(place)); } }).catch(function () { /* another is pointed at, or none is said */ });
    }, HOVER_MS);
  };
  Many.prototype.leave = function () {
    window.clearTimeout(this.soon);
    this.over = -1; this.box.hidden = true;
  };
  Many.prototype.hover = function (row, lines) {
    this.box.replaceChildren.apply(this.box, lines.map(function (line, at) {
      var said = document.createElement(at ? "span" : "b");
      said.textContent = line;
      return said;
    }));
    this.box.dataset.row = row; this.box.hidden = false;
    this.stand();
  };
  /* The box and the ring stay at their sites while the map moves. */
  Many.prototype.stand = function () {
    var self = this;
    [[this.box, Number(this.box.dataset.row)], [this.ring, this.stepped]].forEach(function (pair) {
      var part = pair[0], row = pair[1];
      if (part.hidden || !self.screen || !self.places) { return; }
      var spot = self.screen.spot(self.places.x[row], self.places.y[row]);
      if (!spot) { part.hidden = true; return; }
      var canvas = self.map.getCanvas().getBoundingClientRect(), frame = self.holder.getBoundingClientRect();
      part.style.left = spot[0] + canvas.left - frame.left + "px"; part.style.top = spot[1] + canvas.top - frame.top + "px";
      part.classList.toggle("before", spot[0] > canvas.width / 2); part.classList.toggle("above", spot[1] > canvas.height / 2);
    });
  };

  /* Chosen: the same as a clicked point of a smaller map. */
  Many.prototype.choose = function (row) {
    return this.name(row).then(function (place) {
      var query = new URLSearchParams(location.search);
      query.set("place", place.key); query.delete("page");  /* the table opens where the place is */
      if ("?" + query !== location.search) { window.dash_clientside.set_props("url", { search: "?" + query }); }
      return place;
    }).catch(function () { /* asked again by the next click */ });
  };
  Many.prototype.click = function (at) {
    var row = this.other ? -1 : this.pick(at);
    if (row >= 0) { this.leave(); this.choose(row); }
  };

  Many.prototype.list = function () {
    if (!this.listed) { this.listed = parts.byPeople(this.screen.inView(this.places.x, this.places.y, this.rows), this.at.value); }
    return this.listed;
  };
  Many.prototype.step = function (by) {
    if (!this.screen || !this.rows) { return; }
    var list = this.list(), self = this, w = this.told_of.words, now = list.indexOf(this.stepped);
    if (!list.length) { this.told.textContent = w.none_in_view; return; }
    var at = now < 0 ? (by > 0 ? 0 : list.length - 1) : (now + by + list.length) % list.length, row = list[at];
    this.mark_(row);
    this.name(row).then(function (place) {
      self.told.textContent = parts.filled(w.step, { place: self.lines(place).join(". "), position: parts.number(at + 1), count: parts.number(list.length) });
      self.hover(row, self.lines(place));
    }).catch(function () { /* the next step says its own */ });
  };
  Many.prototype.mark_ = function (row) {
    this.stepped = row;
    var r = parts.radius(this.at.value[row], this.at.mark[row], this.k, this.told_of.dot, this.mark) + 5;
    this.ring.style.width = this.ring.style.height = 2 * r + "px"; this.ring.style.margin = -r + "px";
    this.ring.hidden = false;
    this.stand();
  };
  Many.prototype.enter = function () {
    if (!this.screen || !this.rows) { return; }
    var canvas = this.map.getCanvas(), middle = { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 }, self = this, best = this.ring.hidden ? -1 : this.stepped, near = Infinity;
    if (best < 0) {
      this.list().forEach(function (row) {
        var spot = self.screen.spot(self.places.x[row], self.places.y[row]), off = Math.hypot(spot[0] - middle.x, spot[1] - middle.y);
        if (off < near) { best = row; near = off; }
      });
    }
    if (best < 0) { this.told.textContent = this.told_of.words.none_in_view; return; }
    this.mark_(best);
    this.choose(best).then(function (place) { if (place) { self.told.textContent = parts.filled(self.told_of.words.chosen, { place: self.lines(place).join(". ") }); } });
  };
})();
