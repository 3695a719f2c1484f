/* Which sites are where: order of drawing, nearness and view. Plain arrays in and out; it touches neither page nor map. */
(function () {
  "use strict";
  var parts = window.sitelinePoints = window.sitelinePoints || {};
  var GHOST = 4, COUNTED = 0, FINE = 256;  /* radii are told apart to 1/256 px */

  parts.LEFT_OUT = 255;
  parts.state = function (mark) { return mark & 15; };
  parts.older = function (mark) { return (mark & 16) !== 0; };

  /* Pixels of one person's disc: smaller on a map whose largest disc would be too large. As the marks of a smaller map. */
  parts.scale = function (value, most, largest) {
    var top = 0;
    for (var i = 0; i < value.length; i++) { if (value[i] > top) { top = value[i]; } }
    return top > 0 ? Math.min(most, largest / Math.sqrt(top)) : most;
  };

  parts.radius = function (value, mark, k, dot, markPx) {
    if ((mark & 15) !== COUNTED) { return markPx; }
    return value > 0 ? Math.max(k * Math.sqrt(value), dot) : dot;
  };

  /* Rows that are drawn, largest first so that none is hidden, and those taken off the list on top of all: sorted by
     counting, in the time of two passes. They come in runs that are drawn at once: kind 0 squares (larger than `small`
     pixels), 1 plain discs, 2 marks, 3 discs that are pale or hatched. Among those of one half of a pixel plain discs
     are first, marks are last. */
  parts.order = function (at, how) {
    var value = at.value, mark = at.mark, shade = at.class, n = mark.length, bins = new Uint32Array(65537), keys = new Uint16Array(n), i, key;
    var hatched = new Uint8Array(256), halves = Math.ceil(how.small * 2), first = 65000 - 384 * (halves + 1), out = 65535, ghost = 65533;
    how.hatched.forEach(function (which) { hatched[which] = 1; });
    for (i = 0; i < n; i++) {
      var state = mark[i] & 15;
      if (mark[i] === parts.LEFT_OUT || !(state === GHOST ? how.ghosts : how.sites)) { keys[i] = out; continue; }
      var r = parts.radius(value[i], mark[i], how.k, how.dot, how.mark), fine = Math.round(r * FINE);
      if (state === GHOST) {
        key = ghost;
      } else if (r > how.small) {
        key = first - 1 - Math.min(first - 1, fine);  /* ascending is largest first */
      } else {
        key = first + (halves - Math.min(halves, fine >> 7)) * 384 + (state !== COUNTED ? 256 : mark[i] !== COUNTED || hatched[shade[i]] ? 128 : 0) + 127 - (fine & 127);
      }
      keys[i] = key;
      bins[key + 1] += 1;
    }
    for (i = 1; i < bins.length; i++) { bins[i] += bins[i - 1]; }
    var runs = [];
    function run(kind, from, to) { if (bins[to] > bins[from]) { runs.push({ kind: kind, from: bins[from], to: bins[to] }); } }
    run(0, 0, first);
    for (key = first; key < ghost; key += 128) { run([1, 3, 2][(key - first) / 128 % 3], key, Math.min(key + 128, ghost)); }
    run(2, ghost, ghost + 1);
    var rows = new Uint32Array(bins[ghost + 1]), large = bins[first];
    for (i = 0; i < n; i++) { if (keys[i] !== out) { rows[bins[keys[i]]++] = i; } }
    return { rows: rows, runs: runs, large: large };
  };

  /* Rows of one square lie together: what is near a pointer is found without asking every site. */
  parts.grid = function (x, y) {
    var n = x.length, west = 1, north = 1, east = 0, south = 0, i;
    for (i = 0; i < n; i++) {
      if (x[i] < west) { west = x[i]; } if (x[i] > east) { east = x[i]; }
      if (y[i] < north) { north = y[i]; } if (y[i] > south) { south = y[i]; }
    }
    var side = Math.max(1, Math.min(1024, Math.ceil(Math.sqrt(n / 4))));
    var wide = Math.max(east - west, 1e-9) / side, high = Math.max(south - north, 1e-9) / side;
    var column = function (at) { return Math.max(0, Math.min(side - 1, Math.floor((at - west) / wide))); };
    var line = function (at) { return Math.max(0, Math.min(side - 1, Math.floor((at - north) / high))); };
    var start = new Uint32Array(side * side + 1), rows = new Uint32Array(n), next;
    for (i = 0; i < n; i++) { start[line(y[i]) * side + column(x[i]) + 1] += 1; }
    for (i = 1; i < start.length; i++) { start[i] += start[i - 1]; }
    next = start.slice(0, -1);
    for (i = 0; i < n; i++) { rows[next[line(y[i]) * side + column(x[i])]++] = i; }
    return {
      near: function (left, top, right, bottom, visit) {
        if (right < west || left > east || bottom < north || top > south) { return; }
        for (var b = line(top); b <= line(bottom); b++) {
          for (var j = start[b * side + column(left)]; j < start[b * side + column(right) + 1]; j++) { visit(rows[j]); }
        }
      }
    };
  };

  /* From map to screen by the matrix with which the map was last drawn. `copies` are the worlds that are in view. */
  parts.screen = function (matrix, width, height, copies) {
    var m = matrix;
    var spot = function (x, y) {
      for (var c = copies[0]; c <= copies[1]; c++) {
        var at = x + c, w = m[3] * at + m[7] * y + m[15];
        var px = ((m[0] * at + m[4] * y + m[12]) / w + 1) * width / 2, py = (1 - (m[1] * at + m[5] * y + m[13]) / w) * height / 2;
        if (w > 0 && px >= 0 && px <= width && py >= 0 && py <= height) { return [px, py]; }
      }
      return null;
    };
    return {
      spot: spot,  /* of a place in view, else null */
      inView: function (x, y, rows) {
        var found = [];
        for (var i = 0; i < rows.length; i++) { if (spot(x[rows[i]], y[rows[i]])) { found.push(rows[i]); } }
        return found;
      },
      count: function (x, y, rows) {
        var found = 0, a = m[0], b = m[4], c = m[12], d = m[1], e = m[5], f = m[13], g = m[3], h = m[7], k = m[15];
        for (var i = 0; i < rows.length; i++) {
          var py = y[rows[i]];
          for (var copy = copies[0]; copy <= copies[1]; copy++) {
            var px = x[rows[i]] + copy, w = g * px + h * py + k, u = a * px + b * py + c, v = d * px + e * py + f;
            if (w > 0 && u >= -w && u <= w && v >= -w && v <= w) { found += 1; break; }
          }
        }
        return found;
      }
    };
  };

  /* Most people first; without a number last. */
  parts.byPeople = function (rows, value) {
    return rows.sort(function (a, b) {
      var p = value[a], q = value[b];
      return (q >= 0 ? q : -1) - (p >= 0 ? p : -1) || a - b;
    });
  };
})();
