/**
 * The player: the month, a slider, play, pause and steps, all of them by keyboard.
 */

import { make } from "./dom.js";
import { capital, monthWords, stepWord } from "./words.js";

const SPEEDS = [["slow", 2], ["steady", 6], ["fast", 15]];

/** Time of a scene, and the controls that move it. */
export class Player {
  /**
   * @param {import("./scene.js").Scene} scene
   * @param {(month: number, isPlaying: boolean) => void} tell called when the month changes
   */
  constructor(scene, tell) {
    this.scene = scene;
    this.tell = tell;
    this.month = 0;
    this.isPlaying = false;
    this.stillness = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.speed = this.stillness.matches ? SPEEDS[0][1] : SPEEDS[1][1];
    const button = (label, text, act) => make("button", {
      type: "button", "aria-label": label, title: label, onclick: act,
    }, text);
    this.play = button("Play", "▶", () => this.toggle());
    this.play.classList.add("gh-play");
    this.slider = make("input", {
      type: "range", min: 0, max: 0, step: 1, value: 0, "aria-label": capital(stepWord(scene.header)),
      oninput: () => this.go(Number(this.slider.value)),
    });
    this.date = make("output", { class: "gh-date" });
    this.faster = make("select", { "aria-label": "Speed", onchange: () => {
      this.speed = Number(this.faster.value);
    } }, SPEEDS.map(([word, speed]) => make("option", { value: speed, selected: speed === this.speed }, word)));
    this.element = make("div", { class: "gh-player", role: "group", "aria-label": "Time" },
      button(`One ${stepWord(scene.header)} back`, "‹", () => this.step(-1)),
      this.play,
      button(`One ${stepWord(scene.header)} on`, "›", () => this.step(1)),
      this.date, this.slider, this.faster);
  }

  get last() {
    return Math.max(0, this.scene.steps - 1);
  }

  /** Takes note of steps that have arrived. */
  grown() {
    this.slider.max = String(this.last);
    this.show();
  }

  show() {
    const { steps } = this.scene.header;
    const words = monthWords(steps[this.month].label);
    this.slider.value = String(this.month);
    this.slider.setAttribute("aria-valuetext", `${words}, ${this.month + 1} of ${steps.length}`);
    this.date.textContent = words;
  }

  /** Goes to a month. @param {number} month */
  go(month) {
    const within = Math.max(0, Math.min(this.last, Math.round(month)));
    if (within === this.month) return;
    this.month = within;
    this.show();
    this.tell(this.month, this.isPlaying);
  }

  step(by) {
    this.pause();
    this.go(this.month + by);
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.start();
  }

  start() {
    if (this.month === this.last) this.go(0);
    this.isPlaying = true;
    this.mark();
    let [from, since, at, speed] = [this.month, performance.now(), this.month, this.speed];
    const tick = (now) => {
      if (!this.isPlaying) return;
      // Moved by hand, another speed, or waiting for a month to arrive: count from here.
      if (this.month !== at || this.speed !== speed || this.month === this.last) {
        [from, since, speed] = [this.month, now, this.speed];
      }
      this.go(from + Math.floor(((now - since) / 1000) * speed));
      at = this.month;
      const isAll = this.scene.steps === this.scene.header.steps.length;
      if (isAll && this.month === this.last) this.pause();
      else this.frame = requestAnimationFrame(tick);
    };
    this.frame = requestAnimationFrame(tick);
  }

  pause() {
    if (!this.isPlaying) return;
    this.isPlaying = false;
    cancelAnimationFrame(this.frame);
    this.mark();
    this.tell(this.month, false);
  }

  mark() {
    const word = this.isPlaying ? "Pause" : "Play";
    this.play.textContent = this.isPlaying ? "❚❚" : "▶";
    this.play.setAttribute("aria-label", word);
    this.play.title = word;
  }

  destroy() {
    this.isPlaying = false;
    cancelAnimationFrame(this.frame);
  }
}
