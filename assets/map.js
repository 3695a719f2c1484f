/* What only the map in the browser knows: its zoom and its scale. Plotly's public calls only. */
(function () {
  "use strict";
  var none = function () { return window.dash_clientside.no_update; };
  var BOX = "#map";

  function plot(id) {
    var holder = document.getElementById(id || "map");
    return holder ? holder.querySelector(".js-plotly-plot") || (holder.classList.contains("js-plotly-plot") ? holder : null) : null;
  }
  function view(gd) { return gd && gd.layout && gd.layout.map ? gd.layout.map : null; }

  /* Moved through the map itself, as by hand, so that the view survives the next figure; else through Plotly. */
  function go(gd, zoom, center) {
    var inner = gd._fullLayout && gd._fullLayout.map && gd._fullLayout.map._subplot && gd._fullLayout.map._subplot.map;
    if (inner && inner.jumpTo) {
      inner.jumpTo({ zoom: zoom, center: [center.lon, center.lat] }, { originalEvent: new Event("siteline") });
    } else if (window.Plotly) {
      window.Plotly.relayout(gd, { "map.zoom": zoom, "map.center": center });
    }
    window.setTimeout(draw, 60);
  }
  function zoomBy(step) {
    var gd = plot(), now = view(gd);
    var inner = gd && gd._fullLayout && gd._fullLayout.map && gd._fullLayout.map._subplot && gd._fullLayout.map._subplot.map;
    var zoom = inner && inner.getZoom ? inner.getZoom() : (now && now.zoom) || 0;  /* two fast clicks are two steps */
    if (now) { go(gd, Math.max(0, Math.min(14, zoom + step)), now.center); }
  }
  function moveBy(x, y) {
    var gd = plot(), now = view(gd);
    if (!now) { return; }
    var degrees = 360 / Math.pow(2, now.zoom || 0) / 512 * 90;
    var lat = Math.max(-80, Math.min(80, now.center.lat + y * degrees * Math.cos(now.center.lat * Math.PI / 180)));
    go(gd, now.zoom || 0, { lon: now.center.lon + x * degrees, lat: lat });
  }

  /* The map is reached by Tab and moved by arrows, + and -; its places are links beside it. */
  document.addEventListener("keydown", function (e) {
    if (!e.target.closest || !e.target.closest(BOX) || e.ctrlKey || e.metaKey || e.altKey) { return; }
    var moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (moves[e.key]) { moveBy(moves[e.key][0], moves[e.key][1]); e.preventDefault(); }
    if (e.key === "+" || e.key === "=") { zoomBy(1); e.preventDefault(); }
    if (e.key === "-") { zoomBy(-1); e.preventDefault(); }
  });

  function scaleFor(lat, zoom) {
    var metres = 40075016.686 * Math.cos(lat * Math.PI / 180) / (512 * Math.pow(2, zoom));
    var most = metres * 120, power = Math.pow(10, Math.floor(Math.log10(most)));
    var length = [5, 2, 1].map(function (n) { return n * power; }).find(function (n) { return n <= most; });
    var text = length >= 1000 ? (length / 1000).toLocaleString(document.documentElement.lang) + " km" : length + " m";
    return { text: text, px: length / metres };
  }
  function draw() {
    var now = view(plot()), box = document.getElementById("map-scale");
    if (!now || !box || !now.center) { return; }
    var scale = scaleFor(now.center.lat, now.zoom || 0), bar = document.createElement("span");
    bar.style.width = scale.px.toFixed(1) + "px";
    box.replaceChildren(document.createTextNode(scale.text), bar);
  }

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.siteline_map = {
    zoom: function () {
      var triggered = window.dash_clientside.callback_context.triggered;
      if (triggered.length && triggered[0].value) { zoomBy(triggered[0].prop_id.indexOf("map-zoom-in") === 0 ? 1 : -1); }
      return none();
    },
    scale: function () { window.setTimeout(draw, 60); return none(); }
  };
})();
