/* The ledger's form: when an answer has come, the focus goes to what it says. Nothing is checked or written here. */
(function () {
  "use strict";
  var last = "";
  document.addEventListener("DOMContentLoaded", function () {
    new MutationObserver(function () {
      var said = document.querySelector("[data-said]");
      if (!said || said.dataset.said === last) { return; }
      last = said.dataset.said;
      said.focus();
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-said"] });
  });
})();
