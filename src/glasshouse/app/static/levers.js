/**
 * The controls of a chapter: a slider or a switch each, with its words, its unit and its status.
 */

import { freshId, make } from "./dom.js";

/** A number as a slider says it, short and without noise. */
function said(control, value) {
  if (control.unit === "share") return `${Math.round(value * 100)} %`;
  return `${Number(value.toFixed(3))} ${control.unit ?? ""}`.trim();
}

/** How far it is known, and how far it may be moved. */
function status(control) {
  if (control.kind === "switch") return `Status: ${control.status}.`;
  const [low, high] = control.range.map((end) => (control.unit === "share" ? `${Math.round(end * 100)} %` : String(end)));
  return `Status: ${control.status}, from ${low} to ${high}.`;
}

/**
 * One control.
 * @param {object} control as the catalogue tells it
 * @param {number|boolean} value where it stands at first
 * @param {(id: string, value: number|boolean) => void} changed
 */
export function lever(control, value, changed) {
  const id = freshId(`lever-${control.id}`);
  const about = `${id}-words`;
  const words = make("p", { class: "tour-about", id: about }, control.words, " ",
    make("span", {}, status(control)));
  if (control.kind === "switch") {
    const box = make("input", { type: "checkbox", id, "aria-describedby": about, onchange: () => changed(control.id, box.checked) });
    box.checked = Boolean(value);
    return make("div", { class: "tour-lever" }, make("label", { for: id, class: "tour-switch" }, box, make("b", {}, control.title)), words);
  }
  const [low, high] = control.range;
  const tell = make("output", { for: id }, said(control, value));
  const slider = make("input", { type: "range", id, min: low, max: high, step: control.step, "aria-describedby": about,
    oninput: () => {
      tell.textContent = said(control, slider.valueAsNumber);
      slider.setAttribute("aria-valuetext", tell.textContent);
    },
    onchange: () => changed(control.id, slider.valueAsNumber) });
  slider.value = String(value);
  slider.setAttribute("aria-valuetext", tell.textContent);
  return make("div", { class: "tour-lever" },
    make("div", { class: "tour-lever-top" }, make("label", { for: id }, make("b", {}, control.title)), tell), slider, words);
}
