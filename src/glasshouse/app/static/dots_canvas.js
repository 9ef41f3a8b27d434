/**
 * The dots in Canvas 2D, where there is no WebGL2: the same places, colours, sizes and shapes.
 */

import { COLOUR, FAINT, RAMP, HALF, css, sizes, stepOf } from "./look.js";
import { FLAG } from "./scene.js";

const LISTED = FLAG.rightly | FLAG.wrongly;
const MARKED = LISTED | FLAG.refused;

/** Dots drawn with Canvas 2D. */
export class CanvasDots {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.name = "canvas2d";
    this.canvas = canvas;
    this.pen = canvas.getContext("2d", { alpha: false });
    this.scale = null;
  }

  /** Gives the field its size. @param {number} width @param {number} height @param {number} ratio */
  resize(width, height, ratio) {
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    [this.width, this.height] = [width, height];
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** Puts everybody in their place. @param {{x: Float32Array, y: Float32Array, pitch: number}} placed */
  place(placed) {
    this.placed = placed;
    this.sizes = sizes(placed.pitch);
  }

  /** The scale of the colours; null where nobody is scored. */
  setScale(scale) {
    this.scale = scale;
  }

  /** Draws a frame. @param {Int32Array} score @param {Uint8Array} flags */
  draw(score, flags) {
    const { pen } = this;
    pen.globalAlpha = 1;
    pen.fillStyle = css(COLOUR.field);
    pen.fillRect(0, 0, this.width, this.height);
    this.drawPeople(score, flags);
    this.drawMarks(flags);
  }

  /** One path for every colour and strength. */
  drawPeople(score, flags) {
    const { pen, placed: { x, y }, sizes: size } = this;
    const bins = new Map();
    for (let i = 0; i < x.length; i += 1) {
      if (flags[i] & LISTED) continue;
      const step = flags[i] & FLAG.out ? -1 : stepOf(score[i], this.scale);
      const key = step * 2 + (flags[i] & FLAG.gone ? 1 : 0);
      if (!bins.has(key)) bins.set(key, []);
      bins.get(key).push(i);
    }
    for (const [key, rows] of bins) {
      const step = key >> 1;
      const radius = step < 0 ? size.unscored : size.dot;
      pen.globalAlpha = key & 1 ? FAINT : 1;
      pen.fillStyle = css(RAMP[step < 0 ? HALF : step]);
      pen.beginPath();
      for (const i of rows) {
        pen.moveTo(x[i] + radius, y[i]);
        pen.arc(x[i], y[i], radius, 0, 2 * Math.PI);
      }
      pen.fill();
    }
  }

  drawMarks(flags) {
    const { pen, placed: { x, y }, sizes: size } = this;
    for (let i = 0; i < x.length; i += 1) {
      if (!(flags[i] & MARKED)) continue;
      pen.globalAlpha = flags[i] & FLAG.gone ? FAINT : 1;
      pen.lineWidth = size.stroke;
      pen.fillStyle = css(COLOUR.field);
      pen.beginPath();
      if (flags[i] & FLAG.wrongly) {
        const r = size.diamond;
        pen.moveTo(x[i] - r, y[i]);
        pen.lineTo(x[i], y[i] - r);
        pen.lineTo(x[i] + r, y[i]);
        pen.lineTo(x[i], y[i] + r);
        pen.closePath();
        pen.strokeStyle = css(COLOUR.wrongly);
      } else if (flags[i] & FLAG.rightly) {
        pen.arc(x[i], y[i], size.ring, 0, 2 * Math.PI);
        pen.strokeStyle = css(COLOUR.rightly);
      }
      if (flags[i] & LISTED) {
        pen.fill();
        pen.stroke();
      }
      if (flags[i] & FLAG.refused) {
        const r = size.dash * Math.SQRT1_2;
        pen.beginPath();
        pen.moveTo(x[i] - r, y[i] + r);
        pen.lineTo(x[i] + r, y[i] - r);
        pen.lineWidth = size.stroke * 1.24;
        pen.strokeStyle = css(COLOUR.refused);
        pen.stroke();
      }
    }
  }

  /** Nothing is held that would have to be given back. */
  destroy() {}
}
