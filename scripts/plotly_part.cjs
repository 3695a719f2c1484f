// Builds assets/plotly/plotly-part.min.js: plotly.js with the traces that Siteline draws, by Plotly's own settings.
// What it needs, and how it is called, stands in assets/plotly/README.md. It is not needed to run or test Siteline.
"use strict";
const path = require("path");
const [source, out] = process.argv.slice(2).map((given) => path.resolve(given));
const need = require("module").createRequire(path.join(source, "package.json"));
const { environmentPlugin } = need("esbuild-plugin-environment");
const { glsl } = need("esbuild-plugin-glsl");
const css = need("esbuild-plugin-inline-css");
const { version } = need("./package.json");

const TRACES = ["bar", "choroplethmap", "scattermap"];  // scatter is in the core
const parts = TRACES.map((name) => `require("./${name}")`).join(", ");
process.chdir(source);
need("esbuild").build({
  stdin: {
    contents: `const Plotly = require("./core"); Plotly.register([${parts}]); module.exports = Plotly;`,
    resolveDir: path.join(source, "lib"),
  },
  banner: { js: `/* plotly.js v${version}: scatter, ${TRACES.join(", ")}. Copyright Plotly, Inc. MIT licence. */` },
  bundle: true, minify: true, format: "iife", globalName: "Plotly", target: "es2016", outfile: out,
  plugins: [css(), glsl({ minify: true }), environmentPlugin({ NODE_DEBUG: false })],
  alias: { regl: "@plotly/regl", stream: "stream-browserify" },
  define: { global: "window", "define.amd": "false" },
}).catch(() => process.exit(1));
