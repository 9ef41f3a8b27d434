/**
 * The numbers of a chapter: the run that it began with beside the run as the reader has set it.
 */

import { make } from "./dom.js";
import { shown } from "./table.js";

/** The row of a metric in a finished run; undefined where it has none. */
function rowOf(finish, arm, one) {
  return finish.metrics.find((row) => row.arm === arm && row.metric === one.metric
    && (row.part ?? "") === (one.part ?? "") && !row.group);
}

const minus = (words) => words.replace("-", "\u2212");

/** A value in its unit: shares as per cent, changes with their sign. */
function inUnit(value, unit) {
  if (value === null || value === undefined) return "unknown";
  if (!unit.startsWith("share")) return minus(shown(value));
  const percent = value * 100;
  if (percent > 0 && percent < 0.01) return "under 0.01 %";
  const words = Math.abs(percent) >= 10 ? percent.toFixed(0) : Number(percent.toPrecision(2)).toString();
  const sign = unit.includes("baseline") && percent > 0 ? "+" : "";
  return minus(`${sign}${words} %`);
}

/** What stands behind a value: its interval, or why there is none. */
function doubt(row) {
  if (row.low === null || row.low === undefined) return row.why ?? "no interval in a run this small";
  // The sign of per cent once, behind both ends.
  return `${inUnit(row.low, row.unit).replace(" %", "")} to ${inUnit(row.high, row.unit)}`;
}

function cell(row) {
  if (!row) return make("td", {}, "not counted");
  return make("td", {}, make("strong", {}, inUnit(row.value, row.unit)),
    make("span", { class: "tour-doubt" }, doubt(row)));
}

/** The table of a chapter's numbers. */
export class Compared {
  /** @param {object} chapter */
  constructor(chapter) {
    this.chapter = chapter;
    this.first = null;
    this.element = make("section", { class: "tour-numbers", "aria-label": "Numbers from the run", "aria-live": "polite" });
    this.element.append(make("p", { class: "gh-quiet" }, "The numbers come with the end of the run."));
  }

  /** Shows a finished run. @param {object} finish @param {boolean} isFirst whether it is the run that the chapter begins with */
  show(finish, isFirst) {
    const { chapter } = this;
    if (isFirst || !this.first) this.first = finish;
    const sides = isFirst ? [["this run", finish]] : [["as it began", this.first], ["as you set it", finish]];
    const rows = chapter.shown.map((one) => {
      const found = sides.map(([, side]) => rowOf(side, chapter.run.arm, one));
      const unit = found[0] && !found[0].unit.startsWith("share") ? `, in ${found[0].unit}` : "";
      return make("tr", {}, make("th", { scope: "row" }, `${one.words}${unit}`), found.map(cell));
    });
    this.element.replaceChildren(make("table", {},
      make("caption", {}, "Numbers from the run, each with its 95 % interval between communities"),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "what"), sides.map(([name]) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, rows)));
  }
}
