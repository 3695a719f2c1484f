/* Plotly is by far the largest file, and Dash asks for it only when a page with a chart has come: by then it is here.
   It is fetched beside all else, last in line, and run once the page is asked for, while the server makes it. */
(function () {
  "use strict";
  var SENT_MS = 100;  /* from the view of an address until the page of it is asked for */
  var told = document.getElementById("_dash-config"), config = told ? JSON.parse(told.textContent) : {};
  var link = document.createElement("link"), fetched = false, wanted = false;
  window.sitelineAhead = function () { wanted = true; window.setTimeout(run, SENT_MS); };
  if (!config.serve_locally || window.Plotly) { return; }
  link.rel = "preload"; link.as = "script"; link.fetchPriority = "low";
  link.href = config.requests_pathname_prefix + "_dash-component-suites/plotly/package_data/plotly.min.js";  /* where Dash takes it from */
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
