/**
 * The drawing in a notebook: what anywidget calls when a cell shows `run.view()`.
 *
 * The scene comes in the widget's model, packed as in the page of one file; nothing is asked of the
 * kernel after.
 */

import { make } from "./dom.js";
import { unpack } from "./packed.js";
import { Scene } from "./scene.js";
import { mount } from "./view.js";

/**
 * Draws the scene of a model into a cell, and gives what takes it away again.
 * @param {{model: {get: (name: string) => any}, el: HTMLElement}} given
 */
export async function render({ model, el }) {
  const root = make("div", {});
  el.append(root, make("p", { class: "gh-said" }, model.get("said")));
  const scene = new Scene();
  await unpack(model.get("scene"), scene);
  const view = mount(root, scene, { level: 3, month: scene.steps - 1 });
  return () => view.destroy();
}
