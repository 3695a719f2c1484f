/* A map that opens is painted once its ground is there. The map would paint itself anew with each part of the ground
   that comes, a dozen times; without a graphics card each of these takes as long as the parts themselves, and holds them
   up. On a slow line what has come is shown now and then. Names do not fade in, for the same reason. Plotly's own map is
   reached as in points.js; where it cannot be, it paints as ever. */
(function () {
  "use strict";
  var LONGEST_MS = 1000;  /* without a picture of what has come */
  var BOXES = ["map", "map-two", "world"];
  var seen = new WeakSet();

  function innerOf(id) {
    var box = document.getElementById(id), gd = box && (box.querySelector(".js-plotly-plot") || box);
    var full = gd && gd._fullLayout;
    return full && full.map && full.map._subplot && full.map._subplot.map;
  }
  function paintedOnce(map) {
    var painter = map.painter, last = performance.now(), due = null;
    if (!painter || typeof painter.render !== "function" || typeof map.triggerRepaint !== "function") { return; }
    var paint = painter.render;
    painter.render = function () {
      var now = performance.now();
      var known = painter.style && painter.style === map.style;  /* by a first painting; the parts that come need it */
      if (known && !map.style.loaded() && now - last < LONGEST_MS) {
        due = due || window.setTimeout(function () { due = null; map.triggerRepaint(); }, LONGEST_MS);
        return undefined;
      }
      last = now;
      return paint.apply(this, arguments);
    };
    map.once("idle", function () { window.clearTimeout(due); delete painter.render; });
  }
  function look() {
    BOXES.forEach(function (id) {
      var map = innerOf(id);
      if (!map || seen.has(map)) { return; }
      seen.add(map);
      if (map._fadeDuration) { map._fadeDuration = 0; }
      paintedOnce(map);
    });
  }
  function start() { new MutationObserver(look).observe(document.body, { childList: true, subtree: true }); look(); }
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();
