/**
 * The file of one drawn person and the page of the law beside it: the reader adds up, the run tells.
 *
 * Nothing here knows what an act is worth. The points stand in the table as the rulebook has them,
 * and the sum that is right is the score that the run gave.
 */

import { make, tableOf } from "./dom.js";
import { WHAT } from "./scene.js";
import { counted, number, told, who } from "./words.js";

/** The table of a page of the law: whoever does one of these acts, what it is worth, where it stands. */
export function gazette(provisions) {
  const cells = ({ acts, worth, title, at }) => [
    make("th", { scope: "row" }, acts.length ? make("ul", {}, acts.map((act) => make("li", {}, act))) : title),
    make("td", {}, worth), make("td", {}, at),
  ];
  return make("table", { class: "tour-law" },
    make("caption", {}, "What stands in the Gazette"),
    make("thead", {}, make("tr", {}, [provisions.some((one) => one.acts.length) ? "Whoever" : "List", provisions.some((one) => one.acts.length) ? "points" : "what it says", "where"].map((name) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, provisions.map((one) => make("tr", {}, cells(one)))));
}

/** The panel in which a file is added up. */
export class AddUp {
  /** @param {object} chapter as the catalogue tells it */
  constructor(chapter) {
    this.chapter = chapter;
    this.file = make("div", { class: "tour-file" }, make("p", { class: "gh-quiet" }, "The file is being written."));
    this.sum = make("input", { type: "number", step: 1, id: "tour-sum", inputmode: "numeric" });
    this.verdict = make("p", { class: "tour-verdict", role: "status" });
    this.form = make("form", { class: "tour-sum", novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      this.check();
    } }, make("label", { for: "tour-sum" }, "Your sum"), this.sum, make("button", { type: "submit" }, "Check"), this.verdict);
    this.element = make("section", { class: "tour-addup", "aria-label": "The file and the law" },
      this.file, gazette(chapter.provisions), this.form);
  }

  /** Tells the file when the run is there. @param {import("./scene.js").Scene} scene @param {number} row @param {number} arm */
  show(scene, row, arm) {
    const mine = scene.events(row).filter((event) => event.arm === arm);
    const lines = mine.filter((event) => event.what === WHAT.entry);
    const acts = mine.filter((event) => event.what === WHAT.act);
    const seen = acts.filter((event) => event.second);
    const { score } = scene.state(scene.steps - 1, arm);
    this.score = score[row];
    const named = (label) => lines.filter((event) => scene.header.labels[event.second] === label && !scene.header.acts[event.first % scene.header.acts.length].praised).length;
    const [lawful, could] = [named("lawful"), named("could_not")];
    this.after = `In this year the person did ${counted(acts.length, "thing")} that somebody could have counted. `
      + `${number(seen.length)} of them ${seen.length === 1 ? "was" : "were"} seen, and ${counted(lines.length, "line was", "lines were")} written. `
      + `${counted(lawful, "line is", "lines are")} for a lawful act, and ${counted(could, "line", "lines")} for what the person could not have done otherwise.`;
    const said = (event) => {
      const words = told(event, scene.header).replace(/^written down: /, "").replace(/ \([^()]*\)$/, "");
      return words[0].toUpperCase() + words.slice(1);
    };
    this.file.replaceChildren(
      make("p", {}, `The file of number ${this.chapter.life.number} in community ${this.chapter.life.community}: ${who(scene, row)}.`),
      tableOf("What was written down in the year", ["day", "line"], lines.map((event) => [scene.date(event.day), said(event)]), { class: "tour-lines" }));
  }

  /** Holds the reader's sum against the run's. */
  check() {
    if (this.score === undefined) return;
    const sum = this.sum.valueAsNumber;
    if (!Number.isInteger(sum)) this.verdict.textContent = "Type a whole number.";
    else if (sum === this.score) this.verdict.textContent = `The run says ${this.score}, too. ${this.after}`;
    else {
      const apart = Math.abs(sum - this.score);
      this.verdict.textContent = `Your sum is ${apart} too ${sum > this.score ? "high" : "low"}. Begin with what everybody starts with, and go line by line.`;
    }
    this.verdict.classList.toggle("tour-right", sum === this.score);
  }
}
