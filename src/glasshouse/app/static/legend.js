/**
 * The legend: what a colour and a shape say, in words, with the marks as the dots are drawn.
 */

import { draw, make } from "./dom.js";
import { RAMP, css } from "./look.js";
import { number, stepWord } from "./words.js";

/** A mark as it stands in the field. @param {string} kind */
function mark(kind) {
  const shapes = {
    dot: () => [draw("circle", { class: "gh-mark-dot", cx: 9, cy: 9, r: 4.5 })],
    small: () => [draw("circle", { class: "gh-mark-dot", cx: 9, cy: 9, r: 2.8 })],
    ring: () => [draw("circle", { class: "gh-mark-ring", cx: 9, cy: 9, r: 5.4 })],
    diamond: () => [draw("path", { class: "gh-mark-diamond", d: "M9 2 L16 9 L9 16 L2 9 Z" })],
    stroke: () => [draw("circle", { class: "gh-mark-dot", cx: 9, cy: 9, r: 4.5 }), draw("path", { class: "gh-mark-stroke", d: "M3 15 L15 3" })],
    faint: () => [draw("circle", { class: "gh-mark-dot gh-mark-faint", cx: 9, cy: 9, r: 4.5 })],
  };
  return draw("svg", { width: 18, height: 18, viewBox: "0 0 18 18", "aria-hidden": "true" }, shapes[kind]());
}

/** The colours from low to high, in words at their ends. */
function ramp(scale) {
  const bar = draw("svg", { width: RAMP.length * 5, height: 10, "aria-hidden": "true" }, RAMP.map((rgb, k) => {
    const step = draw("rect", { x: k * 5, width: 5, height: 10 });
    step.style.fill = css(rgb);
    return step;
  }));
  return make("span", { class: "gh-ramp" },
    make("span", {}, `${number(scale.low)} or less`), bar, make("span", {}, `${number(scale.high)} or more`),
    make("span", {}, `(grey: the start, ${number(scale.start)})`));
}

/**
 * The legend of a scene.
 * @param {import("./scene.js").Scene} scene
 * @param {(rulebook: string) => void} choose called when another score is chosen
 */
export function legendOf(scene, choose) {
  const scale = scene.header.arms.map((_, arm) => scene.instrument(arm)).find(Boolean);
  const titles = new Map(scene.header.arms.flatMap((arm) => arm.instruments.map((one) => [one.rulebook, one.title])));
  let name = null;
  if (scene.rulebooks.length > 1) {
    const select = make("select", { onchange: () => choose(select.value) },
      scene.rulebooks.map((book) => make("option", { value: book, selected: book === scene.chosen }, titles.get(book) ?? book)));
    name = make("label", { class: "gh-choice" }, make("span", {}, "Score"), select);
  } else if (scene.chosen) name = make("span", {}, titles.get(scene.chosen) ?? scene.chosen);
  const items = [["ring", "on a list, rightly"], ["diamond", "on a list, wrongly"], ["stroke", `refused this ${stepWord(scene.header)}`]];
  if (scene.gone >= 0) items.push(["faint", "gone"]);
  items.push(["small", "not scored"]);
  return make("div", { class: "gh-legend" },
    make("div", { class: "gh-legend-scale" }, name, scale ? ramp(scale) : make("span", {}, "Nobody in this run has a score.")),
    make("ul", {}, items.map(([kind, words]) => make("li", {}, mark(kind), words))));
}
