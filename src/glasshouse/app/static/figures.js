/**
 * The figures beside the dots, an arm beside the other on one scale: who is listed, refusals, scores.
 *
 * Observable Plot draws the months once; the line of the month moves over them. The scores are those
 * of the people shown and are redrawn with the month.
 */

import { OVER_TIME, countOf } from "./counts.js";
import { draw, make } from "./dom.js";
import { HALF, RAMP, css, stepOf } from "./look.js";
import { TileMap } from "./map.js";
import { number, stepWord } from "./words.js";

const HEIGHT = 132;
const MARGINS = { marginLeft: 40, marginRight: 8, marginTop: 10, marginBottom: 22 };

/** Plot as its file leaves it; the drawing goes without these figures where it was not loaded. */
function library() {
  return globalThis.Plot;
}

/** The figures of a scene. */
export class Figures {
  /** @param {import("./scene.js").Scene} scene */
  constructor(scene) {
    this.scene = scene;
    this.lines = [];
    this.month = 0;
    this.over = make("div", {});
    this.spread = make("div", {});
    this.map = new TileMap(scene);
    this.element = make("div", { class: "gh-figures" }, this.over, this.spread, this.map.element);
    this.width = 0;
  }

  /** The date that stands for a step on the axis. */
  when(step) {
    return new Date(`${this.scene.date(this.scene.starts[step])}T00:00:00Z`);
  }

  /** Draws everything again, for a width or for steps that have come. @param {number} width */
  render(width) {
    this.width = width;
    const arms = this.scene.header.arms.length;
    const each = Math.max(150, Math.floor((width - 12 * (arms - 1)) / Math.min(arms, width < 300 ? 1 : 2)));
    this.lines = [];
    if (library() && this.scene.steps) {
      this.over.replaceChildren(...OVER_TIME.map((figure) => this.overTime(figure, each)));
    }
    this.renderSpread(each);
    this.setMonth(this.month);
  }

  /** One figure over the months, a plot an arm on one scale. */
  overTime({ title: last, meanwhile, lines }, width) {
    const { scene } = this;
    const { arms, steps } = scene.header;
    const isCounted = scene.counts.some(Boolean);
    const title = (isCounted ? last : meanwhile).replace("{step}", stepWord(this.scene.header));
    const value = (arm, line, step) => (isCounted
      ? countOf(scene.counts[step]?.arms?.[arm], line.name)
      : scene.tallies[arm][step][line.tally]);
    const values = (arm, line) => Array.from({ length: scene.steps }, (_, step) => ({ when: this.when(step), value: value(arm, line, step) }));
    const most = Math.max(4, ...arms.flatMap((_, a) => lines.flatMap((line) => values(a, line).map((one) => one.value ?? 0))));
    const words = lines.length > 1 ? `${title}: ${lines.map((line) => line.words).join(" and ")}` : title;
    const plots = arms.map((arm, a) => this.plot(arm, a, { lines, values, most, width, span: [this.when(0), this.when(steps.length - 1)], words }));
    const key = lines.length > 1 ? make("p", { class: "gh-key" }, lines.map((line) => make("span", { class: `gh-key-${line.shape}` }, line.words))) : null;
    return make("section", { class: "gh-figure" }, make("h3", {}, title), key, make("div", { class: "gh-row" }, plots));
  }

  plot(arm, a, { lines, values, most, width, span, words }) {
    const Plot = library();
    const marks = lines.map((line) => (line.shape === "bar"
      ? Plot.areaY(values(a, line), { x: "when", y: "value", className: line.look, curve: "step" })
      : Plot.lineY(values(a, line), { x: "when", y: "value", className: line.look, strokeWidth: line.shape === "diamond" ? 2.2 : 1.6, curve: "step-after" })));
    const drawn = Plot.plot({
      ...MARGINS, width, height: HEIGHT, className: "gh-plot",
      x: { type: "utc", domain: span, label: null, ticks: Math.max(2, Math.floor(width / 70)), tickSize: 3 },
      y: { domain: [0, most], nice: true, label: null, ticks: 4, grid: true, tickSize: 0, tickFormat: most < 2000 ? ",d" : "~s" },
      marks: [...marks, Plot.ruleY([0])],
    });
    // Its own style element would ask for an exception in the page's policy; style.css has the rules.
    drawn.querySelectorAll("style").forEach((style) => style.remove());
    drawn.querySelectorAll("[aria-label]").forEach((part) => part.removeAttribute("aria-label"));
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", `${words}, ${arm.arm}; the table of numbers says the same.`);
    const line = draw("line", { class: "gh-now", y1: MARGINS.marginTop, y2: HEIGHT - MARGINS.marginBottom });
    drawn.append(line);
    this.lines.push({ line, x: drawn.scale("x") });
    return make("div", {}, make("p", { class: "gh-arm-name" }, arm.arm), drawn);
  }

  /** The frame of the distribution of scores: a bar for every colour of the dots. */
  renderSpread(each) {
    const { scene } = this;
    const bars = 2 * HALF + 1;
    const scored = scene.header.arms.filter((_, a) => scene.instrument(a)).length;
    const width = scored === 1 ? Math.min(this.width, 2 * each + 12) : each;
    this.spreads = scene.header.arms.flatMap((arm, a) => {
      const scale = scene.instrument(a);
      if (!scale) return [];
      const step = width / bars;
      const rects = Array.from({ length: bars }, (_, k) => {
        const bar = draw("rect", { x: k * step + 0.5, width: Math.max(1, step - 1), y: HEIGHT, height: 0 });
        bar.style.fill = css(RAMP[k]);
        return bar;
      });
      const ends = [[0, "start", `≤ ${number(scale.low)}`], [width / 2, "middle", `start ${number(scale.start)}`], [width, "end", `≥ ${number(scale.high)}`]];
      const picture = draw("svg", { class: "gh-spread", width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img" },
        rects, ends.map(([x, anchor, text]) => draw("text", { x, y: HEIGHT - 4, "text-anchor": anchor, class: "gh-tick" }, text)));
      const element = make("div", {}, make("p", { class: "gh-arm-name" }, arm.arm), picture);
      return [{ a, arm, scale, rects, picture, element }];
    });
    const heading = make("h3", {}, "Scores of the people shown");
    this.spread.replaceChildren(make("section", { class: "gh-figure" }, heading,
      this.spreads.length
        ? make("div", { class: "gh-row" }, this.spreads.map((one) => one.element))
        : make("p", { class: "gh-quiet" }, "No arm of this run has a score."),
      this.spreads.length ? make("p", { class: "gh-quiet" }, "A bar's height is the square root of its count, so that few are seen beside many.") : null));
  }

  /** Moves the line of the month and redraws the scores. @param {number} month */
  setMonth(month) {
    this.month = month;
    if (month >= this.scene.steps) return;
    this.map.setMonth(month);
    for (const { line, x } of this.lines) {
      const at = x.apply(this.when(month));
      line.setAttribute("x1", at);
      line.setAttribute("x2", at);
    }
    for (const { a, arm, scale, rects, picture } of this.spreads ?? []) {
      const { score } = this.scene.state(month, a);
      const counts = new Array(rects.length).fill(0);
      for (let i = 0; i < score.length; i += 1) {
        const step = stepOf(score[i], scale);
        if (step >= 0) counts[step] += 1;
      }
      const most = Math.sqrt(score.length);
      rects.forEach((bar, k) => {
        const high = (Math.sqrt(counts[k]) / most) * (HEIGHT - 24);
        bar.setAttribute("y", HEIGHT - 18 - high);
        bar.setAttribute("height", high);
      });
      const sum = (from, to) => counts.slice(from, to).reduce((one, other) => one + other, 0);
      picture.setAttribute("aria-label", `Scores, ${arm.arm}: ${number(sum(0, HALF))} below the start, `
        + `${number(counts[HALF])} near it, ${number(sum(HALF + 1))} above.`);
    }
  }
}
