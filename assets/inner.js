/* The map inside Plotly's plot: the one private thing of Plotly that is used, and the one place that knows where it is. */
(function () {
  "use strict";
  var siteline = window.siteline = window.siteline || {};

  /* The plot in an element of the page, null where there is none. */
  siteline.plot = function (id) {
    var holder = document.getElementById(id);
    return holder ? holder.querySelector(".js-plotly-plot") || (holder.classList.contains("js-plotly-plot") ? holder : null) : null;
  };
  /* The map of a plot; null where it is not there, or lacks one of the functions that are needed. */
  siteline.inner = function (gd, needed) {
    var full = gd && gd._fullLayout, inner = full && full.map && full.map._subplot && full.map._subplot.map;
    return inner && needed.every(function (name) { return typeof inner[name] === "function"; }) ? inner : null;
  };
})();
