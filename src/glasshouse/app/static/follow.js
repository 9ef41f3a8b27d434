/**
 * One life in as many lanes as there are arms: the same person, the same acts, the same luck.
 *
 * A drawing of the months (score, time on lists, refusals, where the lanes part) and below it every
 * event by day, the same thing in several arms on one line.
 */

import { draw, make } from "./dom.js";
import { UNSCORED, FLAG, WHAT } from "./scene.js";
import { ORDER, counted, monthWords, standing, told, who } from "./words.js";

const WIDE = 440;
const LANE = 74;
const LEFT = 8;

/**
 * Every day's events, the same thing in several arms on the same line.
 * @returns {{day: number, step: number, isDated: boolean, what: number, cells: string[], differs: boolean}[]}
 */
export function rowsOf(events, header) {
  const days = new Map();
  for (const event of events) {
    const text = told(event, header);
    // An act is the same act whether or not it is seen; whatever else differs is another.
    const isSame = event.what === WHAT.act || event.what === WHAT.entry;
    const same = isSame ? event.first : text;
    // What is known by its month alone stands before the days of the month.
    const when = event.day + (event.isDated ? 0.5 : 0);
    if (!days.has(when)) days.set(when, new Map());
    const lines = days.get(when);
    let repeat = 0;
    const key = () => `${event.what}|${same}|${repeat}`;
    while (lines.get(key())?.cells[event.arm]) repeat += 1;
    if (!lines.has(key())) {
      const { day, step, isDated, what } = event;
      lines.set(key(), { day, step, isDated, what, cells: header.arms.map(() => "") });
    }
    lines.get(key()).cells[event.arm] = text;
  }
  const place = (line) => ORDER.indexOf(line.what);
  return [...days.keys()].sort((a, b) => a - b).flatMap((day) => (
    [...days.get(day).values()].sort((a, b) => place(a) - place(b))
  )).map((line) => ({ ...line, differs: line.cells.some((cell) => !cell) }));
}

/**
 * Where the lanes part: the first line that not all of them have, and the first such act.
 * @returns {{first: object|undefined, act: object|undefined}}
 */
export function parting(rows) {
  return {
    first: rows.find((line) => line.differs),
    act: rows.find((line) => line.differs && line.what === WHAT.act),
  };
}

/** The panel that follows a life. */
export class Follow {
  /**
   * @param {import("./scene.js").Scene} scene
   * @param {{select: (row: number) => void, go: (month: number) => void}} act
   */
  constructor(scene, act) {
    this.scene = scene;
    this.act = act;
    this.row = -1;
    this.body = make("div", { class: "gh-life" });
    this.stands = make("p", { class: "gh-stands", "aria-live": "polite" });
    const places = scene.header.communities.map((one) => one.community);
    const field = (label, least, most) => {
      const input = make("input", { type: "number", min: least, max: most, step: 1, required: true, inputmode: "numeric" });
      return [make("label", {}, make("span", {}, label), input), input];
    };
    const [where, community] = field("Community", Math.min(...places), Math.max(...places));
    const [which, number] = field("Number", 0, scene.header.community_size - 1);
    [this.community, this.number] = [community, number];
    this.problem = make("p", { class: "gh-problem", role: "alert" });
    const step = (label, text, by) => make("button", {
      type: "button", "aria-label": label, title: label, onclick: () => this.beside(by),
    }, text);
    this.form = make("form", { class: "gh-position", "aria-label": "A position", novalidate: true, onsubmit: (event) => {
      event.preventDefault();
      this.goTo(community.value, number.value);
    } }, where, which, make("button", { type: "submit" }, "Follow"),
    step("The one before", "‹", -1), step("The next one", "›", 1));
    this.element = make("div", {}, this.form, this.problem, this.body);
    this.show(-1, 0);
  }

  goTo(community, number) {
    const row = community === "" || number === "" ? -1 : this.scene.find(Number(community), Number(number));
    const { communities } = this.scene.header;
    this.problem.textContent = row >= 0 ? "" : "Nobody who is shown stands there. Communities shown: "
      + `${communities.map((one) => one.community).join(", ")}; numbers count from 0.`;
    if (row >= 0) this.act.select(row);
  }

  beside(by) {
    const { n } = this.scene.people;
    this.act.select(this.row < 0 ? 0 : (this.row + by + n) % n);
  }

  /** Shows a life; -1 shows how to choose one. @param {number} row @param {number} month */
  show(row, month) {
    this.row = row;
    if (row < 0) {
      this.body.replaceChildren(make("p", { class: "gh-quiet" },
        "Click a dot, move with the arrow keys in the field of dots, or type a position. Nobody here is real: "
        + "a position is a community and a number."));
      return;
    }
    const { scene } = this;
    const at = scene.position(row);
    this.community.value = String(at.community);
    this.number.value = String(at.number);
    this.problem.textContent = "";
    this.rows = rowsOf(scene.events(row), scene.header);
    this.part = parting(this.rows);
    this.body.replaceChildren(
      make("p", { class: "gh-who" }, make("strong", {}, `Community ${at.community}, number ${at.number}`), ` ${who(scene, row)}`),
      this.sentence(), this.drawing(), this.stands, this.listing());
    this.setMonth(month);
  }

  /** Where the lanes part, in words. */
  sentence() {
    const { header } = this.scene;
    if (header.arms.length < 2) return make("p", {}, "This run has one arm, so nothing to compare it with.");
    const { first, act } = this.part;
    if (!first) return make("p", {}, "The lanes never part: in every arm this life is the same.");
    const said = (line) => {
      const arm = line.cells.findIndex((cell) => cell);
      return `${line.isDated ? "on" : "in"} ${this.when(line)}, ${header.arms[arm].arm}: ${line.cells[arm]}`;
    };
    const words = [make("strong", {}, "They part "), `${said(first)}.`];
    words.push(act ? ` What they do differs first ${said(act)}, only there.` : " What they do never differs.");
    return make("p", { class: "gh-part" }, words);
  }

  /** When a line was: its date, or its month where no more is known. */
  when({ day, step, isDated }) {
    return isDated ? this.scene.date(day) : monthWords(this.scene.header.steps[step].label);
  }

  /** The day as a place across the drawing. */
  across(day) {
    return LEFT + (day / this.scene.starts.at(-1)) * (WIDE - 2 * LEFT);
  }

  drawing() {
    const { scene } = this;
    const { arms, steps } = scene.header;
    const height = arms.length * LANE + 20;
    this.now = draw("line", { class: "gh-now", y1: 0, y2: height - 18 });
    const lanes = arms.map((arm, k) => this.lane(arm, k));
    const part = this.part.first && draw("line", {
      class: "gh-parts", x1: this.across(this.part.first.day), x2: this.across(this.part.first.day), y1: 0, y2: height - 18,
    });
    const every = Math.max(1, Math.ceil(steps.length / 12 / 6)) * 12;
    const years = steps.flatMap((step, k) => (k % every === 0 ? [draw("text", {
      class: "gh-tick", x: this.across(scene.starts[k]), y: height - 4,
    }, step.label.slice(0, 4))] : []));
    const picture = draw("svg", {
      viewBox: `0 0 ${WIDE} ${height}`, role: "img", class: "gh-lanes",
      "aria-label": `This life in ${counted(arms.length, "lane")}; the list of events below says the same.`,
    }, lanes, part, this.now, years);
    picture.addEventListener("click", (event) => {
      const box = picture.getBoundingClientRect();
      const day = (((event.clientX - box.left) / box.width) * WIDE - LEFT) / (WIDE - 2 * LEFT) * scene.starts.at(-1);
      this.act.go(scene.starts.findLastIndex((start) => start <= day));
    });
    return picture;
  }

  /** One arm: the score as a line, time on lists as bars, refusals as strokes. */
  lane(arm, k) {
    const { scene, row } = this;
    const top = k * LANE;
    const scores = [];
    for (let month = 0; month < scene.steps; month += 1) scores.push(scene.state(month, k).score[row]);
    const known = scores.filter((score) => score !== UNSCORED);
    const drawn = [
      draw("text", { class: "gh-lane-name", x: LEFT + 4, y: top + 13 }, arm.arm),
      draw("line", { class: "gh-base", x1: LEFT, x2: WIDE - LEFT, y1: top + LANE - 10, y2: top + LANE - 10 }),
    ];
    if (known.length) {
      const scale = scene.instrument(k);
      const low = Math.min(scale.low, scale.start, ...known);
      const span = Math.max(scale.high, scale.start, ...known) - low || 1;
      const up = (score) => top + 46 - ((score - low) / span) * 26;
      const points = scores.flatMap((score, month) => (score === UNSCORED ? [] : [
        `${this.across(scene.starts[month])},${up(score)}`, `${this.across(scene.starts[month + 1])},${up(score)}`]));
      drawn.push(draw("line", { class: "gh-start", x1: LEFT, x2: WIDE - LEFT, y1: up(scale.start), y2: up(scale.start) }));
      drawn.push(draw("polyline", { class: "gh-score", points: points.join(" ") }));
      drawn.push(draw("text", { class: "gh-tick gh-end", x: WIDE - LEFT - 4, y: top + 13 }, `score ${scores.at(-1)} at the end`));
    } else drawn.push(draw("text", { class: "gh-tick gh-end", x: WIDE - LEFT - 4, y: top + 13 }, "not scored"));
    for (let month = 0; month < scene.steps; month += 1) {
      const flags = scene.state(month, k).flags[row];
      const [x, width] = [this.across(scene.starts[month]), this.across(scene.starts[month + 1]) - this.across(scene.starts[month])];
      if (flags & FLAG.rightly) drawn.push(draw("rect", { class: "gh-rightly", x, width, y: top + 50, height: 4 }));
      if (flags & FLAG.wrongly) drawn.push(draw("rect", { class: "gh-wrongly", x, width, y: top + 56, height: 4 }));
      if (flags & FLAG.refused) drawn.push(draw("line", { class: "gh-refused", x1: x, x2: x + 5, y1: top + LANE - 5, y2: top + LANE - 13 }));
    }
    return drawn;
  }

  /** Every event, a line a day and thing, a column an arm. */
  listing() {
    const { scene } = this;
    const { arms } = scene.header;
    let shown = "";
    this.lines = this.rows.map((line) => {
      // A new day shows its date once; who listens hears it on every line.
      const when = this.when(line);
      const date = when === shown ? make("span", { class: "gh-aside" }, when) : when;
      shown = when;
      const isPart = line === this.part.first;
      const element = make("tr", { class: isPart ? "gh-parts-here" : line.differs ? "gh-differs" : null },
        make("th", { scope: "row" }, date), line.cells.map((cell) => make("td", {}, cell || "–")));
      return { day: line.day, element };
    });
    const head = make("thead", {}, make("tr", {}, ["Day", ...arms.map((arm) => arm.arm)].map((name) => make("th", { scope: "col" }, name))));
    const caption = make("caption", {}, this.rows.length
      ? "The same candidate acts and the same luck under other rules; – says that it did not happen there."
      : "Nothing happened that the model counts.", scene.header.left_out_words ? ` ${scene.header.left_out_words}` : "");
    return make("div", { class: "gh-scroll", tabindex: 0, role: "region", "aria-label": "Events of this life" },
      make("table", { class: "gh-events" }, caption, head, make("tbody", {}, this.lines.map((line) => line.element))));
  }

  /** Moves the line of the month. @param {number} month */
  setMonth(month) {
    if (this.row < 0 || month >= this.scene.steps) return;
    const { starts, header } = this.scene;
    const x = this.across((starts[month] + starts[month + 1]) / 2);
    this.now.setAttribute("x1", x);
    this.now.setAttribute("x2", x);
    const where = header.arms.map((arm, a) => `${arm.arm}: ${standing(this.scene, this.row, month, a)}`);
    this.stands.textContent = `${monthWords(header.steps[month].label)}. ${where.join("; ")}.`;
    for (const { day, element } of this.lines) {
      element.classList.toggle("gh-this", day >= starts[month] && day < starts[month + 1]);
    }
  }
}
