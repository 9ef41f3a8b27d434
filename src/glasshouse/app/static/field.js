/**
 * A field: the dots of one arm, with the titles of the communities and the mark of who is followed.
 */

import { dotsOn } from "./dots.js";
import { draw, make } from "./dom.js";
import { beyond, nearest } from "./layout.js";
import { stepWord } from "./words.js";

/** The dots of one arm and what may be done with them. */
export class Field {
  /**
   * @param {import("./scene.js").Scene} scene @param {number} arm
   * @param {{select: (row: number) => void, key: (event: KeyboardEvent) => boolean}} act
   * @param {{canvas2d?: boolean}} options
   */
  constructor(scene, arm, act, options) {
    this.scene = scene;
    this.arm = arm;
    this.act = act;
    this.options = options;
    this.row = -1;
    this.titles = make("div", { class: "gh-titles", "aria-hidden": "true" });
    this.cross = draw("svg", { class: "gh-cross", width: 41, height: 41, viewBox: "-20.5 -20.5 41 41", "aria-hidden": "true" },
      draw("circle", { r: 9 }), draw("path", { d: "M-20 0 H-11 M11 0 H20 M0 -20 V-11 M0 11 V20" }));
    this.cross.style.display = "none";
    this.box = make("div", {
      class: "gh-field", tabindex: 0, role: "application",
      onclick: (event) => this.click(event), onkeydown: (event) => this.key(event),
    }, this.titles, this.cross);
    this.name = make("figcaption", {});
    this.element = make("figure", { class: "gh-arm" }, this.name, this.box);
    this.describe();
    this.open();
  }

  describe() {
    const { arms, in_force: force } = this.scene.header;
    const arm = arms[this.arm];
    const words = arm.words || (force ?? []).find((one) => one.arm === arm.arm)?.words || "";
    this.name.replaceChildren(make("strong", {}, arm.arm), words ? ` ${words}` : "");
    this.box.setAttribute("aria-label", `Dots of arm ${arm.arm}: arrow keys follow a life, space plays, comma and full stop step by a ${stepWord(this.scene.header)}`);
  }

  /** Puts a canvas in; one in Canvas 2D where the browser takes WebGL2 away. */
  open() {
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.box.prepend(this.canvas);
    this.dots = dotsOn(this.canvas, this.options);
    this.canvas.addEventListener("webglcontextlost", () => {
      if (this.isClosed) return;
      this.canvas.remove();
      this.options = { ...this.options, canvas2d: true };
      this.open();
      this.fit(this.width, this.height, this.placed);
      if (this.month !== undefined) this.setMonth(this.month);
    });
  }

  /** Takes a size and everybody's place. */
  fit(width, height, placed) {
    [this.width, this.height, this.placed] = [width, height, placed];
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.dots.resize(width, height, Math.min(3, window.devicePixelRatio || 1));
    this.dots.place(placed);
    const { communities } = this.scene.header;
    this.titles.replaceChildren(...placed.blocks.map((block) => {
      const { community, province, title: name, urban_share: urban } = communities[block.place];
      const where = [name || province, { 0: "country", 1: "town" }[urban]].filter(Boolean).join(", ");
      const short = block.width > 120 ? where : name || province;
      const words = block.width > 190 ? `Community ${community} · ${where}` : `${community} ${short}`;
      const title = make("span", {}, block.width > 64 ? words : String(community));
      title.style.left = `${block.x}px`;
      title.style.top = `${block.y - 17}px`;
      title.style.maxWidth = `${block.width}px`;
      return title;
    }));
    this.rescale();
    this.select(this.row);
  }

  /** Takes the scale of the chosen score. */
  rescale() {
    this.dots.setScale(this.scene.instrument(this.arm) ?? null);
  }

  /** Draws a month. @param {number} month */
  setMonth(month) {
    this.month = month;
    if (!this.placed) return;
    const { score, flags } = this.scene.state(month, this.arm);
    this.dots.draw(score, flags);
  }

  /** Marks who is followed; -1 nobody. @param {number} row */
  select(row) {
    this.row = row;
    this.cross.style.display = row < 0 || !this.placed ? "none" : "";
    if (row < 0 || !this.placed) return;
    this.cross.style.transform = `translate(${this.placed.x[row] - 20.5}px, ${this.placed.y[row] - 20.5}px)`;
  }

  click(event) {
    const box = this.box.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const found = nearest(this.placed, x, y, Math.max(14, this.placed.pitch * 2));
    if (found >= 0) this.act.select(found);
  }

  key(event) {
    const { n } = this.scene.people;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    let row = -1;
    if (by) row = this.row < 0 ? 0 : (this.row + by + n) % n;
    else if (way) row = this.row < 0 ? 0 : beyond(this.placed, this.row, way);
    if (row >= 0) this.act.select(row);
    if (row >= 0 || this.act.key(event)) event.preventDefault();
  }

  destroy() {
    this.isClosed = true;
    this.dots.destroy();
  }
}
