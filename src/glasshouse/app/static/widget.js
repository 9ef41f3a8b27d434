/**
 * The drawing in a notebook: what anywidget calls when a cell shows `run.view()`.
 *
 * The scene comes as deflated bytes in the widget's model; nothing is asked of the kernel after.
 */

import { make } from "./dom.js";
import { Scene } from "./scene.js";
import { mount } from "./view.js";

/** Opens deflated bytes. @param {DataView} packed @returns {Promise<Uint8Array>} */
async function opened(packed) {
  const bytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * Draws the scene of a model into a cell, and gives what takes it away again.
 * @param {{model: {get: (name: string) => any}, el: HTMLElement}} given
 */
export async function render({ model, el }) {
  const root = make("div", { class: "gh-cell" });
  el.append(root, make("p", { class: "gh-said" }, model.get("said")));
  const scene = Scene.of(await opened(model.get("scene")));
  const view = mount(root, scene, { level: 3, month: scene.steps - 1 });
  return () => view.destroy();
}
