/* Whether this browser can draw the map: without WebGL 2, where it asks to save data, or where what draws could not be
   loaded, the server draws a picture; in place of a chart stands that it could not be loaded (`data-undrawn`).
   The address then says low=1, so that a link and a reload give the same; a reader who goes back is not asked again. */
(function () {
  "use strict";
  var BACK = "siteline-picture-back", LOST = "siteline-picture-lost", root = document.documentElement, reason;

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
  if (stored(LOST) && new URLSearchParams(location.search).has("low")) { reason = "lost"; note(); }
  if (query) { note(); window.history.replaceState(null, "", location.pathname + lowered(query)); }

  /* The start page has its picture at hand; without WebGL or drawing it stands in place of the map. */
  function start() {
    if (location.pathname !== "/" || !why() || why() === "data") { return; }
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

  /* After a link within the site, and once what draws is lost: without it Dash answers nothing on that page any more. */
  function look() {
    if (document.getElementById("world-picture")) { start(); }
    var query = wanted();
    if (query && reason === "lost") { store(LOST, "1"); window.location.replace(location.pathname + lowered(query)); return; }  /* Dash may have taken the map away */
    if (!document.querySelector("#map, .graph.map") || document.getElementById("picture")) { return; }
    if (query && window.dash_clientside && window.dash_clientside.set_props) {
      note();
      window.dash_clientside.set_props("url", { search: lowered(query) });
    }
  }
  document.addEventListener("DOMContentLoaded", function () { new MutationObserver(look).observe(document.body, { childList: true, subtree: true }); });

  /* Dash asks once for what draws, and for nothing in its place: only loading the page again brings it. */
  document.addEventListener("error", function (e) {
    if (!/plotly-part\.min\.js|async-graph\.js/.test(e.target.tagName === "SCRIPT" && e.target.src)) { return; }
    root.dataset.undrawn = "";
    reason = why() === "webgl" ? reason : "lost";
    look();
  }, true);

  document.addEventListener("click", function (e) {
    var back = e.target.closest && e.target.closest("#picture-back");
    if (!back) { return; }
    if (reason === "lost") { store(LOST, ""); e.preventDefault(); window.location.assign(back.href); return; }  /* asked for again */
    store(BACK, "1");
    delete root.dataset.picture;
  }, true);
})();
