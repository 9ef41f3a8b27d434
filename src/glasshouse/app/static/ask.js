/** Asking the server: JSON there and back, and what it refuses as a list of problems. */

const LOST = [{ where: "", what: "the server does not answer", right: "is glasshouse serve still running?" }];

/** The problems in an answer. @param {Response} answer @returns {Promise<object[]>} */
export async function problemsOf(answer) {
  try {
    const { problems } = await answer.json();
    return problems?.length ? problems : [{ where: "", what: `the server answered ${answer.status}`, right: "" }];
  } catch {
    return [{ where: "", what: `the server answered ${answer.status}`, right: "" }];
  }
}

/**
 * Asks and gives what is said, or `{problems}`.
 * @param {string} method @param {string} path @param {object} [body] @param {AbortSignal} [signal]
 */
export async function ask(method, path, body, signal) {
  try {
    const headers = body ? { "content-type": "application/json" } : {};
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), signal });
    return answer.ok ? await answer.json() : { problems: await problemsOf(answer) };
  } catch {
    return { problems: LOST };
  }
}
