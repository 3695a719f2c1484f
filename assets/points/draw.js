/* Draws sites with WebGL 2 as discs and marks: the same sizes and shapes as those of the smaller maps and their sprite.
   Small ones are points; large ones are squares, since a point whose middle is off the picture is not drawn at all.
   Most are plain discs and have the plainest program: its cost is what is felt where there are a hundred thousand.
   Marks are drawn once with the browser's own pen and copied from there. */
(function () {
  "use strict";
  var parts = window.sitelinePoints = window.sitelinePoints || {};
  parts.SMALL = 8;  /* px: the largest radius drawn as a point */
  parts.CLASSES = 16;

  var HEAD = "#version 300 es\nprecision highp float;\n";
  var PLACE = HEAD + [
    "uniform mat4 u_matrix;", "uniform vec2 u_mid, u_half;", "uniform float u_k, u_dot, u_edge, u_dpr, u_pale, u_sites, u_ghosts, u_cell;",
    "uniform vec3 u_land, u_note, u_none;", "uniform vec4 u_palette[16];",  /* the fourth is 1 for a class that is hatched */
    "in float a_x, a_y, a_value, a_mark, a_class;", "in vec2 a_corner;",
    "vec4 place() { return u_matrix * vec4(a_x - u_mid.x, a_y - u_mid.y, 0.0, 1.0); }",
    "float radius() { return (a_value > 0.0 ? max(u_k * sqrt(a_value), u_dot) : u_dot) * u_dpr; }",  /* in pixels of the picture */
    "vec4 shade() { return a_class < 15.5 ? u_palette[int(a_class + 0.5)] : vec4(u_none, 0.0); }", ""
  ].join("\n");
  var DISC = PLACE + [
    "flat out vec4 v_disc;",
    "void main() { gl_Position = place(); v_disc = vec4(shade().rgb, radius()); gl_PointSize = 2.0 * (v_disc.w + u_edge * u_dpr) + 1.0; }"
  ].join("\n");
  var OF_DISC = HEAD + [
    "uniform float u_edge, u_dpr, u_sites;", "uniform vec3 u_land;", "flat in vec4 v_disc;", "out vec4 colour;",
    "void main() {",
    "  float off = v_disc.w - length(gl_PointCoord - 0.5) * (2.0 * (v_disc.w + u_edge * u_dpr) + 1.0) + 0.5;",
    "  colour = vec4(mix(u_land, v_disc.rgb, clamp(off, 0.0, 1.0)), 1.0) * (clamp(off + u_edge * u_dpr, 0.0, 1.0) * u_sites);",
    "}"
  ].join("\n");
  /* An older count is pale with an edge of its own colour; a class that has no colour is hatched. */
  var SHADED = [
    "flat out vec4 v_disc, v_rim;", "void shaded() {",
    "  vec4 own = shade(); bool older = a_mark > 15.5;",
    "  v_disc = vec4(own.a > 0.5 ? u_land : older ? mix(u_land, own.rgb, u_pale) : own.rgb, radius());",
    "  v_rim = vec4(own.a > 0.5 ? u_note : older ? own.rgb : u_land, own.a);",
    "}", ""
  ].join("\n");
  var POINT = PLACE + SHADED + "void main() { gl_Position = place(); shaded(); gl_PointSize = 2.0 * (v_disc.w + u_edge * u_dpr) + 1.0; }";
  var SQUARE = PLACE + SHADED + [
    "out vec2 v_at;", "void main() {",
    "  gl_Position = place(); shaded(); v_at = a_corner * (v_disc.w + u_edge * u_dpr + 0.5);",
    "  gl_Position.xy += vec2(v_at.x, -v_at.y) / (u_half * u_dpr) * gl_Position.w;",
    "}"
  ].join("\n");
  var OF_SHADED = [
    "uniform float u_edge, u_dpr, u_sites;", "uniform vec3 u_note;", "flat in vec4 v_disc, v_rim;", "out vec4 colour;",
    "void shaded(vec2 at) {",
    "  float off = v_disc.w - length(at) + 0.5;",
    "  vec3 inner = v_rim.a < 0.5 ? v_disc.rgb : mix(v_disc.rgb, u_note, clamp(1.3 - abs(fract((at.x + at.y) / (6.0 * u_dpr)) - 0.5) * 4.2, 0.0, 1.0));",
    "  colour = vec4(mix(v_rim.rgb, inner, clamp(off, 0.0, 1.0)), 1.0) * (clamp(off + max(u_edge, 1.0) * u_dpr, 0.0, 1.0) * u_sites);",
    "}", ""
  ].join("\n");
  var OF_POINT = HEAD + OF_SHADED + "void main() { shaded((gl_PointCoord - 0.5) * (2.0 * (v_disc.w + u_edge * u_dpr) + 1.0)); }";
  var OF_SQUARE = HEAD + "in vec2 v_at;\n" + OF_SHADED + "void main() { shaded(v_at); }";
  var MARK = PLACE + [
    "flat out vec2 v_mark;", "void main() {",
    "  int mark = int(a_mark + 0.5), state = mark & 15; gl_Position = place(); gl_PointSize = u_cell;",
    "  v_mark = vec2(mark == 17 ? 0.0 : float(state), state == 4 ? u_ghosts : u_sites);",  /* in the first cell: zero, of an older count */
    "}"
  ].join("\n");
  var OF_MARK = HEAD + [
    "uniform float u_cell;", "uniform sampler2D u_marks;", "flat in vec2 v_mark;", "out vec4 colour;",
    "void main() { colour = texelFetch(u_marks, ivec2(vec2(v_mark.x * u_cell, 0.0) + min(gl_PointCoord, 0.999) * u_cell), 0) * v_mark.y; }"
  ].join("\n");
  var PROGRAMS = [[SQUARE, OF_SQUARE], [DISC, OF_DISC], [MARK, OF_MARK], [POINT, OF_POINT]];  /* by the kind of a run */
  var CORNERS = new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]);
  var NAMES = ["a_x", "a_y", "a_value", "a_mark", "a_class", "a_corner"];

  function program(gl, pair) {
    var made = gl.createProgram();
    [gl.VERTEX_SHADER, gl.FRAGMENT_SHADER].forEach(function (kind, at) {
      var shader = gl.createShader(kind);
      gl.shaderSource(shader, pair[at]); gl.compileShader(shader); gl.attachShader(made, shader); gl.deleteShader(shader);
    });
    NAMES.forEach(function (name, at) { gl.bindAttribLocation(made, at, name); });
    gl.linkProgram(made);
    if (!gl.getProgramParameter(made, gl.LINK_STATUS) && !gl.isContextLost()) { throw new Error("Sites cannot be drawn: " + gl.getProgramInfoLog(made)); }
    var uniforms = {}, count = gl.getProgramParameter(made, gl.ACTIVE_UNIFORMS) || 0;
    for (var i = 0; i < count; i++) {
      var name = gl.getActiveUniform(made, i).name.replace("[0]", "");
      uniforms[name] = gl.getUniformLocation(made, name);
    }
    return { made: made, uniforms: uniforms };
  }

  function rgb(colour) { return [1, 3, 5].map(function (at) { return parseInt(colour.slice(at, at + 2), 16) / 255; }); }

  /* Side of the square of a mark, pixels of the picture: the ring of a site off the list is the widest. */
  parts.cell = function (mark, dpr) { return 2 * Math.ceil(mark * 10.5 / 9 * dpr + 1); };

  /* The marks side by side, one a state; in the first square zero of an older count, whose blue is weaker. */
  parts.marks = function (mark, dpr, colours, pale) {
    var side = parts.cell(mark, dpr), canvas = document.createElement("canvas"), u = mark / 9, pen;
    canvas.width = 7 * side; canvas.height = side;
    pen = canvas.getContext("2d", { willReadFrequently: true });
    function disc(r, colour) { pen.beginPath(); pen.arc(0, 0, r * u, 0, 2 * Math.PI); pen.fillStyle = colour; pen.fill(); }
    function ring(r, wide, least, colour, pieces, share) {
      var width = Math.max(wide * u, least), middle = r * u - width / 2, step = 2 * Math.PI / (pieces || 1), i;
      pen.lineWidth = width; pen.strokeStyle = colour;
      for (i = 0; i < (pieces || 1); i++) {
        var start = i * step - Math.PI / 2 - step * (share || 1) / 2;
        pen.beginPath(); pen.arc(0, 0, middle, start, start + step * (share || 1)); pen.stroke();
      }
    }
    function line(x1, y1, x2, y2, width, colour) {
      pen.beginPath(); pen.moveTo(x1 * u, y1 * u); pen.lineTo(x2 * u, y2 * u); pen.lineWidth = width; pen.strokeStyle = colour; pen.stroke();
    }
    function zero() {
      disc(9, colours.land); ring(9, 2, 1.2, colours.data);
      pen.beginPath(); pen.ellipse(0, 0, 2.1 * u, 3.5 * u, 0, 0, 2 * Math.PI); pen.lineWidth = Math.max(1, 1.6 * u); pen.strokeStyle = colours.data; pen.stroke();
    }
    var draw = [
      function () { pen.globalAlpha = 0.34 + pale / 2; zero(); pen.globalAlpha = 1; },
      zero,
      function () {
        disc(9, colours.land);
        pen.save(); pen.beginPath(); pen.arc(0, 0, 8.2 * u, 0, 2 * Math.PI); pen.clip();
        for (var gap = Math.max(3.2, 2.2 / u), k = -6; k <= 6; k++) { line(k * gap - 12, 12, k * gap + 12, -12, Math.max(0.8, 1.1 * u), colours.mute); }
        pen.restore();
        ring(9, 1.6, 1, colours.mute);
      },
      function () { disc(8.5, colours.mute); line(-4.8, 0, 4.8, 0, Math.max(1.4, 2.8 * u), colours.land); },
      function () { ring(10.5, 2.4, 1.4, colours.note, 8, 0.62); },
      function () {
        disc(9, colours.land); ring(9, 1.8, 1.1, colours.mute);
        line(-5.8, -5.8, 5.8, 5.8, Math.max(1.1, 1.8 * u), colours.mute); line(-5.8, 5.8, 5.8, -5.8, Math.max(1.1, 1.8 * u), colours.mute);
      },
      function () { disc(6, colours.land); ring(6, 2, 1.2, colours.mute, 10, 0.52); }
    ];
    draw.forEach(function (one, at) {
      pen.save();
      pen.beginPath(); pen.rect(at * side, 0, side, side); pen.clip();
      pen.translate(at * side + side / 2, side / 2); pen.scale(dpr, dpr);
      one();
      pen.restore();
    });
    return canvas;
  };

  parts.Drawing = function (gl) {
    var used = PROGRAMS.map(function (pair) { return program(gl, pair); });
    var buffers = {}, sizes = {}, small = gl.createVertexArray(), large = gl.createVertexArray(), runs = [], marks = gl.createTexture(), drawn = "";

    /* Filled anew only where it grows: a change of date moves bytes and makes nothing. */
    function fill(name, data, kind) {
      kind = kind || gl.ARRAY_BUFFER;
      if (!buffers[name]) { buffers[name] = gl.createBuffer(); }
      gl.bindBuffer(kind, buffers[name]);
      if (sizes[name] >= data.byteLength) { gl.bufferSubData(kind, 0, data); } else { gl.bufferData(kind, data, gl.DYNAMIC_DRAW); sizes[name] = data.byteLength; }
    }
    function attribute(at, name, width, type, step, stride, offset) {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, width, type, false, stride || 0, offset || 0);
      gl.vertexAttribDivisor(at, step);
    }

    /* places: {x, y}; at: {value, mark, class}; order: as `parts.order` gives it */
    this.fill = function (places, at, order, fresh) {
      gl.bindVertexArray(null);
      if (fresh || !buffers.x) { fill("x", places.x); fill("y", places.y); }
      fill("value", at.value); fill("mark", at.mark); fill("class", at.class);
      runs = order.runs;
      var gathered = new Float32Array(order.large * 5), i, row;
      for (i = 0; i < order.large; i++) {
        row = order.rows[i];
        gathered[5 * i] = places.x[row]; gathered[5 * i + 1] = places.y[row]; gathered[5 * i + 2] = at.value[row];
        gathered[5 * i + 3] = at.mark[row]; gathered[5 * i + 4] = at.class[row];
      }
      fill("gathered", gathered); fill("corner", CORNERS);
      gl.bindVertexArray(small);
      attribute(0, "x", 1, gl.FLOAT, 0); attribute(1, "y", 1, gl.FLOAT, 0); attribute(2, "value", 1, gl.FLOAT, 0);
      attribute(3, "mark", 1, gl.UNSIGNED_BYTE, 0); attribute(4, "class", 1, gl.UNSIGNED_BYTE, 0);
      fill("rows", order.rows, gl.ELEMENT_ARRAY_BUFFER);
      gl.bindVertexArray(large);
      for (i = 0; i < 5; i++) { attribute(i, "gathered", 1, gl.FLOAT, 1, 20, 4 * i); }
      attribute(5, "corner", 2, gl.FLOAT, 0);
      gl.bindVertexArray(null);
    };
    this.clear = function () { runs = []; };

    /* The settings of the map's own textures are put back: it remembers what it has set. */
    function paint(look) {
      var key = JSON.stringify([look.mark, look.dpr, look.colours]);
      gl.activeTexture(gl.TEXTURE0);
      gl.bindTexture(gl.TEXTURE_2D, marks);
      if (drawn === key) { return; }
      var kept = [gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, gl.UNPACK_FLIP_Y_WEBGL].map(function (name) { return [name, gl.getParameter(name)]; });
      gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true); gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, parts.marks(look.mark, look.dpr, look.colours, look.pale));
      [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER].forEach(function (name) { gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST); });
      [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T].forEach(function (name) { gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE); });
      kept.forEach(function (one) { gl.pixelStorei(one[0], one[1]); });
      drawn = key;
    }

    function dress(kind, look, matrix, mid, half) {
      var u = used[kind].uniforms;  /* what a program does not have is null, and set to nothing */
      gl.useProgram(used[kind].made);
      gl.uniformMatrix4fv(u.u_matrix || null, false, matrix); gl.uniform2f(u.u_mid || null, mid[0], mid[1]); gl.uniform2f(u.u_half || null, half[0], half[1]);
      var numbers = {
        k: look.k, dot: look.dot, edge: look.edge, dpr: look.dpr, pale: look.pale, sites: look.opacity.sites, ghosts: look.opacity.ghosts, cell: parts.cell(look.mark, look.dpr)
      };
      Object.keys(numbers).forEach(function (name) { gl.uniform1f(u["u_" + name] || null, numbers[name]); });
      ["land", "note", "none"].forEach(function (name) { gl.uniform3fv(u["u_" + name] || null, rgb(look.colours[name])); });
      gl.uniform1i(u.u_marks || null, 0);
      var palette = new Float32Array(4 * parts.CLASSES);
      for (var i = 0; i < parts.CLASSES; i++) {
        var named = look.palette[i] || look.colours.none, hatched = named === "hatch";
        palette.set(rgb(hatched ? look.colours.note : named).concat(hatched ? 1 : 0), 4 * i);
      }
      gl.uniform4fv(u.u_palette || null, palette);
    }

    /* matrix: 16 numbers from places (0..1) to the picture, in double precision; middle: where the map looks, 0..1.
       Places are taken from the middle before they are multiplied, so that marks do not tremble when near. */
    this.render = function (look, matrix, middle, copies, half) {
      var mid = [Math.fround(middle[0]), Math.fround(middle[1])];
      if (!runs.length || gl.isContextLost()) { return; }
      gl.enable(gl.BLEND); gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA); gl.disable(gl.DEPTH_TEST); gl.disable(gl.STENCIL_TEST); gl.disable(gl.CULL_FACE);
      paint(look);
      for (var copy = copies[0]; copy <= copies[1]; copy++) {
        var shifted = new Float32Array(matrix), x = mid[0] + copy, worn = {};
        for (var i = 0; i < 4; i++) { shifted[12 + i] = matrix[i] * x + matrix[4 + i] * mid[1] + matrix[12 + i]; }
        runs.forEach(function (run) {
          if (!worn[run.kind]) { dress(run.kind, look, shifted, mid, half); worn[run.kind] = true; }
          gl.useProgram(used[run.kind].made);
          gl.bindVertexArray(run.kind ? small : large);
          if (run.kind) { gl.drawElements(gl.POINTS, run.to - run.from, gl.UNSIGNED_INT, 4 * run.from); } else { gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, run.to - run.from); }
        });
      }
      gl.bindVertexArray(null);
    };

    this.free = function () {
      Object.keys(buffers).forEach(function (name) { gl.deleteBuffer(buffers[name]); });
      gl.deleteTexture(marks); gl.deleteVertexArray(small); gl.deleteVertexArray(large);
      used.forEach(function (one) { gl.deleteProgram(one.made); });
    };
  };
})();
