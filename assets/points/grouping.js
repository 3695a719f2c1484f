/* Which sites are drawn together: by where they lie and how near the map is, never by what is counted there, so that
   a group is the same at every date and under every filter. Plain arrays in and out; it touches neither page nor map. */
(function () {
  "use strict";
  var parts = window.sitelinePoints = window.sitelinePoints || {};
  var GHOST = 4, COUNTED = 0, STATES = 7, WORLD_PX = 512, FINE = 3;  /* cells across the reach of a group */
  parts.GROUP_PX = 72;  /* how far a group reaches from its middle, pixels at the zoom it is made for: room for its label */
  parts.ALONE_FROM = 13;  /* zoom from which each site stands by itself: a street's width is some pixels */
  parts.NEUTRAL = 15;  /* class of a group whose counts differ in theirs */

  /* The zoom, in halves, for which groups are made; null where each site stands by itself. */
  parts.levelOf = function (zoom) {
    var level = Math.max(0, Math.floor(2 * zoom + 1e-6) / 2);
    return level < parts.ALONE_FROM ? level : null;
  };

  function square(x, y) { return x * x + y * y; }
  /* Numbers for keys in the order in which they come first. */
  function numbered(keys) {
    var n = keys.length, size = 16, of = new Int32Array(n), count = 0, i;
    while (size < 2 * n) { size *= 2; }
    var held = new Float64Array(size), number = new Int32Array(size).fill(-1);
    function slot(key) {
      var at = (Math.imul(key % 4294967296 | 0, 0x9E3779B1) ^ Math.imul(key / 4294967296 | 0, 0x85EBCA6B)) >>> 0;
      at = (at ^ at >>> 15) & size - 1;
      while (number[at] >= 0 && held[at] !== key) { at = at + 1 & size - 1; }
      return at;
    }
    for (i = 0; i < n; i++) {
      var at = slot(keys[i]);
      if (number[at] < 0) { held[at] = keys[i]; number[at] = count++; }
      of[i] = number[at];
    }
    return { of: of, n: count, find: function (key) { return number[slot(key)]; } };
  }
  function keysOf(x, y, side) {
    var across = Math.ceil(1 / side) + 3, keys = new Float64Array(x.length);  /* one free line on each side of the world */
    for (var i = 0; i < keys.length; i++) { keys[i] = (Math.floor(y[i] / side) + 1) * across + Math.floor(x[i] / side) + 1; }
    return { keys: keys, across: across };
  }
  /* Rows by the number that each has: those of number i are rows[start[i]] to rows[start[i + 1] - 1], in their order. */
  function gathered(of, n) {
    var start = new Uint32Array(n + 1), rows = new Uint32Array(of.length), next, i;
    for (i = 0; i < of.length; i++) { if (of[i] >= 0) { start[of[i] + 1] += 1; } }
    for (i = 0; i < n; i++) { start[i + 1] += start[i]; }
    next = start.slice(0, n);
    for (i = 0; i < of.length; i++) { if (of[i] >= 0) { rows[next[of[i]]++] = i; } }
    return { start: start, rows: rows };
  }

  /* Every place in one part: small cells first; the one with most places takes all that is within its reach, and so on.
     x, y: places, 0 to 1. Gives the part of each place, and where the middle of each part is. */
  parts.partition = function (x, y, level) {
    var reach = parts.GROUP_PX / WORLD_PX / Math.pow(2, level), cells = numbered(keysOf(x, y, reach / FINE).keys), n = cells.n, most = 0, i, j;
    var count = new Uint32Array(n), cx = new Float64Array(n), cy = new Float64Array(n), fewer = new Int32Array(n);
    for (i = 0; i < x.length; i++) { j = cells.of[i]; count[j] += 1; cx[j] += x[i]; cy[j] += y[i]; }
    for (j = 0; j < n; j++) { cx[j] /= count[j]; cy[j] /= count[j]; most = Math.max(most, count[j]); }
    for (j = 0; j < n; j++) { fewer[j] = most - count[j]; }
    var wide = keysOf(cx, cy, reach), buckets = numbered(wide.keys), within = gathered(buckets.of, buckets.n);
    var part = new Int32Array(n).fill(-1), middle = [], found = 0;
    gathered(fewer, most + 1).rows.forEach(function (seed) {
      if (part[seed] >= 0) { return; }
      part[seed] = found;
      for (var line = -1; line <= 1; line++) {
        for (var column = -1; column <= 1; column++) {
          var bucket = buckets.find(wide.keys[seed] + line * wide.across + column);
          for (var at = bucket < 0 ? 0 : within.start[bucket]; bucket >= 0 && at < within.start[bucket + 1]; at++) {
            var cell = within.rows[at];
            if (part[cell] < 0 && square(cx[cell] - cx[seed], cy[cell] - cy[seed]) <= reach * reach) { part[cell] = found; }
          }
        }
      }
      middle.push(seed); found += 1;
    });
    var of = new Int32Array(x.length);
    for (i = 0; i < of.length; i++) { of[i] = part[cells.of[i]]; }
    return { level: level, of: of, n: found, x: Float64Array.from(middle, function (c) { return cx[c]; }), y: Float64Array.from(middle, function (c) { return cy[c]; }) };
  };

  /* What a group says: only counts in the one unit are summed; every other site is said by its state, never as zero. */
  function group(rows, places, at, middle) {
    var said = { sites: rows.length, people: 0, summed: 0, older: 0, rough: 0, other: 0, states: new Array(STATES).fill(0), west: 1, east: 0, north: 1, south: 0, row: -1 };
    var shade = -1, state = -1, near = Infinity;
    rows.forEach(function (row) {
      var own = at.mark[row] & 15, x = places.x[row], y = places.y[row], off = square(x - middle[0], y - middle[1]);
      said.states[own] += 1;
      state = state === -1 || state === at.mark[row] ? at.mark[row] : -2;
      if (own === COUNTED && at.value[row] >= 0) {
        said.people += at.value[row]; said.summed += 1;
        if (at.mark[row] & 16) { said.older += 1; }
        if (at.rough && at.rough[row]) { said.rough += 1; }
        shade = shade === -1 || shade === at.class[row] ? at.class[row] : parts.NEUTRAL;
      } else if (own === COUNTED) { said.other += 1; }
      said.west = Math.min(said.west, x); said.east = Math.max(said.east, x);
      said.north = Math.min(said.north, y); said.south = Math.max(said.south, y);
      if (off < near) { near = off; said.row = row; }
    });
    said.value = said.summed ? said.people : NaN;
    said.mark = said.summed ? (said.older === said.summed ? 16 : 0) : Math.max(0, state);  /* a mark where all have the same one, else a dot */
    said.class = said.summed ? shade : parts.NEUTRAL;
    return said;
  }

  /* The rows that are drawn: first the sites that stand by themselves and those taken off the list, which are in no
     group, then the groups, each at the one of its sites that is nearest to its middle. `index` has the row of each
     among all sites, or -1 - g for group g. */
  parts.grouped = function (places, at, part) {
    var n = at.mark.length, of = new Int32Array(n).fill(-1), alone = new Uint8Array(n), groups = [], count = 0, i, g;
    for (i = 0; i < n; i++) {
      if (at.mark[i] === parts.LEFT_OUT) { continue; }
      if ((at.mark[i] & 15) === GHOST) { alone[i] = 1; } else { of[i] = part.of[i]; }
    }
    var members = gathered(of, part.n);
    for (g = 0; g < part.n; g++) {
      var rows = members.rows.subarray(members.start[g], members.start[g + 1]);
      if (rows.length > 1) { groups.push(group(rows, places, at, [part.x[g], part.y[g]])); } else if (rows.length) { alone[rows[0]] = 1; }
    }
    for (i = 0; i < n; i++) { count += alone[i]; }
    var index = new Int32Array(count + groups.length), next = 0;
    for (i = 0; i < n; i++) { if (alone[i]) { index[next++] = i; } }
    for (g = 0; g < groups.length; g++) { index[next++] = -1 - g; }
    function column(kind, name, from) {
      return kind.from(index, function (row) { return row < 0 ? (name in groups[-1 - row] ? groups[-1 - row][name] : from[groups[-1 - row].row]) : from[row]; });
    }
    return {
      groups: groups, index: index,
      places: { n: index.length, x: column(Float32Array, "x", places.x), y: column(Float32Array, "y", places.y) },
      at: { n: index.length, unit: at.unit, value: column(Float32Array, "value", at.value), mark: column(Uint8Array, "mark", at.mark), class: column(Uint8Array, "class", at.class) }
    };
  };
})();
