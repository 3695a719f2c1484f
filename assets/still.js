/* The parts of a page that nothing on it changes: `pages/still.py` sends them as lists, [tag, attributes, child, …].
   React makes each element and writes each text as a text. */
(function () {
  "use strict";
  function made(node) {
    if (!Array.isArray(node)) { return node; }
    return window.React.createElement.apply(null, node.slice(0, 2).concat(node.slice(2).map(made)));
  }
  window.siteline_still = { Still: function (props) { return made(props.tree); } };
})();
