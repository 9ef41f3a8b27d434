/**
 * The page of one file: opens the scene that the page carries and draws it.
 *
 * The libraries lie packed beside the scene; the page's policy knows the hash of each.
 */

import { libraries, unpack } from "./packed.js";
import { Scene } from "./scene.js";
import { mount } from "./view.js";

/** What the address asks for behind its #: a month and a position. @param {Scene} scene */
function asked(scene) {
  const found = /^#month=(\d+)(?:&life=(\d+)\.(\d+))?$/.exec(location.hash);
  if (!found) return {};
  const month = Math.min(Number(found[1]), scene.steps - 1);
  const row = found[2] === undefined ? -1 : scene.find(Number(found[2]), Number(found[3]));
  return row < 0 ? { month } : { month, row };
}

/** Keeps month and life in the address, so that a bookmark comes back to them. */
function kept(scene, { month, row }) {
  if (month === undefined) return;
  const at = row >= 0 ? scene.position(row) : null;
  const life = at ? `&life=${at.community}.${at.number}` : "";
  history.replaceState(null, "", `#month=${month}${life}`);
}

/** Opens the page; what cannot be opened is said where it would stand. */
export async function open(root) {
  try {
    await libraries(document.getElementById("libraries").textContent);
    const scene = new Scene();
    await unpack(document.getElementById("scene").textContent, scene);
    const view = mount(root, scene, { ...asked(scene), onchange: (state) => kept(scene, state) });
    addEventListener("hashchange", () => {
      const { month, row } = asked(scene);
      if (month !== undefined) view.setMonth(month);
      if (row !== undefined) view.select(row);
    });
  } catch (error) {
    const said = document.createElement("p");
    said.setAttribute("role", "alert");
    said.textContent = `This page cannot be opened here: ${error.message}. It needs a browser of 2023 or later.`;
    root.replaceChildren(said);
    throw error;
  }
}
