/**
 * The dots in Canvas 2D, where there is no graphics card: the same places, colours, sizes and shapes.
 *
 * Every look is worked out once, as a stamp of pixels, and copied to wherever it is due; a whole field
 * is then put on the canvas at once. Without a graphics card this is faster than WebGL2 in software.
 */

import { COLOUR, FAINT, HALF, RAMP, sizes, stepOf } from "./look.js";
import { FLAG } from "./scene.js";

const LISTED = FLAG.rightly | FLAG.wrongly;

/** How much of a pixel lies inside, from its distance to the edge in pixels. */
function inside(away) {
  return Math.max(0, Math.min(1, 0.5 - away));
}

/** A pixel as the canvas keeps it. @param {number[]} rgb */
function packed(rgb) {
  return (255 << 24 | Math.round(rgb[2]) << 16 | Math.round(rgb[1]) << 8 | Math.round(rgb[0])) >>> 0;
}

/** One colour over another. */
function over(below, colour, share) {
  return below.map((value, k) => value + (colour[k] - value) * share);
}

/** Dots drawn with Canvas 2D. */
export class CanvasDots {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.name = "canvas2d";
    this.canvas = canvas;
    this.pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    this.scale = null;
    this.stamps = new Map();
  }

  /** Gives the field its size. @param {number} width @param {number} height @param {number} ratio */
  resize(width, height, ratio) {
    this.canvas.width = Math.max(1, Math.round(width * ratio));
    this.canvas.height = Math.max(1, Math.round(height * ratio));
    this.ratio = ratio;
    this.picture = this.pen.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.picture.data.buffer);
    this.stamps.clear();
  }

  /** Puts everybody in their place. @param {{x: Float32Array, y: Float32Array, pitch: number}} placed */
  place(placed) {
    this.placed = placed;
    this.sizes = sizes(placed.pitch);
    this.stamps.clear();
  }

  /** The scale of the colours; null where nobody is scored. */
  setScale(scale) {
    this.scale = scale;
  }

  /**
   * A stamp: places beside the middle, and what stands there.
   * @param {number} reach in CSS pixels
   * @param {(x: number, y: number) => [number[], number]|null} look colour and share at a place, in
   *   pixels of the canvas; what is laid over the ground of the field
   */
  made(key, reach, isFaint, look) {
    const wide = Math.ceil(reach * this.ratio) + 1;
    const found = { dx: [], dy: [], tone: [] };
    for (let dy = -wide; dy <= wide; dy += 1) {
      for (let dx = -wide; dx <= wide; dx += 1) {
        const [colour, share] = look(dx, dy);
        if (share < 0.02) continue;
        found.dx.push(dx);
        found.dy.push(dy);
        found.tone.push(packed(over(COLOUR.field, colour, isFaint ? share * FAINT : share)));
      }
    }
    const stamp = { wide, dx: Int32Array.from(found.dx), dy: Int32Array.from(found.dy), tone: Uint32Array.from(found.tone) };
    this.stamps.set(key, stamp);
    return stamp;
  }

  dot(step, isFaint) {
    const key = step * 2 + (isFaint ? 1 : 0);
    const found = this.stamps.get(key);
    if (found) return found;
    const radius = step < 0 ? this.sizes.unscored : this.sizes.dot;
    const colour = RAMP[step < 0 ? HALF : step];
    return this.made(key, radius, isFaint, (x, y) => [colour, inside(Math.hypot(x, y) - radius * this.ratio)]);
  }

  /** A hollow mark: the ground of the field inside a line. */
  hollow(key, reach, isFaint, colour, awayFrom) {
    const half = (this.sizes.stroke * this.ratio) / 2;
    return this.made(key, reach + this.sizes.stroke, isFaint, (x, y) => {
      const away = awayFrom(x, y);
      const line = inside(Math.abs(away) - half);
      return [over(COLOUR.field, colour, line), Math.max(line, inside(away)) > 0.02 ? 1 : 0];
    });
  }

  mark(flags) {
    const isFaint = Boolean(flags & FLAG.gone);
    const kind = flags & FLAG.wrongly ? "wrongly" : "rightly";
    const key = `${kind}${isFaint}`;
    const { ring, diamond } = this.sizes;
    return this.stamps.get(key) ?? (kind === "wrongly"
      ? this.hollow(key, diamond, isFaint, COLOUR.wrongly, (x, y) => (Math.abs(x) + Math.abs(y) - diamond * this.ratio) * Math.SQRT1_2)
      : this.hollow(key, ring, isFaint, COLOUR.rightly, (x, y) => Math.hypot(x, y) - ring * this.ratio));
  }

  stroke(isFaint) {
    const key = `refused${isFaint}`;
    const [long, half] = [this.sizes.dash * this.ratio, this.sizes.stroke * 0.62 * this.ratio];
    return this.stamps.get(key) ?? this.made(key, this.sizes.dash, isFaint, (x, y) => [COLOUR.refused, inside(
      Math.max(Math.abs(x - y) * Math.SQRT1_2 - long, Math.abs(x + y) * Math.SQRT1_2 - half),
    )]);
  }

  /** Copies a stamp to where somebody stands. */
  put(i, { wide, dx, dy, tone }) {
    const { width, height } = this.canvas;
    const x = Math.floor(this.placed.x[i] * this.ratio);
    const y = Math.floor(this.placed.y[i] * this.ratio);
    if (x < wide || y < wide || x + wide >= width || y + wide >= height) return;
    const middle = y * width + x;
    for (let k = 0; k < tone.length; k += 1) this.pixels[middle + dy[k] * width + dx[k]] = tone[k];
  }

  /** Draws a frame. @param {Int32Array} score @param {Uint8Array} flags */
  draw(score, flags) {
    const n = this.placed.x.length;
    this.pixels.fill(packed(COLOUR.field));
    for (let i = 0; i < n; i += 1) {
      if (flags[i] & LISTED) continue;
      const step = flags[i] & FLAG.out ? -1 : stepOf(score[i], this.scale);
      this.put(i, this.dot(step, flags[i] & FLAG.gone));
    }
    for (let i = 0; i < n; i += 1) {
      if (flags[i] & LISTED) this.put(i, this.mark(flags[i]));
      if (flags[i] & FLAG.refused) this.put(i, this.stroke(Boolean(flags[i] & FLAG.gone)));
    }
    this.pen.putImageData(this.picture, 0, 0);
  }

  /** Nothing is held that would have to be given back. */
  destroy() {}
}
