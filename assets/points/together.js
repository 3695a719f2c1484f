/* Nearby sites as one disc, where a reader chose so: drawn, pointed at and stepped through like any site of the map,
   with a thin ring and its numbers. Groups are rows of their own behind those of single sites; grouping.js makes them. */
(function () {
  "use strict";
  var parts = window.sitelinePoints, P = parts.Many.prototype;
  var RING_PX = 3, PADDING_PX = 60, KEPT = 6;

  /* The functions of a map of sites, each with what groups add to it. */
  function also(name, make) { P[name] = make(P[name]); }

  P.level = function () { return this.map && this.told_of.group ? parts.levelOf(this.map.getZoom()) : null; };
  P.groupAt = function (row) { return this.groups && row >= 0 && this.index[row] < 0 ? this.groups[-1 - this.index[row]] : null; };

  /* The parts of some zooms are kept: they are the same at every date. */
  function partOf(every, level) {
    var held = every.parts = every.parts || new Map(), part = held.get(level) || parts.partition(every.x, every.y, level);
    held.delete(level); held.set(level, part);
    if (held.size > KEPT) { held.delete(held.keys().next().value); }
    return part;
  }
  also("show", function (show) {
    return function (at, where) {
      var whole = at.whole || at, every = where.whole || where, level = this.level(), on = this.told_of.switched_on.sites, part, made;
      this.groupedFor = level;
      if (level === null || !on) {
        this.groups = this.index = null;
        show.call(this, whole, every);
        this.labels();
        return;
      }
      part = partOf(every, level);
      made = whole.grouped && whole.grouped.part === part ? whole.grouped : parts.grouped(every, whole, part);
      if (made !== whole.grouped) {
        made.part = part; made.at.whole = whole; made.places.whole = every;
        made.places.grid = parts.grid(made.places.x, made.places.y);
        whole.grouped = made;
      }
      this.groups = made.groups; this.index = made.index;
      show.call(this, made.at, made.places);
    };
  });
  P.regroup = function () {
    if (this.at && this.places && this.level() !== this.groupedFor) { this.show(this.at, this.places); }
  };
  /* A class that no question has: the colour of a group whose counts differ in theirs. */
  also("palette", function (palette) {
    return function () {
      var found = palette.call(this);
      if (!this.groups) { return found; }
      found = found.slice(); found[parts.NEUTRAL] = this.told_of.colours.mute;
      return found;
    };
  });
  also("stand", function (stand) { return function () { this.regroup(); stand.call(this); }; });
  also("render", function (render) {
    return function (args) {
      var self = this;
      render.call(this, args);
      if (this.at && this.level() !== this.groupedFor) { window.setTimeout(function () { if (self.map) { self.regroup(); } }, 0); }
      this.labels();
    };
  });

  /* A sum is no more exact than what is in it. */
  P.sumOf = function (group) {
    var number = parts.number(group.people);
    return group.rough ? parts.filled(this.told_of.words.precision.about, { number: number }) : number;
  };
  /* What is said of a group: the sum and of how many, then every other site by its state. */
  P.saidOf = function (group) {
    var w = this.told_of.words, n = parts.number, told = [parts.filled(w.group, { sites: n(group.sites) })];
    told.push(group.summed ? parts.filled(w.group_people, { people: this.sumOf(group), unit: w.units[this.at.unit] || this.at.unit, counted: n(group.summed) }) : w.group_uncounted);
    if (group.rough) { told.push(parts.filled(w.group_rough, { sites: n(group.rough) })); }
    if (group.older) { told.push(parts.filled(w.group_older, { sites: n(group.older) })); }
    if (group.other) { told.push(parts.filled(w.group_other, { sites: n(group.other) })); }
    Object.keys(w.states).forEach(function (name, at) {  /* in the order of the marks; counts are said above */
      if (at && group.states[at]) { told.push(parts.filled(w.group_state, { state: w.states[name], sites: n(group.states[at]) })); }
    });
    return told;
  };
  also("name", function (name) {
    return function (row) {
      var group = this.groupAt(row);
      if (!group) { return name.call(this, this.groups ? this.index[row] : row); }
      if (this.naming) { this.naming.abort(); }
      return Promise.resolve({ group: group });
    };
  });
  also("lines", function (lines) { return function (place) { return place.group ? this.saidOf(place.group) : lines.call(this, place); }; });
  also("choose", function (choose) {
    return function (row) {
      var group = this.groupAt(row);
      if (!group) { return choose.call(this, row); }
      this.into(group);
      return Promise.resolve(null);
    };
  });

  function degrees(x, y) { return [360 * x - 180, Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180 / Math.PI]; }
  /* So near that all of its sites are in view, and at least one whole zoom nearer: by hand, as map.js keeps it. */
  P.into = function (group) {
    var map = this.map, where = this.places.whole || this.places, least = Math.min(Math.floor(map.getZoom() + 1e-6) + 1, parts.ALONE_FROM);
    var camera = map.cameraForBounds([degrees(group.west, group.south), degrees(group.east, group.north)], { padding: PADDING_PX, maxZoom: parts.ALONE_FROM });
    var near = camera && camera.zoom >= least, told = parts.filled(this.told_of.words.group_opened, { group: this.saidOf(group).join(". ") });
    map.jumpTo({ center: near ? camera.center : degrees(where.x[group.row], where.y[group.row]), zoom: near ? camera.zoom : least }, { originalEvent: new Event("siteline") });
    this.leave(); this.ring.hidden = true; this.stepped = -1;
    this.told.textContent = told;
  };

  /* A ring and two numbers at each group in view: words of the page, for which no server of letters is needed. What
     they say is said by the list and by the keys as well. */
  P.labels = function () {
    var self = this, m = this.told_of, used = 0, c;
    if (!this.marks) { this.marks = document.createElement("div"); this.marks.className = "many-groups"; this.marks.setAttribute("aria-hidden", "true"); this.holder.prepend(this.marks); }
    if (this.groups && this.at && this.screen && this.map) {
      var canvas = this.map.getCanvas(), seen = canvas.getBoundingClientRect(), frame = this.holder.getBoundingClientRect();
      var first = this.index.length - this.groups.length, x = this.places.x, y = this.places.y;
      this.marks.style.opacity = m.opacity.sites;
      for (c = this.copies[0]; c <= this.copies[1]; c++) {
        var screen = parts.screen(this.matrix, canvas.clientWidth || 1, canvas.clientHeight || 1, [c, c]);
        this.groups.forEach(function (group, g) {
          var spot = screen.spot(x[first + g], y[first + g]);
          if (spot) { self.label(used++, group, spot[0] + seen.left - frame.left, spot[1] + seen.top - frame.top); }
        });
      }
    }
    while (this.marks.children.length > used) { this.marks.lastChild.remove(); }
  };
  P.label = function (nth, group, x, y) {
    var m = this.told_of, n = parts.number, part = this.marks.children[nth], key = this.k + "|" + this.mark;
    if (!part) { part = document.createElement("div"); part.append(document.createElement("i"), document.createElement("b"), document.createElement("span")); this.marks.append(part); }
    if (part.group !== group || part.key !== key) {
      var r = parts.radius(group.value, group.mark, this.k, m.dot, this.mark) + m.edge + RING_PX;
      part.group = group; part.key = key;
      part.children[0].style.width = part.children[0].style.height = 2 * r + "px"; part.children[0].style.margin = -r + "px";
      part.children[1].textContent = group.summed ? this.sumOf(group) : m.words.group_none;
      part.children[2].textContent = parts.filled(m.words.group_label, { sites: n(group.sites) });
      part.classList.toggle("small", r < 26);
      part.style.setProperty("--r", r + "px");
    }
    part.style.transform = "translate(" + x + "px, " + y + "px)";
  };

  /* How many groups and sites are in view, and the same groups as a list of buttons. */
  P.inGroups = function () {
    var self = this, found = this.screen.inView(this.places.x, this.places.y, this.rows).filter(function (row) { return self.index[row] < 0; });
    return parts.byPeople(found, this.at.value).map(function (row) { return self.groups[-1 - self.index[row]]; });
  };
  function sum(groups) { return groups.reduce(function (all, group) { return all + group.sites; }, 0); }
  also("count", function (count) {
    return function () {
      this.counting = true; count.call(this); this.counting = false;
      this.listGroups();
    };
  });
  also("say", function (say) {
    return function (text) {
      if (this.counting && this.groups) {
        var m = this.told_of, n = parts.number, inside = this.inGroups();
        text = parts.filled(m.words.grouped, {
          groups: n(inside.length), inside: n(sum(inside)), single: n(this.seen - inside.length),
          drawn: n(this.rows.length - this.groups.length + sum(this.groups)), total: n(m.total)
        });
      }
      say.call(this, text);
    };
  });
  P.listGroups = function () {
    var fold = document.getElementById(this.told_of.groups), self = this, list = fold && fold.querySelector("ul");
    if (!list) { return; }
    fold.hidden = !this.groups;
    if (!fold.groupsOf) { fold.addEventListener("toggle", function () { if (fold.groupsOf) { fold.groupsOf.listGroups(); } }); }
    fold.groupsOf = this;
    if (!this.groups || !this.screen || !this.at) { list.replaceChildren(); return; }
    if (!fold.open) { return; }
    list.replaceChildren.apply(list, this.inGroups().map(function (group) {
      var item = document.createElement("li"), button = document.createElement("button");
      button.type = "button"; button.className = "place"; button.textContent = self.saidOf(group).join(". ");
      button.addEventListener("click", function () { self.into(group); });
      item.append(button);
      return item;
    }));
  };
  also("close", function (close) {
    return function () {
      var other = document.querySelector("#map-many[data-manifest], .map-many[data-manifest]");  /* it says its own */
      var line = this.told_of && !other && document.getElementById(this.told_of.counted);
      close.call(this);
      this.groups = null;
      if (line) { line.textContent = ""; this.listGroups(); }
    };
  });
})();
