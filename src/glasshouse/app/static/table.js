/**
 * The table of the numbers that the figures show, and the metrics and sentences of the run as given.
 */

import { countWords, groupsOf } from "./counts.js";
import { copyButton, make, tableOf } from "./dom.js";
import { TileMap } from "./map.js";
import { capital, monthWords, number, plain, stepWord } from "./words.js";

/** The numbers of the whole run, of one month and of all. */
export class Numbers {
  /** @param {import("./scene.js").Scene} scene */
  constructor(scene) {
    this.scene = scene;
    this.map = new TileMap(scene);
    this.month = 0;
    this.here = make("div", {});
    this.all = make("details", { ontoggle: () => this.renderAll() }, make("summary", {}, `All ${stepWord(scene.header)}s`));
    this.element = make("div", {}, this.here, this.all);
  }

  /** Shows a month. @param {number} month */
  setMonth(month) {
    this.month = month;
    const counts = this.scene.counts[month];
    const { arms, steps } = this.scene.header;
    if (!counts) return;
    const header = ["Count", ...arms.map((arm) => arm.arm)];
    const tables = groupsOf(this.scene).map(([title, names]) => within(title, arms.length, tableOf(title, header,
      names.map((name) => [countWords(name), ...counts.arms.map((arm) => number(arm[name]))]), { class: "gh-numbers gh-wide" })));
    this.here.replaceChildren(make("h3", {}, `${monthWords(steps[month].label)}, everybody in the run`), ...tables, ...this.map.table(month));
  }

  renderAll() {
    if (!this.all.open) return;
    const { arms, steps } = this.scene.header;
    const names = groupsOf(this.scene).flatMap(([, here]) => here);
    const rows = this.scene.counts.map((counts, step) => [steps[step].label,
      ...counts.arms.flatMap((arm) => names.map((name) => number(arm[name])))]);
    const header = [capital(stepWord(this.scene.header)), ...arms.flatMap((arm) => names.map((name) => `${arm.arm}: ${countWords(name)}`))];
    const table = make("div", { class: "gh-scroll", tabindex: 0, role: "region", "aria-label": `Numbers of all ${stepWord(this.scene.header)}s` },
      tableOf(`Every ${stepWord(this.scene.header)}, everybody in the run`, header, rows, { class: "gh-numbers" }));
    this.all.replaceChildren(this.all.firstChild, table);
  }
}

/** A table of many arms is wider than a narrow screen: it moves to the side by itself. */
function within(title, arms, table) {
  return arms > 3 ? make("div", { class: "gh-scroll gh-whole", tabindex: 0, role: "region", "aria-label": title }, table) : table;
}

/** Three significant digits, or whole numbers: for what `glasshouse metrics` has not printed. */
export function shown(value) {
  if (value === null || value === undefined) return "unknown";
  if (value === 0) return "0";
  if (Number.isInteger(value)) return value.toLocaleString("en-GB");
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-GB");
  return Number(value).toPrecision(3);
}

function metricRow(row, printed) {
  const part = [row.part, row.group].filter(Boolean).map(plain).join(", ");
  const cells = [part ? `${plain(row.metric)}: ${part}` : plain(row.metric), printed.value, printed.interval, row.unit ?? "", row.status ?? "", printed.note];
  const made = make("tr", {}, cells.map((cell, k) => make(k ? "td" : "th", k ? {} : { scope: "row" }, cell)));
  made.dataset.metric = [row.arm, row.metric, row.part ?? "", row.group ?? ""].join("|");
  made.dataset.value = String(row.value);
  return made;
}

/** The metrics of the run with interval and status, as `glasshouse metrics` prints them. */
export function metricsOf(finish) {
  const rows = finish.metrics.map((row, k) => [row, finish.printed[k]]);
  const arms = [...new Set(finish.metrics.map((row) => row.arm))];
  const head = ["Metric", "Value", "95 % interval", "Unit", "Status", "Note"];
  return make("div", {}, arms.map((arm) => make("div", { class: "gh-scroll", tabindex: 0, role: "region", "aria-label": `Metrics, ${arm}` },
    make("table", { class: "gh-metrics" },
      make("caption", {}, `Arm ${arm}`),
      make("thead", {}, make("tr", {}, head.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, rows.filter(([row]) => row.arm === arm).map(([row, printed]) => metricRow(row, printed)))))));
}

/** Sentences, in sections with a title where they come so. @param {(string|{title: string, sentences: string[]})[]} lines */
export function sentences(lines) {
  return (lines ?? []).flatMap((line) => (typeof line === "string"
    ? [make("p", {}, line)]
    : [make("h3", {}, line.title), ...line.sentences.map((one) => make("p", {}, one))]));
}

/** How to make the run again, with buttons that copy. */
export function reproduce(scene) {
  const { header, finish } = scene;
  if (!finish) return [make("p", { class: "gh-quiet" }, "Told when the run is finished.")];
  const { reproduce: how, digest, cite } = finish;
  const block = (what, text) => (text ? [make("h4", {}, what[0].toUpperCase() + what.slice(1)),
    make("pre", { tabindex: 0, "aria-label": what }, make("code", {}, text)), copyButton(what, () => text)] : []);
  const books = Object.entries(how.rulebooks ?? {}).map(([name, hash]) => [name, hash]);
  return [
    ...block("command", how.command), ...block("Python", how.python),
    make("h4", {}, "Digest"), make("p", { class: "gh-hash" }, digest ?? "unknown"),
    books.length ? make("div", { class: "gh-scroll", tabindex: 0, role: "region", "aria-label": "Rulebooks" }, tableOf("Rulebooks and their SHA-256", ["Rulebook", "Hash"], books, { class: "gh-hashes" })) : null,
    make("p", {}, `glasshouse ${how.version ?? header.version}`),
    cite?.length ? make("h4", {}, "To cite") : null, ...(cite ?? []).map((line) => make("p", {}, typeof line === "string" ? line : JSON.stringify(line))),
  ].filter(Boolean);
}
