/* Where the server gives no answer, the page says so: else it would stand silently under the address of another view. */
(function () {
  "use strict";
  var PART = "_dash-update-component", FAULT = 500;
  var ask = window.fetch, open = 0, failed = false;

  function ended(without) {
    var box = document.getElementById("unanswered");
    failed = failed || without; open -= 1;
    if (open) { return; }  /* the parts of a page are asked for together */
    if (box && box.hidden === failed) { box.hidden = !failed; }
    failed = false;
  }
  window.fetch = function (what) {
    var url = typeof what === "string" ? what : what && what.url || "", answer = ask.apply(this, arguments);
    if (url.indexOf(PART) >= 0) {
      open += 1;
      answer.then(function (got) { ended(got.status >= FAULT); }, function (why) { ended(why.name !== "AbortError"); });
    }
    return answer;
  };
  document.addEventListener("click", function (e) {
    if (e.target.closest && e.target.closest("#ask-again")) { window.location.reload(); }  /* the address says what was asked for */
  });
})();
