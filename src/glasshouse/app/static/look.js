/**
 * The look of the dots: colours, sizes and shapes, one source for WebGL2, Canvas 2D and the legend.
 *
 * Orange is below the start of a score, grey is at it, blue is above: a scale that people who do not
 * tell red from green read as well. Shapes carry what matters most: a ring is listed rightly, a
 * diamond listed wrongly, a red stroke refused.
 */

import { UNSCORED } from "./scene.js";

/** Colours of single things, as [red, green, blue]. */
export const COLOUR = Object.freeze({
  low: [255, 140, 51], start: [97, 108, 120], high: [82, 182, 255], rightly: [255, 255, 255],
  wrongly: [255, 218, 77], refused: [255, 84, 89], field: [10, 13, 16],
});

/** Steps of colour on either side of the start. */
export const HALF = 12;

/** A CSS colour. @param {number[]} rgb */
export function css(rgb) {
  return `rgb(${rgb.map(Math.round).join(" ")})`;
}

/** Mixes two colours; a power less than one lets small differences show. */
function mixed(one, other, share) {
  const s = share ** 0.7;
  return one.map((value, i) => value + (other[i] - value) * s);
}

/** The colours from the lowest to the highest score, 2 * HALF + 1 of them. */
export const RAMP = Object.freeze(Array.from({ length: 2 * HALF + 1 }, (_, i) => {
  const part = Math.abs(i - HALF) / HALF;
  return mixed(COLOUR.start, i < HALF ? COLOUR.low : COLOUR.high, part);
}));

/**
 * Where a score stands on the ramp: 0 the lowest, HALF the start, 2 * HALF the highest; -1 unscored.
 * @param {number} score @param {{start: number, low: number, high: number}} scale
 */
export function stepOf(score, scale) {
  if (score === UNSCORED || !scale) return -1;
  const span = score < scale.start ? scale.start - scale.low : scale.high - scale.start;
  const part = span > 0 ? (score - scale.start) / span : Math.sign(score - scale.start);
  return Math.round(HALF + HALF * Math.max(-1, Math.min(1, part)));
}

/** Radii and strokes as shares of the pitch, with least values in CSS pixels. */
export function sizes(pitch) {
  return {
    dot: Math.max(1, pitch * 0.39),
    unscored: Math.max(0.8, pitch * 0.27),
    ring: Math.max(2.2, pitch * 0.52),
    diamond: Math.max(3, pitch * 0.72),
    stroke: Math.max(1.3, pitch * 0.2),
    dash: Math.max(4.2, pitch * 0.95),
  };
}

/** How strongly somebody who is gone is drawn. */
export const FAINT = 0.28;
