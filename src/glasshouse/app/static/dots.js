/**
 * The dots in WebGL2: everybody of one arm in one field, two calls a frame.
 *
 * The first call draws the people, the second the marks (ring, diamond, stroke) on top of them. What
 * changes with the month is one integer and one byte a person, handed over as the scene holds them.
 * `dots_canvas.js` draws the same with Canvas 2D and has the same interface.
 */

import { CanvasDots } from "./dots_canvas.js";
import { COLOUR, FAINT, HALF, RAMP, sizes } from "./look.js";
import { FLAG } from "./scene.js";

const MARKED = FLAG.rightly | FLAG.wrongly | FLAG.refused;

/** What a browser calls a graphics card that is none. */
const SLOW = /swiftshader|llvmpipe|softpipe|software|basic render/i;

const VERTEX = `#version 300 es
precision highp float;
layout(location = 0) in vec2 place;
layout(location = 1) in int score;
layout(location = 2) in uint flags;
uniform vec2 field;
uniform float ratio;
uniform bool marks;
uniform ivec3 scale;
uniform bool scored;
uniform float sizes[6];
uniform vec3 ramp[${2 * HALF + 1}];
flat out vec3 colour;
flat out float strength;
flat out uint shape;
flat out float radius;
void main() {
  bool listed = (flags & ${FLAG.rightly | FLAG.wrongly}u) != 0u;
  bool known = scored && score != -2147483647 - 1 && (flags & ${FLAG.out}u) == 0u;
  shape = flags;
  strength = (flags & ${FLAG.gone}u) != 0u ? ${FAINT} : 1.0;
  colour = ramp[${HALF}];
  radius = sizes[1];
  if (known) {
    int span = score < scale.x ? scale.x - scale.y : scale.z - scale.x;
    float part = span > 0 ? float(score - scale.x) / float(span) : float(sign(score - scale.x));
    int at = int(floor(${HALF}.0 + ${HALF}.0 * clamp(part, -1.0, 1.0) + 0.5));
    colour = ramp[at];
    radius = sizes[0];
  }
  float reach = marks ? max(max(sizes[2], sizes[3]), sizes[5]) + sizes[4] : radius + 0.5;
  gl_PointSize = 2.0 * (reach + 0.5) * ratio;
  bool hidden = !marks && listed;
  vec2 at = place / field * 2.0 - 1.0;
  gl_Position = hidden ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(at.x, -at.y, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
uniform float ratio;
uniform bool marks;
uniform float sizes[6];
uniform vec3 single[4];
flat in vec3 colour;
flat in float strength;
flat in uint shape;
flat in float radius;
out vec4 ink;
float inside(float away) { return clamp(0.5 - away * ratio, 0.0, 1.0); }
void over(inout vec4 below, vec3 tone, float share) {
  below = vec4(tone * share, share) + below * (1.0 - share);
}
void main() {
  float reach = marks ? max(max(sizes[2], sizes[3]), sizes[5]) + sizes[4] : radius + 0.5;
  vec2 p = (gl_PointCoord - 0.5) * 2.0 * (reach + 0.5);
  ink = vec4(0.0);
  if (!marks) {
    over(ink, colour, inside(length(p) - radius));
  } else {
    if ((shape & ${FLAG.wrongly}u) != 0u) {
      float away = (abs(p.x) + abs(p.y) - sizes[3]) * 0.7071;
      over(ink, single[3], inside(away));
      over(ink, single[1], inside(abs(away) - sizes[4] * 0.5));
    } else if ((shape & ${FLAG.rightly}u) != 0u) {
      float away = length(p) - sizes[2];
      over(ink, single[3], inside(away));
      over(ink, single[0], inside(abs(away) - sizes[4] * 0.5));
    }
    if ((shape & ${FLAG.refused}u) != 0u) {
      vec2 q = vec2(p.x - p.y, p.x + p.y) * 0.7071;
      vec2 box = abs(q) - vec2(sizes[5], sizes[4] * 0.62);
      over(ink, single[2], inside(max(box.x, box.y)));
    }
  }
  ink *= strength;
}`;

/** A shader, or an error with what the driver said. */
function shader(gl, type, text) {
  const made = gl.createShader(type);
  gl.shaderSource(made, text);
  gl.compileShader(made);
  if (!gl.getShaderParameter(made, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(made));
  return made;
}

let isFast;

/** Whether WebGL2 has a graphics card to draw with; asked once, of a canvas that is thrown away. */
function hasCard() {
  if (isFast === undefined) {
    try {
      const tried = new WebglDots(document.createElement("canvas"), true);
      isFast = !tried.isSlow;
      tried.destroy();
    } catch {
      isFast = false;
    }
  }
  return isFast;
}

/** Dots drawn with WebGL2. */
export class WebglDots {
  /** @param {HTMLCanvasElement} canvas @param {boolean} [mustBeFast] no WebGL2 in software */
  constructor(canvas, mustBeFast = false) {
    this.name = "webgl2";
    this.canvas = canvas;
    const gl = canvas.getContext("webgl2", {
      antialias: false, alpha: false, failIfMajorPerformanceCaveat: mustBeFast,
    });
    if (!gl) throw new Error("this browser gives no WebGL2");
    const card = gl.getExtension("WEBGL_debug_renderer_info");
    this.isSlow = SLOW.test(card ? gl.getParameter(card.UNMASKED_RENDERER_WEBGL) : "");
    this.gl = gl;
    const program = gl.createProgram();
    gl.attachShader(program, shader(gl, gl.VERTEX_SHADER, VERTEX));
    gl.attachShader(program, shader(gl, gl.FRAGMENT_SHADER, FRAGMENT));
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
    gl.useProgram(program);
    this.at = (name) => gl.getUniformLocation(program, name);
    this.marks = this.at("marks");
    this.buffers = [gl.createBuffer(), gl.createBuffer(), gl.createBuffer()];
    this.order = gl.createBuffer();
    const unit = (rgb) => rgb.map((value) => value / 255);
    gl.uniform3fv(this.at("ramp"), RAMP.flatMap(unit));
    const { rightly, wrongly, refused, field } = COLOUR;
    gl.uniform3fv(this.at("single"), [rightly, wrongly, refused, field].flatMap(unit));
    gl.clearColor(...unit(field), 1);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.n = 0;
    this.setScale(null);
  }

  /** Gives the field its size. @param {number} width @param {number} height @param {number} ratio */
  resize(width, height, ratio) {
    const { gl, canvas } = this;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.uniform2f(this.at("field"), width, height);
    gl.uniform1f(this.at("ratio"), ratio);
  }

  /** Puts everybody in their place. @param {{x: Float32Array, y: Float32Array, pitch: number}} placed */
  place(placed) {
    const { gl, buffers } = this;
    const n = placed.x.length;
    const both = new Float32Array(2 * n);
    for (let i = 0; i < n; i += 1) {
      both[2 * i] = placed.x[i];
      both[2 * i + 1] = placed.y[i];
    }
    const s = sizes(placed.pitch);
    gl.uniform1fv(this.at("sizes"), [s.dot, s.unscored, s.ring, s.diamond, s.stroke, s.dash]);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[0]);
    gl.bufferData(gl.ARRAY_BUFFER, both, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    [[1, gl.INT, 4], [2, gl.UNSIGNED_BYTE, 1]].forEach(([place, type, bytes]) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers[place]);
      gl.bufferData(gl.ARRAY_BUFFER, n * bytes, gl.DYNAMIC_DRAW);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribIPointer(place, 1, type, 0, 0);
    });
    this.n = n;
    this.marked = new Uint32Array(n);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.order);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, 4 * n, gl.DYNAMIC_DRAW);
  }

  /** The scale of the colours; null where nobody is scored. */
  setScale(scale) {
    this.gl.uniform1i(this.at("scored"), scale ? 1 : 0);
    if (scale) this.gl.uniform3i(this.at("scale"), scale.start, scale.low, scale.high);
  }

  /** Draws a frame. @param {Int32Array} score @param {Uint8Array} flags */
  draw(score, flags) {
    const { gl, buffers } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[1]);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, score);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers[2]);
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, flags);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniform1i(this.marks, 0);
    gl.drawArrays(gl.POINTS, 0, this.n);
    const { marked } = this;
    let count = 0;
    for (let i = 0; i < this.n; i += 1) {
      if (flags[i] & MARKED) {
        marked[count] = i;
        count += 1;
      }
    }
    if (!count) return;
    gl.bufferSubData(gl.ELEMENT_ARRAY_BUFFER, 0, marked, 0, count);
    gl.uniform1i(this.marks, 1);
    gl.drawElements(gl.POINTS, count, gl.UNSIGNED_INT, 0);
  }

  /** Gives the drawing's memory back. */
  destroy() {
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}

/**
 * Dots on a canvas: WebGL2 where there is a graphics card, Canvas 2D otherwise, which is faster then.
 * @param {HTMLCanvasElement} canvas @param {{canvas2d?: boolean, webgl?: boolean}} [options]
 */
export function dotsOn(canvas, options = {}) {
  if (options.canvas2d || (!options.webgl && !hasCard())) return new CanvasDots(canvas);
  return new WebglDots(canvas);
}
