/* A map is painted once what it shows is there. It would paint itself anew with each part that comes: a dozen times where
   it opens, three times more at each other date, half of them a mix of two dates. Without a graphics card each of these
   takes as long as the parts themselves, and holds them up. What is late is waited for two seconds; a map that moves is
   painted as ever. Names do not fade in, for the same reason. Where the map inside the plot cannot be reached, it paints
   as ever. */
(function () {
  "use strict";
  var LONGEST_MS = 2000;  /* without a picture of what has come */
  var BOXES = ["map", "map-two", "world"];
  var seen = new WeakSet();

  function viewOf(map) {
    var at = map.getCenter(), canvas = map.getCanvas();
    return [at.lng, at.lat, map.getZoom(), map.getBearing(), map.getPitch(), canvas.width, canvas.height].join();
  }
  function paintedOnce(map) {
    var painter = map.painter, since = performance.now(), due = null, opened = false, painted = "";
    if (!painter || typeof painter.render !== "function" || typeof map.triggerRepaint !== "function") { return; }
    var paint = painter.render;
    painter.render = function () {
      var now = performance.now(), whole = map.style.loaded(), view = viewOf(map);
      var known = painter.style && painter.style === map.style;  /* by a first painting; the parts that come need it */
      since = since || now;
      if (known && !whole && (!opened || view === painted) && now - since < LONGEST_MS) {
        due = due || window.setTimeout(function () { due = null; map.triggerRepaint(); }, LONGEST_MS);
        return undefined;
      }
      window.clearTimeout(due); due = null;
      since = whole ? null : now; painted = view;
      return paint.apply(this, arguments);
    };
    map.once("idle", function () { opened = true; });
  }
  function look() {
    BOXES.forEach(function (id) {
      var map = window.siteline.inner(window.siteline.plot(id), ["getCanvas"]);
      if (!map || seen.has(map)) { return; }
      seen.add(map);
      if (map._fadeDuration) { map._fadeDuration = 0; }
      paintedOnce(map);
    });
  }
  function start() { new MutationObserver(look).observe(document.body, { childList: true, subtree: true }); look(); }
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", start); } else { start(); }
})();
