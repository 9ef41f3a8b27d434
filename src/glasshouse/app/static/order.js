/**
 * Asking for a run and reading what comes: named settings go out, the messages of a scene come in.
 */

/** A refusal of the server, with its problems as sentences. */
export class Refused extends Error {
  /** @param {{where?: string, what?: string, right?: string}[]} problems */
  constructor(problems) {
    const lines = problems.map((one) => (typeof one === "string" ? one : [one.where, one.what, one.right && `(${one.right})`].filter(Boolean).join(" ")));
    super(lines.join("; "));
    this.problems = lines;
  }
}

/** An answer as JSON, or the refusal that it is. @param {Response} answer */
export async function plainOf(answer) {
  const said = await answer.json().catch(() => ({ problems: [`the page's server answered ${answer.status}`] }));
  if (!answer.ok) throw new Refused(said.problems ?? [`the page's server answered ${answer.status}`]);
  return said;
}

/** What there is to choose from. */
export async function catalogue() {
  return plainOf(await fetch("/api/catalogue"));
}

/**
 * Has a scenario run and pushes what comes into a scene, until it is finished or nobody wants it.
 * @param {object} asked scenario, controls, people, years, seed
 * @param {import("./scene.js").Scene} scene
 * @param {AbortSignal} signal
 * @returns {Promise<object>} the id, the link, the command and the Python of the run
 */
export async function runInto(asked, scene, signal) {
  const made = await plainOf(await fetch("/api/runs", {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(asked), signal,
  }));
  const stream = await fetch(`/api/runs/${made.id}/stream`, { signal });
  if (!stream.ok) await plainOf(stream);
  const reader = stream.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return made;
    scene.push(value);
  }
}
