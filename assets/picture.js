/* Whether this browser can draw the map: without WebGL 2, or where it asks to save data, the server draws a picture.
   The address then says low=1, so that a link and a reload give the same; a reader who goes back is not asked again. */
(function () {
  "use strict";
  var BACK = "siteline-picture-back", root = document.documentElement, reason;

  function stored(name) { try { return window.sessionStorage.getItem(name); } catch (e) { return null; } }
  function store(name, value) { try { window.sessionStorage.setItem(name, value); } catch (e) { /* private mode */ } }
  function webgl() {
    var context = document.createElement("canvas").getContext("webgl2");
    var free = context && context.getExtension("WEBGL_lose_context");
    if (free) { free.loseContext(); }
    return !!context;
  }
  function why() {
    if (reason === undefined) { reason = !webgl() ? "webgl" : navigator.connection && navigator.connection.saveData ? "data" : ""; }
    return reason;
  }
  function wanted() {
    var query = new URLSearchParams(location.search);
    return location.pathname === "/map" && query.get("op") && !query.has("low") && !stored(BACK) && why() ? query : null;
  }
  function lowered(query) { query.set("low", "1"); return "?" + query.toString(); }
  function note() { if (why()) { root.dataset.picture = why(); } }

  /* Before Dash reads the address: nothing of the map is asked for. */
  var query = wanted();
  if (query) { note(); window.history.replaceState(null, "", location.pathname + lowered(query)); }

  /* The start page has its picture at hand; without WebGL it stands in place of the map. */
  function start() {
    if (location.pathname !== "/" || why() !== "webgl") { return; }
    note();
    var image = document.querySelector("#world-picture img[data-src]");
    if (image && image.getAttribute("src") !== image.dataset.src) { image.src = image.dataset.src; }
  }
  start();

  /* A server that draws others' pictures says "later": the picture is asked for again, until it comes or is not wanted. */
  var AGAIN_MS = 1500, MOST = 6;
  document.addEventListener("error", function (e) {
    var image = e.target, times = Number(image.dataset && image.dataset.asked || 0);
    if (!image.closest || !image.closest("#picture, #world-picture") || times >= MOST) { return; }
    image.dataset.asked = times + 1;
    window.setTimeout(function () { if (image.isConnected) { image.src = image.getAttribute("src"); } }, AGAIN_MS * (times + 1));
  }, true);

  /* After a link within the site. */
  document.addEventListener("DOMContentLoaded", function () {
    new MutationObserver(function () {
      if (document.getElementById("world-picture")) { start(); }
      if (!document.getElementById("map") || document.getElementById("picture")) { return; }
      var query = wanted();
      if (query && window.dash_clientside && window.dash_clientside.set_props) {
        note();
        window.dash_clientside.set_props("url", { search: lowered(query) });
      }
    }).observe(document.body, { childList: true, subtree: true });
  });

  document.addEventListener("click", function (e) {
    if (!e.target.closest || !e.target.closest("#picture-back")) { return; }
    store(BACK, "1");
    delete root.dataset.picture;
  }, true);
})();
