/**
 * The studies: a named question, what it runs, its command; its scenario in the page; and a small
 * run of it here, with its sentences and its figure.
 */

import { ask, problemsOf } from "./ask.js";
import { copyButton, freshId, make } from "./dom.js";
import { Scene } from "./scene.js";
import { counted, number } from "./words.js";

const SMALL = Object.freeze({ people: 2048, years: 1, seeds: 2 });

/** The part of the page that opens studies. */
export class Studies {
  /**
   * @param {object} catalogue
   * @param {HTMLElement} place where an open study is shown
   * @param {(order: object, words: string) => void} load shows a study's scenario in the page
   */
  constructor(catalogue, place, load) {
    this.place = place;
    this.load = load;
    const id = freshId("study");
    this.choice = make("select", { id, onchange: () => this.open(this.choice.value) },
      make("option", { value: "" }, "choose a question"),
      catalogue.studies.map((one) => make("option", { value: one.study }, one.title)));
    this.element = make("section", { class: "live-studies" }, make("h2", {}, "Studies"),
      make("label", { for: id }, "A question that people bring"), this.choice);
    place.hidden = true;
  }

  /** Opens a study, or closes the one that is open. @param {string} name */
  async open(name) {
    this.abort?.abort();
    this.place.hidden = !name;
    if (!name) return;
    const study = await ask("GET", `/api/studies/${encodeURIComponent(name)}`);
    this.said = make("p", { class: "live-said", role: "status", "aria-live": "polite" });
    this.result = make("div", {});
    if (study.problems) {
      this.place.replaceChildren(make("p", { role: "alert" }, study.problems[0].what));
      return;
    }
    const runs = `${number(study.people)} people, ${counted(study.years, "year")}, ${counted(study.seeds, "seed")}`;
    const show = make("button", { type: "button", onclick: () => this.load({ scenario: study.scenario, years: Math.min(study.years, 3) }, `${study.title} One run of its scenario.`) }, "Show its scenario");
    this.start = make("button", { type: "button", onclick: () => this.run(study) }, "Ask it here, small");
    this.place.replaceChildren(
      make("h2", {}, study.title), make("p", {}, study.question),
      make("p", {}, `It runs ${runs}. ${study.scenario_words}`),
      make("ul", {}, study.designs.map((design) => make("li", {}, `${design.scenario}: ${Object.values(design.arms).join("; ")}`))),
      make("pre", { tabindex: 0, "aria-label": "command" }, make("code", {}, study.command)),
      make("div", { class: "live-copies" }, copyButton("command", () => study.command), show, this.start),
      make("p", { class: "live-hint" }, `Here: ${number(SMALL.people)} people, ${counted(SMALL.years, "year")}, ${counted(SMALL.seeds, "seed")}, about a minute. Intervals are wide at this size.`),
      this.said, this.result,
      make("details", {}, make("summary", {}, "Why it is asked, and what it cannot say"),
        make("ul", {}, study.why.map((words) => make("li", {}, words))), make("ul", {}, study.cannot.map((words) => make("li", {}, words)))));
    this.place.scrollIntoView({ block: "nearest" });
  }

  /** Runs a study small, and shows its answer. */
  async run(study) {
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.start.disabled = true;
    this.said.textContent = "Asked for.";
    const receipt = await ask("POST", `/api/studies/${encodeURIComponent(study.study)}/runs`, SMALL, abort.signal);
    const scene = new Scene();
    let problems = receipt.problems;
    if (!problems && !abort.signal.aborted) problems = await this.follow(receipt, scene, abort.signal);
    if (abort.signal.aborted) return;
    this.start.disabled = false;
    if (problems ?? scene.failure) this.said.textContent = (problems ?? scene.failure.problems).map((one) => one.what).join("; ");
    else if (scene.finish) this.answer(scene.finish);
  }

  async follow(receipt, scene, signal) {
    try {
      const answer = await fetch(`/api/runs/${receipt.id}/stream`, { signal });
      if (!answer.ok) return await problemsOf(answer);
      const reader = answer.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return undefined;
        scene.push(value);
        const { progress } = scene;
        if (progress?.state === "waiting") this.said.textContent = `${counted(progress.ahead ?? 0, "run")} ahead of this one.`;
        else if (progress?.steps) this.said.textContent = `${progress.step} of ${counted(progress.steps, "run")} done.`;
      }
    } catch {
      return [{ what: "the line to the server broke" }];
    }
  }

  /** Shows an answer: sentences, the figure as a picture, and the command of this size. */
  answer(finish) {
    this.said.textContent = "Finished.";
    if (this.picture) URL.revokeObjectURL(this.picture);
    this.picture = URL.createObjectURL(new Blob([finish.figure], { type: "image/svg+xml" }));
    this.result.replaceChildren(...finish.sentences.map((words) => make("p", { class: "live-answer" }, words)),
      make("p", { class: "live-hint" }, finish.intervals),
      make("figure", { class: "live-picture" }, make("img", { src: this.picture, alt: finish.figure_words }), make("figcaption", {}, finish.figure_words)),
      make("pre", { tabindex: 0, "aria-label": "command of this size" }, make("code", {}, finish.reproduce.command)));
  }
}
