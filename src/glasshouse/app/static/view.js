/**
 * The whole drawing of a scene: arms side by side, time, legend, and what stands beside them.
 *
 * Used as it is by the one-file page, the live page and the notebook's widget.
 */

import { make } from "./dom.js";
import { Field } from "./field.js";
import { Figures } from "./figures.js";
import { Follow } from "./follow.js";
import { layout } from "./layout.js";
import { legendOf } from "./legend.js";
import { Player } from "./player.js";
import { KIND } from "./scene.js";
import { Numbers, metricsOf, reproduce, sentences } from "./table.js";
import { Tabs } from "./tabs.js";
import { armSentence, counted, lengthWords, monthWords, number, stepWord } from "./words.js";

/** The whole drawing; made by `mount`. */
class View {
  constructor(root, scene, options) {
    this.root = root;
    this.scene = scene;
    this.options = options;
    this.row = -1;
    this.hasMoved = options.month !== undefined;
    this.isLive = !scene.finish;
    this.wanted = { month: options.month, row: options.row };
    root.classList.add("gh");
    this.waiting = make("p", { class: "gh-waiting", role: "status" }, "Waiting for the first people.");
    root.replaceChildren(this.waiting);
    this.off = scene.on((kinds) => this.arrived(kinds));
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(root);
    this.arrived(new Set(Object.values(KIND)));
  }

  /** Takes note of messages that have come. */
  arrived(kinds) {
    const { scene } = this;
    if (scene.failure) this.fail();
    if (!scene.header || !scene.people) {
      if (scene.progress?.ahead) this.waiting.textContent = `${counted(scene.progress.ahead, "run")} ahead of this one.`;
      return;
    }
    if (!this.player) this.build();
    if (kinds.has(KIND.step) && scene.steps) {
      this.player.grown();
      const wanted = this.wanted.month;
      if (wanted !== undefined && wanted <= this.player.last) {
        this.wanted.month = undefined;
        this.setMonth(wanted);
      } else if (!this.hasMoved && this.isLive && !this.player.isPlaying) {
        this.player.go(this.player.last);
        this.hasMoved = false;
      }
      this.draw();
    }
    if (kinds.has(KIND.step) || kinds.has(KIND.counts)) this.later();
    if (kinds.has(KIND.finish)) this.finished();
    this.caption();
    this.where();
  }

  fail() {
    const problems = (this.scene.failure.problems ?? []).map((one) => (typeof one === "string" ? one : one.message ?? JSON.stringify(one)));
    this.root.prepend(make("div", { class: "gh-failure", role: "alert" }, make("strong", {}, "The run did not finish."), make("ul", {}, problems.map((one) => make("li", {}, one)))));
  }

  build() {
    const { scene, options } = this;
    const { header } = scene;
    const asked = [...new Set(options.arms ?? [])].filter((arm) => arm in header.arms);
    this.shownArms = asked.length === Math.min(2, header.arms.length) ? asked : header.arms.map((_, arm) => arm).slice(0, 2);
    this.map = false;
    this.player = new Player(scene, (month, isPlaying) => {
      this.hasMoved = true;
      this.moved(isPlaying);
    });
    const act = { select: (row) => this.select(row), key: (event) => this.key(event), go: (month) => this.setMonth(month) };
    this.fields = header.arms.map((_, arm) => (this.shownArms.includes(arm) ? new Field(scene, arm, act, options) : null));
    this.act = act;
    this.figures = new Figures(scene);
    this.follow = new Follow(scene, act);
    this.numbers = new Numbers(scene);
    this.results = make("div", {});
    this.made = make("div", {});
    this.tabs = new Tabs([
      ["figures", "Figures", this.figures.element], ["life", "One life", this.follow.element],
      ["numbers", "Numbers", this.numbers.element], ["results", "Results", this.results], ["made", "About", this.made],
    ]);
    this.tabs.onshow = () => this.rested();
    this.arms = make("div", { class: "gh-arms" }, this.shownArms.map((arm) => this.fields[arm].element));
    this.legend = legendOf(scene, (rulebook) => this.choose(rulebook));
    this.said = make("p", { class: "gh-caption", "aria-live": "polite" });
    this.stage = make("div", { class: "gh-stage" }, this.said, this.switches(), this.arms, this.player.element, this.legend);
    this.status = make("p", { class: "gh-status", role: "status" });
    const level = options.level ?? 1;
    const people = header.people_in_all ?? header.people;
    const top = make("header", { class: "gh-top" },
      make(`h${level}`, {}, header.question || header.title),
      make("p", { class: "gh-sub" }, `${header.title}. ${number(people)} synthetic people, ${lengthWords(header)}. `
        + `${header.cap_words ?? ""}`), this.status);
    this.root.replaceChildren(top, make("div", { class: "gh-main" }, this.stage, this.tabs.element));
    this.root.classList.toggle("gh-big", Boolean(options.big));
    this.renderMade();
    this.finished();
    this.resize();
    if (this.wanted.row !== undefined) this.select(this.wanted.row);
    if (options.panel) this.tabs.show(options.panel);
  }

  /** Which arms are shown where there are more than two, the map, the big picture. */
  switches() {
    const { header } = this.scene;
    const made = [];
    if (header.arms.length > 2) {
      [0, 1].forEach((side) => {
        const select = make("select", { "aria-label": side ? "Arm on the right" : "Arm on the left", onchange: () => this.swap(side, Number(select.value)) },
          header.arms.map((arm, a) => make("option", { value: a, selected: a === this.shownArms[side] }, arm.arm)));
        made.push(select);
      });
    }
    if (header.provinces?.length) {
      const toggle = make("button", { type: "button", "aria-pressed": "false", onclick: () => {
        this.map = !this.map;
        toggle.setAttribute("aria-pressed", String(this.map));
        this.resize();
      } }, "On the map");
      made.push(toggle);
    }
    const big = make("button", { type: "button", "aria-pressed": String(Boolean(this.options.big)), onclick: () => this.setBig(!this.root.classList.contains("gh-big")) }, "Projector");
    big.title = "Large picture and letters, for a projector";
    this.big = big;
    made.push(big);
    return make("div", { class: "gh-switches" }, made);
  }

  setBig(isBig) {
    this.root.classList.toggle("gh-big", isBig);
    this.big.setAttribute("aria-pressed", String(isBig));
    this.resize();
    this.options.onchange?.(this.state());
  }

  swap(side, arm) {
    const old = this.shownArms[side];
    if (this.shownArms.includes(arm)) return;
    this.fields[old].destroy();
    const field = new Field(this.scene, arm, this.act, this.options);
    this.fields[old].element.replaceWith(field.element);
    [this.fields[old], this.fields[arm], this.shownArms[side]] = [null, field, arm];
    this.resize();
    field.select(this.row);
    this.caption();
    this.options.onchange?.(this.state());
  }

  choose(rulebook) {
    this.scene.choose(rulebook);
    const fresh = legendOf(this.scene, (other) => this.choose(other));
    this.legend.replaceWith(fresh);
    this.legend = fresh;
    fresh.querySelector("select")?.focus();
    this.fields.forEach((field) => field?.rescale());
    this.figures.render(this.figures.width);
    if (this.row >= 0) this.follow.show(this.row, this.player.month);
    this.draw();
    this.options.onchange?.(this.state());
  }

  /** Fits the fields to the room there is, and places everybody anew. */
  resize() {
    if (!this.player) return;
    const width = this.root.clientWidth;
    const shown = this.fields.filter(Boolean);
    const wide = Math.floor(shown[0].element.clientWidth);
    const beside = shown.length > 1 && shown[0].element.offsetTop === shown[1].element.offsetTop;
    const high = beside || width >= 700
      ? Math.round(Math.max(320, Math.min(this.room(), wide * 1.6)))
      : Math.round(Math.max(300, Math.min(wide * 1.1, 520)));
    const inside = this.tabs.element.clientWidth - 34;
    const key = [wide, high, inside, this.map, ...this.shownArms].join();
    if (key === this.fitted) return;
    this.fitted = key;
    const { header, people } = this.scene;
    const placed = layout(people, header.communities, wide, high, this.map ? header.provinces : []);
    shown.forEach((field) => field.fit(wide, high, placed));
    if (inside > 100) this.figures.render(inside);
    this.draw();
  }

  /** The height that leaves time and legend in sight. */
  room() {
    const [root, arms] = [this.root, this.arms].map((element) => element.getBoundingClientRect());
    const above = arms.top - root.top + Math.max(0, Math.min(120, root.top + window.scrollY));
    const captions = [...this.arms.querySelectorAll("figcaption")].map((one) => one.offsetHeight);
    const caption = Math.max(...captions) + 6;
    return window.innerHeight - above - caption - this.player.element.offsetHeight - this.legend.offsetHeight - 34;
  }

  /** Draws the month in every field: the only thing that a frame must do. */
  draw() {
    for (const field of this.fields) field?.setMonth(this.player.month);
  }

  /** After the month has moved: what must follow at once, and what may wait until it rests. */
  moved(isPlaying) {
    this.draw();
    const { month } = this.player;
    if (this.tabs.shown === "figures") this.figures.setMonth(month);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.rested(), isPlaying ? 250 : 60);
  }

  /** What stands beside the dots, once the month rests: only what is seen. */
  rested() {
    if (!this.player) return;
    const { month } = this.player;
    const beside = { figures: this.figures, life: this.follow, numbers: this.numbers }[this.tabs.shown];
    beside?.setMonth(month);
    if (this.player.isPlaying) return;
    this.caption();
    this.options.onchange?.(this.state());
  }

  /** Draws the figures again when steps have come, at most a few times a second. */
  later() {
    if (this.due) return;
    this.due = setTimeout(() => {
      this.due = 0;
      this.figures.render(this.figures.width || 320);
      this.rested();
      if (this.row >= 0) this.follow.show(this.row, this.player.month);
    }, this.scene.finish ? 0 : 400);
  }

  /** One sentence on what the month shows. */
  caption() {
    if (!this.player || !this.scene.steps) return;
    const { month } = this.player;
    const { header, counts } = this.scene;
    const arms = this.shownArms.map((arm) => armSentence(header.arms[arm].arm, counts[month]?.arms?.[arm], this.scene.tallies[arm][month]));
    const of = header.cap_words ? `, of all ${number(header.people_in_all)}` : "";
    const words = `${monthWords(header.steps[month].label)}${of}. ${arms.join("; ")}.`;
    if (words !== this.said.textContent) this.said.textContent = words;
  }

  /** Where a live run stands. */
  where() {
    const { scene } = this;
    const { steps } = scene.header;
    let words = "";
    if (!scene.finish && !scene.failure && scene.steps < steps.length) {
      words = scene.progress?.ahead ? `${counted(scene.progress.ahead, "run")} ahead of this one.` : `${scene.steps} of ${counted(steps.length, stepWord(scene.header))} have come.`;
    }
    if (this.options.hasStatus) words = "";
    if (this.status.textContent !== words) this.status.textContent = words;
  }

  finished() {
    const { finish } = this.scene;
    this.results.replaceChildren(...(finish
      ? [make("div", { class: "gh-sentences" }, sentences(finish.sentences)), make("h3", {}, "Metrics"), metricsOf(finish)]
      : [make("p", { class: "gh-quiet" }, "Told when the run is finished.")]));
    this.renderMade();
  }

  renderMade() {
    const { header } = this.scene;
    this.made.replaceChildren(
      make("h3", {}, "In force"), make("dl", {}, (header.in_force ?? []).flatMap(({ arm, words }) => [make("dt", {}, arm), make("dd", {}, words)])),
      make("h3", {}, "How far this is known"), ...sentences(header.evidence),
      make("h3", {}, "Make it again"), ...reproduce(this.scene),
      ...(header.map_words ? [make("h3", {}, "Map of provinces"), make("p", {}, header.map_words)] : []));
  }

  /** Keys of a field that are no arrows. @returns {boolean} whether the key was meant for the view */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const { player } = this;
    const does = {
      " ": () => player.toggle(), ",": () => player.step(-1), ".": () => player.step(1),
      Home: () => this.setMonth(0), End: () => this.setMonth(player.last), b: () => this.setBig(!this.root.classList.contains("gh-big")),
      Escape: () => this.select(-1),
    }[event.key];
    does?.();
    return Boolean(does);
  }

  setMonth(month) {
    this.player.pause();
    this.player.go(month);
  }

  select(asked) {
    // A link may ask for a row that this run does not show.
    const row = asked < this.scene.header.people ? asked : -1;
    this.row = row;
    this.fields.forEach((field) => field?.select(row));
    this.follow.show(row, this.player.month);
    if (row >= 0) this.tabs.show("life");
    this.caption();
    this.options.onchange?.(this.state());
  }

  /** What a link carries of the view. */
  state() {
    return { month: this.player?.month ?? 0, row: this.row, rulebook: this.scene.chosen, arms: [...this.shownArms ?? []], big: this.root.classList.contains("gh-big") };
  }

  destroy() {
    this.off();
    this.watch.disconnect();
    clearTimeout(this.rest);
    clearTimeout(this.due);
    this.player?.destroy();
    this.fields?.forEach((field) => field?.destroy());
    this.root.replaceChildren();
    this.root.classList.remove("gh", "gh-big");
  }
}

/**
 * Draws a scene into an element, as far as it has come, and keeps up with what arrives.
 * @param {HTMLElement} root
 * @param {import("./scene.js").Scene} scene
 * @param {{level?: number, big?: boolean, month?: number, row?: number, panel?: string, arms?: number[], canvas2d?: boolean, webgl?: boolean, hasStatus?: boolean, onchange?: (state: object) => void}} [options]
 *   `level` of the heading; `month`, `row`, the `panel` beside the dots and the `arms` to begin with; `canvas2d` does without WebGL2, `webgl` takes it even without a graphics card;
 *   `hasStatus` says that the page itself tells how far a live run is
 */
export function mount(root, scene, options = {}) {
  const view = new View(root, scene, options);
  return {
    destroy: () => view.destroy(),
    setMonth: (month) => (view.player && month <= view.player.last ? view.setMonth(month) : Object.assign(view.wanted, { month })),
    select: (row) => (view.player ? view.select(row) : Object.assign(view.wanted, { row })),
    setBig: (isBig) => view.player && view.setBig(isBig),
    state: () => view.state(),
    panel: () => view.tabs?.shown,
  };
}
