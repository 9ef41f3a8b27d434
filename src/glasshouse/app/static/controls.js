/**
 * The controls around the drawing: which scenario, how many people, which rulebooks, named sliders.
 *
 * They are made from the catalogue alone. There is no field for a text, a name or a file: choices are
 * from lists, and numbers stay within declared ranges. What is not moved is as the scenario has it.
 */

import { freshId, make } from "./dom.js";

const STATUS = Object.freeze({
  guess: "a guess", cited: "cited", documented: "documented", reported: "reported",
  contested: "contested", fiction: "fiction", hypothesis: "hypothesis",
});

/** A number with as many digits as its step has, or more where it lies between two steps. */
function digits(value, step) {
  const places = String(step).includes(".") ? String(step).split(".")[1].length : 0;
  const short = Number(value).toFixed(places);
  return Number(short) === value ? short : String(Number(value.toPrecision(4)));
}

/** A labelled field of the form. */
function field(label, control, more = null) {
  const id = freshId("field");
  control.id = id;
  return make("div", { class: "live-field" }, make("label", { for: id }, label), control, more);
}

function numberInput(name, low, high) {
  return make("input", { type: "number", name, min: low, max: high, step: 1, inputmode: "numeric", required: true });
}

/** One slider or switch, with words, where it stands in the scenario, and a way back there. */
class Control {
  /** @param {object} control from the catalogue @param {() => void} moved */
  constructor(control, moved) {
    this.control = control;
    this.isMoved = false;
    const id = freshId("control");
    const words = `${id}-words`;
    const isSwitch = control.kind === "switch";
    this.input = isSwitch
      ? make("input", { type: "checkbox", id, "aria-describedby": words })
      : make("input", { type: "range", id, min: control.range[0], max: control.range[1], step: control.step, "aria-describedby": words });
    this.output = make("output", { for: id });
    this.back = make("button", { type: "button", class: "live-back", hidden: true, onclick: () => this.reset(moved) }, "As it was");
    this.back.setAttribute("aria-label", `${control.title}: as in the scenario`);
    this.input.addEventListener("input", () => this.take());
    this.input.addEventListener("change", () => { this.take(); moved(); });
    const status = make("span", { class: "live-status" }, STATUS[control.status] ?? control.status);
    const label = make("label", { for: id }, control.title);
    this.element = make("div", { class: isSwitch ? "live-control live-switch" : "live-control" },
      isSwitch ? [this.input, label, this.back] : [make("div", { class: "live-head" }, label, this.back), make("div", { class: "live-slide" }, this.input, this.output)],
      make("p", { class: "live-words", id: words }, control.words, " ", status));
  }

  /** Shows where the control stands in a scenario; what was moved stays moved if asked to. */
  stand(value) {
    this.stated = value;
    if (!this.isMoved) this.show(value);
  }

  /** Shows a value; it is held as it is, since a slider knows only the marks of its scale. */
  show(value) {
    this.held = value;
    if (this.control.kind === "switch") this.input.checked = Boolean(value);
    else this.input.value = String(value);
    this.say();
  }

  take() {
    this.isMoved = true;
    this.held = this.control.kind === "switch" ? this.input.checked : Number(this.input.value);
    this.say();
  }

  set(value) {
    this.isMoved = value !== undefined;
    this.show(this.isMoved ? value : this.stated);
  }

  reset(moved) {
    this.set(undefined);
    this.input.focus();
    moved();
  }

  say() {
    const { control } = this;
    this.back.hidden = !this.isMoved;
    this.element.classList.toggle("live-moved", this.isMoved);
    if (control.kind === "switch") return;
    const shown = digits(this.held, control.step);
    this.output.textContent = control.kind === "factor" ? `× ${shown}` : shown;
    this.input.setAttribute("aria-valuetext", `${shown} ${control.unit}${this.isMoved ? "" : ", as in the scenario"}`);
    this.output.title = control.unit;
  }
}

/** The whole form. */
export class Form {
  /**
   * @param {object} catalogue
   * @param {() => void} changed called when an order may have changed
   */
  constructor(catalogue, changed) {
    this.catalogue = catalogue;
    this.changed = changed;
    const { caps } = catalogue;
    this.scenario = make("select", { name: "scenario", onchange: () => { this.clear(); this.choose(); changed(); } },
      [["Scenarios", null], ["Of studies", "study"]].map(([label, ofStudy]) => make("optgroup", { label },
        catalogue.scenarios.filter((one) => Boolean(one.study) === Boolean(ofStudy)).map((one) => make("option", { value: one.scenario }, one.title)))));
    this.people = numberInput("people", caps.least_people, caps.people);
    this.years = numberInput("years", 1, caps.years);
    this.seed = numberInput("seed", 0, caps.seed);
    for (const one of [this.people, this.years, this.seed]) one.addEventListener("change", changed);
    this.books = make("div", {});
    this.controls = new Map();
    const groups = catalogue.controls.map((group) => this.group(group));
    this.element = make("form", { onsubmit: (event) => event.preventDefault() },
      field("Scenario", this.scenario),
      make("div", { class: "live-sizes" }, field("People", this.people), field("Years", this.years), field("Seed", this.seed)),
      make("p", { class: "live-cap" }, caps.words),
      this.books, groups);
    this.groups[0].open = true;
    this.set(catalogue.first);
  }

  group({ group, controls }) {
    const made = controls.map((control) => {
      const one = new Control(control, () => { this.mark(); this.changed(); });
      this.controls.set(control.id, one);
      return one;
    });
    const count = make("span", { class: "live-count" });
    const details = make("details", { class: "live-group" }, make("summary", {}, group, " ", count), made.map((one) => one.element));
    details.marks = () => {
      const moved = made.filter((one) => one.isMoved).length;
      count.textContent = moved ? `${moved} moved` : "";
    };
    this.groups = [...(this.groups ?? []), details];
    return details;
  }

  mark() {
    this.groups.forEach((group) => group.marks());
  }

  /** The scenario that is chosen, from the catalogue. */
  get chosen() {
    return this.catalogue.scenarios.find((one) => one.scenario === this.scenario.value);
  }

  /** Lays out what belongs to the chosen scenario. */
  choose() {
    const { chosen } = this;
    for (const [name, control] of this.controls) control.stand(chosen.values[name]);
    this.selects = chosen.open_arms.map((arm) => this.bookSelect(arm));
    this.books.replaceChildren(...this.selects.map(({ row }) => row));
    this.mark();
  }

  bookSelect(arm) {
    const select = make("select", { onchange: this.changed },
      make("option", { value: "" }, "as in the scenario"),
      this.catalogue.rulebooks.map((one) => make("option", { value: one.name }, one.title)));
    return { select, row: field(`Rulebook of ${arm}`, select) };
  }

  /** Everything is as the scenario has it again. */
  clear() {
    for (const control of this.controls.values()) control.isMoved = false;
  }

  /** Shows an order. @param {object} order as the server gives it */
  set(order) {
    this.scenario.value = order.scenario;
    this.people.value = String(order.people);
    this.years.value = String(order.years);
    this.seed.value = String(order.seed);
    this.clear();
    this.choose();
    for (const [name, value] of Object.entries(order.controls ?? {})) this.controls.get(name)?.set(value);
    (order.rulebooks ?? []).forEach((name, k) => {
      if (this.selects[k]) this.selects[k].select.value = name ?? "";
    });
    this.mark();
    this.groups.forEach((group) => { group.open = group.open || group.querySelector(".live-moved") !== null; });
  }

  /** What the form asks for. @returns {object} */
  order() {
    const controls = {};
    for (const [name, control] of this.controls) if (control.isMoved) controls[name] = control.held;
    const rulebooks = this.selects.map(({ select }) => select.value || null);
    while (rulebooks.length && rulebooks.at(-1) === null) rulebooks.pop();
    return {
      scenario: this.scenario.value, controls, rulebooks,
      people: Number(this.people.value), years: Number(this.years.value), seed: Number(this.seed.value),
    };
  }
}
