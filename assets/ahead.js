/* Plotly is by far the largest file, and Dash asks for it only when a page with a chart has come: by then it is here.
   It is fetched beside all else, last in line, and run once the page is asked for, while the server makes it.
   It is the part that draws maps and lines: the whole, which Dash would load, takes twice as long to read and run. */
(function () {
  "use strict";
  var PART = "assets/plotly/plotly-part.min.js?m=73d0bf84";  /* kept for a year, by the first digits of its sha256 */
  var SENT_MS = 100;  /* from the view of an address until the page of it is asked for */
  var told = document.getElementById("_dash-config"), config = told ? JSON.parse(told.textContent) : {};
  var link = document.createElement("link"), hand = document.createElement("link"), fetched = false, wanted = false;
  window.sitelineAhead = function () { wanted = true; window.setTimeout(run, SENT_MS); };
  if (!config.serve_locally || window.Plotly) { return; }
  [link, hand].forEach(function (one) { one.rel = "preload"; one.as = "script"; one.fetchPriority = "low"; });
  hand.href = config.requests_pathname_prefix + "_dash-component-suites/dash/dcc/async-graph.js";  /* by which Dash calls Plotly */
  document.head.appendChild(hand);
  link.href = config.requests_pathname_prefix + PART;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: function () { return link.href; }, set: function () {} });  /* where Dash looks */
  link.onload = function () { fetched = true; run(); };
  document.head.appendChild(link);

  function run() {
    var asked = Array.from(document.scripts).some(function (script) { return script.src === link.href; });
    if (!fetched || !wanted || window.Plotly || asked) { return; }  /* Dash may have been faster */
    var script = document.createElement("script");
    script.src = link.href; script.async = true;
    document.body.appendChild(script);
  }
})();
