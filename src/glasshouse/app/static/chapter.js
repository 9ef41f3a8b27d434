/**
 * One chapter of the tour: its words, its question, its controls, its run, and how far it is known.
 */

import { AddUp, gazette } from "./addup.js";
import { Compared } from "./compared.js";
import { make } from "./dom.js";
import { lever } from "./levers.js";
import { runInto } from "./order.js";
import { KIND, Scene } from "./scene.js";
import { mount } from "./view.js";

const WAIT = 350;

/** How many of each word there are, as "2 documented, 1 fiction". */
function tally(words) {
  const counts = new Map();
  words.forEach((word) => counts.set(word, (counts.get(word) ?? 0) + 1));
  return [...counts].map(([word, many]) => `${many} ${word}`).join(", ");
}

/** A chapter on the page. */
export class Chapter {
  /** @param {object} chapter @param {object} catalogue */
  constructor(chapter, catalogue) {
    this.chapter = chapter;
    this.catalogue = catalogue;
    this.set = { ...chapter.run.controls };
    this.compared = new Compared(chapter);
    this.addUp = chapter.add_up ? new AddUp(chapter) : null;
    this.status = make("p", { class: "tour-state", role: "status" });
    this.problems = make("div", { role: "alert" });
    this.drawing = make("div", { class: "tour-canvas" });
    this.heading = make("h1", { tabindex: -1 }, chapter.title);
    this.read = make("div", { class: "tour-read" },
      this.heading, make("p", { class: "tour-idea" }, chapter.idea), chapter.words.map((words) => make("p", {}, words)));
    this.act = make("div", { class: "tour-act" }, this.parts());
    this.element = make("div", { class: "tour-chapter" }, this.read,
      make("section", { class: "tour-drawing", "aria-label": "The drawing" }, this.drawing), this.act);
    this.run();
  }

  parts() {
    const { chapter } = this;
    const { ask, known } = chapter;
    const law = !chapter.add_up && chapter.provisions.length ? [gazette(chapter.provisions)] : [];
    return [
      make("section", { class: "tour-ask", "aria-label": "A question to you" }, make("h2", {}, ask.question), make("p", {}, ask.look)),
      this.addUp?.element, ...this.levers(), this.status, this.problems,
      chapter.shown.length ? this.compared.element : null,
      make("details", { class: "tour-answer" }, make("summary", {}, "When you have looked: what there is to see"), make("p", {}, ask.answer)),
      ...law,
      make("section", { class: "tour-known", "aria-label": "Law, assumption, result" }, make("h2", {}, "What is what"),
        make("dl", {}, [["Law", known.law], ["Assumption", known.assumption], ["Result", known.result]].flatMap(
          ([name, words]) => [make("dt", {}, name), make("dd", {}, words)])),
        make("details", {}, make("summary", {}, `How far it is known: ${tally(chapter.mechanisms.map((one) => one.evidence))} of the mechanisms`),
          make("ul", {}, chapter.mechanisms.map((one) => make("li", {}, make("b", {}, one.evidence), `: ${one.mechanism} (${one.id})`))))),
    ].filter(Boolean);
  }

  /** The chapter's own controls, or all of them in their groups. */
  levers() {
    const { chapter, catalogue } = this;
    const first = catalogue.scenarios.find((one) => one.scenario === chapter.run.scenario).values;
    const one = (control) => lever(control, this.set[control.id] ?? first[control.id], (id, value) => this.change(id, value));
    if (chapter.all_controls) {
      return [make("section", { class: "tour-levers", "aria-label": "Controls" }, catalogue.controls.map((group, place) => make("details", { open: place === 0 },
        make("summary", {}, group.group), group.controls.map(one))))];
    }
    const all = catalogue.controls.flatMap((group) => group.controls);
    const mine = chapter.controls.map((id) => all.find((control) => control.id === id)).filter(Boolean);
    return mine.length ? [make("section", { class: "tour-levers", "aria-label": "Controls" }, mine.map(one))] : [];
  }

  /** A control was moved: the run follows when the hand rests. */
  change(id, value) {
    this.set[id] = value;
    clearTimeout(this.waits);
    this.waits = setTimeout(() => this.run(), WAIT);
  }

  asked() {
    const { scenario, people, years, seed } = this.chapter.run;
    return { scenario, people, years, seed, controls: this.set };
  }

  /** Has the chapter's run made, and lets go of the one before. */
  async run() {
    this.stop?.abort();
    const stop = new AbortController();
    this.stop = stop;
    const isFirst = !this.compared.first;
    const scene = new Scene();
    this.problems.replaceChildren();
    this.status.textContent = "Running.";
    this.place(scene, stop.signal);
    try {
      await runInto(this.asked(), scene, stop.signal);
    } catch (error) {
      if (stop.signal.aborted) return;
      this.status.textContent = "";
      this.problems.replaceChildren(make("p", { class: "gh-failure" }, `The run did not come: ${error.message}`));
      return;
    }
    if (stop.signal.aborted) return;
    if (scene.failure) this.problems.replaceChildren(make("p", { class: "gh-failure" }, "The run did not finish."));
    if (!scene.finish) return;
    this.status.textContent = "";
    this.compared.show(scene.finish, isFirst);
    if (this.addUp) this.addUp.show(scene, this.row, this.armOf(scene));
  }

  armOf(scene) {
    return scene.header.arms.findIndex((arm) => arm.arm === this.chapter.run.arm);
  }

  /** Puts the drawing of a scene in the place of the one before, once there are people in it. */
  place(scene, signal) {
    const off = scene.on((kinds) => {
      if (signal.aborted) off();
      else if (kinds.has(KIND.people)) {
        off();
        this.swap(scene);
      }
    });
  }

  swap(scene) {
    const { life } = this.chapter;
    const [before, panel] = [this.view?.state(), this.view?.panel()];
    this.view?.destroy();
    const holder = make("div", {});
    this.drawing.replaceChildren(holder);
    this.row = life ? scene.find(life.community, life.number) : -1;
    const options = { level: 2 };
    if (before) Object.assign(options, { month: before.month, row: before.row, big: before.big, panel });
    else if (this.row >= 0) options.row = this.row;
    // Beside a life stands its score: whoever is to add it up does not read it first.
    if (!before && this.addUp) options.panel = "figures";
    this.view = mount(holder, scene, options);
  }

  destroy() {
    clearTimeout(this.waits);
    this.stop?.abort();
    this.view?.destroy();
  }
}
