/* The bytes of very many sites: places once, and of dates those that were shown last. */
(function () {
  "use strict";
  var parts = window.sitelinePoints = window.sitelinePoints || {};
  var KEPT = 8, KEPT_BYTES = 64e6;  /* dates in memory */

  /* Bytes of places are kept for a release and operation, those of a date while there is room. */
  var places = new Map(), dates = new Map(), coming = new Map();
  function get(url, options) {
    return fetch(url, options).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status + " " + url); }
      return answer.arrayBuffer().then(function (bytes) { return { bytes: bytes, unit: answer.headers.get("X-Points-Unit") || "" }; });
    });
  }
  parts.placesOf = function (url, again) {
    if (!places.has(url) || again) {
      places.clear();  /* one operation at a time: a million places are 12 MB with their grid */
      places.set(url, get(url, { cache: again ? "reload" : "default" }).then(function (got) {
        var n = new DataView(got.bytes).getUint32(0, true);
        var x = new Float32Array(got.bytes, 4, n), y = new Float32Array(got.bytes, 4 + 4 * n, n);
        return { n: n, x: x, y: y, grid: parts.grid(x, y) };
      }));
      places.get(url).catch(function () { places.delete(url); });
    }
    return places.get(url);
  };
  function keep(url, at) {
    dates.delete(url); dates.set(url, at);
    var bytes = 0;
    Array.from(dates.keys()).reverse().forEach(function (key, age) {
      bytes += 11 * dates.get(key).n;
      if (age && (age >= KEPT || bytes > KEPT_BYTES)) { dates.delete(key); }
    });
    return at;
  }
  parts.dateOf = function (url, options) {
    if (dates.has(url)) { return Promise.resolve(keep(url, dates.get(url))); }
    if (coming.has(url)) { return coming.get(url); }
    return get(url, options).then(function (got) {
      var head = new DataView(got.bytes), n = head.getUint32(0, true);
      return keep(url, {
        n: n, unit: got.unit, value: new Float32Array(got.bytes, 8, n),
        mark: new Uint8Array(got.bytes, 8 + 4 * n, n), class: new Uint8Array(got.bytes, 8 + 5 * n, n),
        rough: got.bytes.byteLength > 8 + 6 * n ? new Uint8Array(got.bytes, 8 + 6 * n, n) : null  /* none: all are exact */
      });
    });
  };

  parts.hasDate = function (url) { return dates.has(url); };
  /* A date that may be wanted next: whoever wants it meanwhile waits for the same bytes. */
  parts.ahead = function (url) {
    var soon = parts.dateOf(url, { priority: "low" }), done = function () { coming.delete(url); };
    coming.set(url, soon);
    soon.then(done, done);
    return soon;
  };
})();
