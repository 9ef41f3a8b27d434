/**
 * Having a run made for a chapter: named settings go out, the messages of a scene come in.
 */

import { ask, problemsOf } from "./ask.js";

/** A refusal of the server, with its problems as sentences. */
class Refused extends Error {
  /** @param {{where?: string, what?: string, right?: string}[]} problems */
  constructor(problems) {
    super(problems.map(({ where, what, right }) => [where, what, right && `(${right})`].filter(Boolean).join(" ")).join("; "));
  }
}

async function asked(method, path, body, signal) {
  const said = await ask(method, path, body, signal);
  if (said.problems) throw new Refused(said.problems);
  return said;
}

/** What there is to choose from. */
export async function catalogue() {
  return asked("GET", "/api/catalogue");
}

/**
 * Has a scenario run and pushes what comes into a scene, until it is finished or nobody wants it.
 * @param {object} order scenario, controls, people, years, seed
 * @param {import("./scene.js").Scene} scene
 * @param {AbortSignal} signal
 * @returns {Promise<object>} the id, the link, the command and the Python of the run
 */
export async function runInto(order, scene, signal) {
  const made = await asked("POST", "/api/runs", order, signal);
  const stream = await fetch(`/api/runs/${made.id}/stream`, { signal });
  if (!stream.ok) throw new Refused(await problemsOf(stream));
  const reader = stream.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return made;
    scene.push(value);
  }
}
