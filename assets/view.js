/* View state: what only the browser knows (address, colours, width), handed to the server as one value.
   No figure and no wording is made here. */
(function () {
  "use strict";
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var wide = window.matchMedia("(min-width: 721px)");
  var none = function () { return window.dash_clientside.no_update; };

  function stored(name) { try { return window.localStorage.getItem(name); } catch (e) { return null; } }
  function store(name, value) { try { window.localStorage.setItem(name, value); } catch (e) { /* private mode */ } }
  function scheme() {
    var chosen = stored("siteline-scheme");
    return chosen === "light" || chosen === "dark" ? chosen : dark.matches ? "dark" : "light";
  }
  /* Dash answers nothing any more where what draws was lost (picture.js): then every address is loaded anew. */
  function undrawn() { return document.documentElement.dataset.undrawn !== undefined; }
  function idOf(element) {
    return element && element.closest ? (element.closest("[id]") || {}).id || "" : "";
  }

  /* The server refuses what is no address of a page; a reader who has one is told so on a page, not left without.
     A query is cut between two parts, never within one: round=12 must not become round=1. */
  function plainPath(path) {
    return /^\/(?!\/)[A-Za-z0-9/_.-]{0,200}$/.test(path) ? path : "/-" + path.replace(/[^A-Za-z0-9_.-]+/g, "-").slice(0, 150);
  }
  function plainSearch(search) {
    return search.length <= 2000 ? search : search.slice(0, Math.max(0, search.lastIndexOf("&", 1980))) + "&too-long";
  }

  /* The search box says what the address says: after Back always, else unless the reader is typing in it. */
  function sayAsked(back) {
    var box = document.querySelector("input[id*='\"index\":\"text\"']"), asked = new URLSearchParams(location.search).get("text") || "";
    if (!box || box.value === asked || box === document.activeElement && back !== true) { return; }
    window.dash_clientside.set_props({ index: "text", type: "nav" }, { value: asked });
  }
  window.addEventListener("popstate", function () { sayAsked(true); });

  /* What the control of a part was drawn with. */
  function drawnAs(part) {
    var stores = window.dash_clientside.callback_context.states_list[0] || [];
    var mine = stores.filter(function (s) { return s.id.index === part; })[0];
    return mine ? String(mine.value) : "";
  }

  /* How the map is drawn and what is kept of it: the parts that controls set, each with what stands in no address. */
  var MAP_PLAIN = {
    colour: "state", service: "", measure: "", level: "adm1", classes: "quantile", limits: "", since: "", pairs: "0", vs: "", group: "",
    text: "", types: "", states: "", within: "", least: "0", most: "0", seen: "", lacks: ""
  };
  var KEEPS = ["text", "types", "states", "within", "least", "most", "seen", "lacks"];
  var OF_AN_OPERATION = ["round", "on", "place", "window", "basis", "known", "layers", "what", "area", "first", "second"];
  var FOLLOWING = ["sitelinePoints", "sitelineAreas"];  /* maps that draw another date before the page does */
  var STEPPING_MS = 120;  /* who steps on by then needs no page of the dates between */
  var LAYER_OF = { measure: "areas", pairs: "pairs" };  /* choosing what a layer draws switches it on */
  var OF_THE_MAP = Object.keys(MAP_PLAIN).concat(["opacity", "box", "sort", "page", "low", "plain"]);

  /* Layers from below to above: those that were on keep their order, a new one comes where it stands in the panel. */
  function stacked(text, before) {
    var on = text.split(",").filter(Boolean), was = String(before).split(",");
    var rank = {};
    document.querySelectorAll("#map-layers [data-layer]").forEach(function (row) { rank[row.dataset.layer] = Number(row.dataset.rank); });
    var kept = was.filter(function (key) { return on.indexOf(key) >= 0; });
    on.forEach(function (key) {
      if (kept.indexOf(key) >= 0) { return; }
      var at = kept.findIndex(function (other) { return (rank[other] || 0) > (rank[key] || 0); });
      kept.splice(at < 0 ? kept.length : at, 0, key);
    });
    return kept.join(",");
  }

  /* Controls as parts of the address. */
  function written(value) { return Array.isArray(value) ? value.join(",") : String(value); }
  function sorted(list) { return String(list).split(",").sort().join(","); }
  function layersOf(query) { return query.has("layers") ? query.get("layers") : drawnAs("layers"); }
  function dayOf(value) { return new Date(value * 86400000).toISOString().slice(0, 10); }  /* days since 1970 */
  function onMap(part, text) { return text === "-" || text === MAP_PLAIN[part] ? "" : text; }

  /* Whether a value is a reader's, where several controls speak at once: not what the page that is shown drew. */
  function chosen(part, value, drawn, showing) {
    if (part === "day") { return shownDay(drawn) !== value; }
    if (part === "layers") { return sorted(written(value)) !== sorted(layersOf(showing)); }
    if (part === "known") { return shownKnown(drawn)[0] !== value; }
    if (MAP_PLAIN.hasOwnProperty(part)) { return sorted(onMap(part, written(value))) !== sorted(showing.get(part) || drawnAs(part)); }
    var text = written(value);  /* where the address names what is not held, the page drew something else */
    return text !== drawnAs(part) && text !== (showing.get(part) || drawnAs(part));
  }
  function shownKnown(drawn) { return drawn.filter(Array.isArray)[0] || []; }  /* where it stands, and the newest */
  function shownDay(drawn) { return drawn.filter(function (d) { return typeof d === "number"; })[0]; }

  /* Set a part of the address to what a control says; false where it says so already. */
  function ask(query, part, value, drawn) {
    var text = written(value), was = query.get(part) || "";
    if (part === "op" && text === was || part === "day" && shownDay(drawn) === value) { return false; }
    if (part === "layers") {
      if (sorted(text) === sorted(layersOf(query))) { return false; }
      text = stacked(text, layersOf(query));
    }
    if (MAP_PLAIN.hasOwnProperty(part)) {  /* how the map is drawn and what is kept of it: the default stands in no address */
      text = onMap(part, text);
      if (text === (was || drawnAs(part))) { return false; }  /* service and since open with a choice that stands in no address */
      if (KEEPS.indexOf(part) >= 0) { query.delete("page"); }
      if (text && LAYER_OF[part] && query.has("layers") && query.get("layers").split(",").indexOf(LAYER_OF[part]) < 0) {
        query.set("layers", stacked(query.get("layers") + "," + LAYER_OF[part], query.get("layers")));
      }
    }
    if (part === "day") { part = "on"; text = dayOf(value); query.delete("round"); }
    if (part === "known") {  /* the last stop is the newest, which is no day and stands in no address */
      var stood = shownKnown(drawn);
      if (value === stood[0]) { return false; }
      text = value >= stood[1] ? "" : dayOf(value);
    }
    if (part === "op") { OF_AN_OPERATION.concat(OF_THE_MAP).forEach(function (k) { query.delete(k); }); }
    if (["what", "area", "first", "second"].indexOf(part) >= 0) {  /* the parts of a change; "-" is the whole place */
      if (text === (was || drawnAs(part))) { return false; }
      if (text === "-") { text = ""; }
      var other = { first: "second", second: "first" }[part];  /* the other date stays the one that is shown */
      if (other && !query.has(other)) { query.set(other, drawnAs(other)); }
      if (part === "what") { ["area", "first", "second"].forEach(function (k) { query.delete(k); }); }
    }
    if (text === "" && part !== "layers") { query.delete(part); } else { query.set(part, text); }
    return true;
  }

  /* Replacing a part of the page must not lose the reader's place: focus and scroll are put back. */
  var focused = "", path = location.pathname;
  document.addEventListener("focusin", function (e) { focused = idOf(e.target); });
  /* A chosen place brings the focus to the head of the panel, "All places" back to the link of the place it left. */
  var CHOOSES = "#map-panel a[id^='place-'], #map-panel a[id^='in-'], #map-found a.place, #all-places";
  var leads = null;  /* what the head of the panel said before, and where the focus goes first */
  function headOfPanel() { return document.querySelector("#map-panel h2"); }
  document.addEventListener("click", function (e) {
    var link = e.target.closest && e.target.closest(CHOOSES), head = headOfPanel();
    if (!link || !head || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) { leads = null; return; }
    leads = { was: head.textContent, to: link.id === "all-places" ? "place-" + new URLSearchParams(location.search).get("place") : "" };
  }, true);
  function lead() {
    var head = headOfPanel();
    if (!leads || !head || head.textContent === leads.was) { return false; }
    var to = leads.to && document.getElementById(leads.to) || head;
    leads = null;
    if (to === head) { head.tabIndex = -1; }
    to.focus();
    return true;
  }
  function settle() {
    if (lead()) { return; }
    if (document.activeElement && document.activeElement !== document.body) { return; }
    var again = focused && document.getElementById(focused);
    if (!again) { return; }
    var reached = "a,button,input,select,summary,[tabindex]:not([tabindex='-1'])";  /* by Tab: a slider's thumb, not its frame */
    var inner = again.matches(reached) ? again : again.querySelector(reached);
    if (inner) { inner.focus({ preventScroll: true }); }
  }
  document.addEventListener("DOMContentLoaded", function () {
    var kept = 0;
    window.addEventListener("scroll", function () { if (document.body.scrollHeight > window.innerHeight + 200) { kept = window.scrollY; } }, { passive: true });
    new MutationObserver(function () {
      var root = document.getElementById("root");
      if (!root || !root.childElementCount) { return; }
      if (path !== location.pathname) {
        path = location.pathname; kept = 0; focused = "";
        window.scrollTo(0, 0);
      } else if (window.scrollY === 0 && kept > 0 && document.body.scrollHeight > kept) {
        window.scrollTo(0, kept);
      }
      settle();
    }).observe(document.body, { childList: true, subtree: true });
  });

  /* Printing: everything folded is opened, and folded again afterwards. */
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details:not([open])").forEach(function (d) { d.dataset.printed = "1"; d.open = true; });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-printed]").forEach(function (d) { d.open = false; delete d.dataset.printed; });
  });

  /* A link within the site changes the address and nothing else; Dash's own location follows. */
  document.addEventListener("click", function (e) {
    var link = e.target.closest && e.target.closest("a[href^='/']");
    if (!link || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || link.target || link.hasAttribute("download")) { return; }
    var to = new URL(link.href);
    if (to.origin !== location.origin || undrawn()) { return; }
    e.preventDefault();
    if (link.closest(".langs")) { store("siteline-language", to.searchParams.get("lang") || ""); }  /* for the next visit */
    window.dash_clientside.set_props("url", { pathname: to.pathname, search: to.search });
  });

  wide.addEventListener("change", function () { window.dash_clientside.set_props("wide", { data: wide.matches }); });
  dark.addEventListener("change", function () { window.dash_clientside.set_props("scheme", { data: scheme() }); });

  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.siteline = {
    /* address + colours + width -> one value; a map that follows the address by itself comes before the page beside it */
    view: function (pathname, search, isWide, colours) {
      var preferred = (navigator.language || "en").slice(0, 2).toLowerCase();
      var made = {
        path: plainPath(pathname || "/"), search: plainSearch(search || ""), language: stored("siteline-language") || preferred,
        scheme: colours === "light" || colours === "dark" ? colours : scheme(),
        narrow: isWide === null || isWide === undefined ? !wide.matches : !isWide, origin: window.location.origin
      };
      var resting = FOLLOWING.map(function (name) { return window[name] && window[name].rest ? window[name].rest(pathname, search) : null; }).filter(Boolean);
      if (window.sitelineAhead) { window.sitelineAhead(); }
      if (!resting.length) { return made; }
      return Promise.all(resting).then(function () {
        return new Promise(function (done) { window.setTimeout(done, STEPPING_MS); });
      }).then(function () { return window.location.search === search ? made : none(); });
    },
    /* the page's own attributes follow the view */
    wear: function (view) {
      if (!view) { return none(); }
      sayAsked();
      var asked = new URLSearchParams(view.search).get("lang");
      document.documentElement.lang = asked === "en" || asked === "fr" ? asked : view.language === "fr" ? "fr" : "en";
      return view.scheme;
    },
    /* A control's value becomes a part of the address; a control that was only drawn anew is no choice of a reader.
       Two may speak at once: two choices, or a choice while the page draws other controls anew. */
    navigate: function (values, drawn, view) {
      var triggered = window.dash_clientside.callback_context.triggered;
      if (!view) { return none(); }
      var heard = triggered.map(function (t) {
        return { part: JSON.parse(t.prop_id.split(".")[0]).index, value: t.value };
      }).filter(function (h) { return h.value !== null && h.value !== undefined; });
      if (triggered.length > 1) {
        var showing = new URLSearchParams(view.search);
        heard = heard.filter(function (h) { return chosen(h.part, h.value, drawn, showing); });
      }
      var query = new URLSearchParams(window.location.search);  /* the view may still wait for the map */
      var changed = heard.filter(function (h) { return ask(query, h.part, h.value, drawn); });
      var search = query.toString() ? "?" + query.toString() : "";
      if (!changed.length || search === window.location.search) { return none(); }
      if (undrawn()) { window.location.search = search; }
      return search;
    },
    /* buttons: colours, copying the link of this view */
    press: function (clicks, view) {
      var triggered = window.dash_clientside.callback_context.triggered;
      if (!view || !triggered.length || !triggered[0].value) { return [none(), none()]; }
      var action = JSON.parse(triggered[0].prop_id.split(".")[0]).index;
      if (action === "scheme") {
        var next = view.scheme === "dark" ? "light" : "dark";
        store("siteline-scheme", next);
        return [next, none()];
      }
      if (action.indexOf("copy") === 0) {
        var holder = document.querySelector("[data-copy='" + action + "']");
        var text = action === "copy" ? window.location.href : holder ? holder.textContent : "";
        var done = holder && holder.dataset.done ? holder.dataset.done : "";
        var plain = function () {
          var box = document.createElement("textarea");
          box.value = text; document.body.appendChild(box); box.select(); document.execCommand("copy"); box.remove();
        };
        if (navigator.clipboard) { navigator.clipboard.writeText(text).catch(plain); } else { plain(); }
        return [none(), done];
      }
      return [none(), none()];
    },
    /* a place clicked on the map becomes part of the address */
    pick: function (click, view) {
      var point = click && click.points && click.points[0];
      var key = point && point.customdata && (Array.isArray(point.customdata) ? point.customdata[0] : point.customdata);
      if (!key || !view) { return none(); }
      var query = new URLSearchParams(window.location.search);
      query.set("place", key); query.delete("page");  /* the table opens where the place is */
      return "?" + query.toString() === window.location.search ? none() : "?" + query.toString();
    },
    /* a country clicked on the world map opens its one operation, or leads to the list of several */
    open: function (click) {
      var point = click && click.points && click.points[0];
      var key = point && point.customdata && (Array.isArray(point.customdata) ? point.customdata[1] : null);
      var to = key && document.getElementById(key);
      if (to && to.href) { to.click(); } else if (to) { to.tabIndex = -1; to.focus(); to.scrollIntoView({ block: "start" }); }
      return null;  /* the same mark can be pressed again */
    },
    title: function (page) { if (page && page.title) { document.title = page.title; } return none(); }
  };
})();
