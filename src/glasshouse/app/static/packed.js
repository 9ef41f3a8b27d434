/**
 * The scene of a one-file page: unpacks its columns into the messages that a live run would send.
 *
 * `app/packing.py` says how they were packed. What follows from another column is worked out here:
 * an act that arms share, the act behind an entry, a score from what its month's entries are worth.
 */

import { NO_DAY } from "./scene.js";

const WHOLE = -1;
const [ACT, ENTRY, SCORE] = [1, 2, 12];
const STEP = 3;
const COUNTS = 4;

/** The values of the 91 letters that stand in a page as themselves; everything else has none. */
const VALUES = new Int8Array(128).fill(-1);
for (let code = 33, value = 0; code < 127; code += 1) {
  if ("<>&".includes(String.fromCharCode(code))) continue;
  VALUES[code] = value;
  value += 1;
}

/** The bytes that letters hold, thirteen bits a pair, the low letter first. @param {string} text */
function bytesOf(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 13) / 16));
  let [length, low, bits, held] = [0, -1, 0, 0];
  for (let i = 0; i < text.length; i += 1) {
    const value = VALUES[text.charCodeAt(i)] ?? -1;
    if (value >= 0 && low < 0) low = value;
    else if (value >= 0) {
      held = (held << 13) | (low + 91 * value);
      low = -1;
      for (bits += 13; bits >= 8; length += 1) {
        bits -= 8;
        bytes[length] = held >> bits;
        held &= (1 << bits) - 1;
      }
    }
  }
  return bytes.subarray(0, length);
}

/** What was deflated. @param {Uint8Array} bytes */
async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The pieces of a box, each deflated: a length of four bytes, then the piece. */
export async function opened(text) {
  const bytes = bytesOf(text);
  const view = new DataView(bytes.buffer);
  const pieces = [];
  // Less than a length at the end is what was left of the last pair of letters.
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = view.getUint32(at, true);
    pieces.push(inflated(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return Promise.all(pieces);
}

/** Runs the libraries of a box, each as the inline text that the page's policy knows. */
export async function libraries(text) {
  for (const bytes of await opened(text)) {
    const script = document.createElement("script");
    script.textContent = new TextDecoder().decode(bytes);
    document.head.append(script);
  }
}

/** A column as it was: the bytes that were left out are put back. */
function whole({ length, usual }, pieces) {
  if (usual === WHOLE) return pieces[0];
  const [mask, others] = pieces;
  const bytes = new Uint8Array(length).fill(usual);
  let next = 0;
  for (let i = 0; i < length; i += 1) {
    if ((mask[i >> 3] >> (7 - (i & 7))) & 1) {
      bytes[i] = others[next];
      next += 1;
    }
  }
  return bytes;
}

/** Numbers of seven bits a byte, read one after another. */
function reader(bytes) {
  let at = 0;
  return () => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at];
      at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
}

/** A number of either sign out of one without. */
const signed = (value) => (value % 2 ? -(value + 1) / 2 : value / 2);

/** Events as they are found, in columns that grow. */
class Sink {
  constructor() {
    this.length = 0;
    this.room = 1 << 16;
    this.columns = [Uint32Array, Uint16Array, Uint8Array, Uint8Array, Uint8Array, Uint16Array, Int32Array]
      .map((Type) => new Type(this.room));
  }

  /** Takes one event: row, step, arm, day, what, first, second. */
  add(...event) {
    if (this.length === this.room) {
      this.room *= 2;
      this.columns = this.columns.map((old) => {
        const wide = new old.constructor(this.room);
        wide.set(old);
        return wide;
      });
    }
    for (let k = 0; k < 7; k += 1) this.columns[k][this.length] = event[k];
    this.length += 1;
  }

  /** The messages of all steps, in their order. @param {number} steps */
  messages(steps) {
    const [row, step, arm, day, what, first, second] = this.columns;
    const from = new Uint32Array(steps + 1);
    for (let e = 0; e < this.length; e += 1) from[step[e] + 1] += 1;
    for (let s = 0; s < steps; s += 1) from[s + 1] += from[s];
    const next = from.slice();
    const order = new Uint32Array(this.length);
    for (let e = 0; e < this.length; e += 1) {
      order[next[step[e]]] = e;
      next[step[e]] += 1;
    }
    return Array.from({ length: steps }, (_, s) => {
      const count = from[s + 1] - from[s];
      const message = new Uint8Array(11 + 13 * count);
      const view = new DataView(message.buffer);
      message[0] = STEP;
      view.setUint32(1, 6 + 13 * count, true);
      view.setUint16(5, s, true);
      view.setUint32(7, count, true);
      const at = [0, 4, 5, 6, 7, 9].map((bytes) => 11 + bytes * count);
      for (let k = 0; k < count; k += 1) {
        const e = order[from[s] + k];
        view.setUint32(at[0] + 4 * k, row[e], true);
        message[at[1] + k] = arm[e];
        message[at[2] + k] = day[e];
        message[at[3] + k] = what[e];
        view.setUint16(at[4] + 2 * k, first[e], true);
        view.setInt32(at[5] + 4 * k, second[e], true);
      }
      return message;
    });
  }
}

/** The entries of an arm; what they are worth is added up by cell, the acts behind them are noted. */
function entries(head, columns, arm, sink, linked, sums) {
  const column = (name) => columns.get(`entries.${arm}.${name}`);
  const [low, high, day, label] = ["low", "high", "day", "label"].map(column);
  const [count, back] = [reader(column("count")), reader(column("back"))];
  const steps = head.days.length;
  const place = new Uint32Array(65537);
  for (let e = 0; e < low.length; e += 1) place[low[e] + 256 * high[e] + 1] += 1;
  for (let kind = 0; kind < 65536; kind += 1) place[kind + 1] += place[kind];
  let e = 0;
  for (let cell = 0; cell < head.rows * steps; cell += 1) {
    for (let left = count(); left > 0; left -= 1) {
      const kind = low[e] + 256 * high[e];
      const row = Math.floor(cell / steps);
      sink.add(row, cell % steps, arm, day[e], ENTRY, kind, label[place[kind]]);
      place[kind] += 1;
      for (const { worth, sum } of sums) sum[cell] += worth[kind];
      const ago = back();
      if (ago > 0) linked.push(row, (cell % steps) - ago + 1, kind);
      e += 1;
    }
  }
}

/** The scores of one instrument, from what its month's entries are worth and what is left. */
function scores(head, columns, { name, arm, instrument, start }, sum, sink) {
  const mask = columns.get(`${name}.mask`);
  const left = reader(columns.get(`${name}.left`));
  const steps = head.days.length;
  for (let row = 0; row < head.rows; row += 1) {
    let points = start;
    for (let step = 0; step < steps; step += 1) {
      const cell = row * steps + step;
      const change = sum[cell] + ((mask[cell >> 3] >> (7 - (cell & 7))) & 1 ? signed(left()) : 0);
      if (change) {
        points += change;
        sink.add(row, step, arm, head.days[step] - 1, SCORE, instrument, points);
      }
    }
  }
}

/** The acts: those behind an entry, then the others. */
function acts(head, columns, linked, sink) {
  const told = (row, step, day, act, state) => {
    const [done, seen] = head.states[state];
    for (let arm = 0; arm < head.arms; arm += 1) {
      if ((done >> arm) & 1) sink.add(row, step, arm, day, ACT, act, (seen >> arm) & 1);
    }
  };
  const days = (name) => columns.get(`${name}.day`);
  const state = (name, k) => columns.get(`${name}.state.low`)[k] + 256 * columns.get(`${name}.state.high`)[k];
  for (let k = 0; 3 * k < linked.length; k += 1) {
    const [row, step, act] = linked.slice(3 * k, 3 * k + 3);
    told(row, step, days("linked")?.[k] ?? NO_DAY, act, state("linked", k));
  }
  const [low, high] = ["low", "high"].map((name) => columns.get(`acts.${name}`));
  const count = reader(columns.get("acts.count"));
  const steps = head.days.length;
  let e = 0;
  for (let cell = 0; cell < head.rows * steps; cell += 1) {
    for (let left = count(); left > 0; left -= 1) {
      const day = days("acts")?.[e] ?? NO_DAY;
      told(Math.floor(cell / steps), cell % steps, day, low[e] + 256 * high[e], state("acts", e));
      e += 1;
    }
  }
}

/** Everything else, event by event. */
function others(head, columns, sink) {
  const [arm, day, what, low, high] = ["arm", "day", "what", "low", "high"].map((name) => columns.get(`other.${name}`));
  const [gap, second] = ["gap", "second"].map((name) => reader(columns.get(`other.${name}`)));
  const steps = head.days.length;
  let cell = 0;
  for (let e = 0; e < arm.length; e += 1) {
    cell += gap();
    sink.add(Math.floor(cell / steps), cell % steps, arm[e], day[e], what[e], low[e] + 256 * high[e], signed(second()));
  }
}

/** The columns by name. @param {object} head @param {Uint8Array[]} pieces */
function columnsOf(head, pieces) {
  let at = 0;
  return new Map(head.columns.map((column) => {
    const some = pieces.slice(at, at + (column.usual === WHOLE ? 1 : 2));
    at += some.length;
    return [column.name, whole(column, some)];
  }));
}

/** The messages of all steps, as a live run would have sent them. */
export function stepsOf(head, pieces) {
  const columns = columnsOf(head, pieces);
  const sink = new Sink();
  const linked = [];
  const cells = head.rows * head.days.length;
  const sums = head.scores.map((one) => ({ ...one, sum: new Int32Array(cells) }));
  for (let arm = 0; arm < head.arms; arm += 1) {
    entries(head, columns, arm, sink, linked, sums.filter((one) => one.arm === arm));
  }
  for (const one of sums) scores(head, columns, one, one.sum, sink);
  acts(head, columns, linked, sink);
  others(head, columns, sink);
  return sink.messages(head.days.length);
}

/** Where the counts of the first step begin in a stream: before it the steps have to come. */
function beforeCounts(stream) {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  let at = 0;
  while (at < stream.length && stream[at] !== COUNTS) at += 5 + view.getUint32(at + 1, true);
  return at;
}

/**
 * Gives a scene everything that a page of one file holds.
 * @param {string} text the box, in letters
 * @param {import("./scene.js").Scene} scene
 */
export async function unpack(text, scene) {
  const [stream, head, ...pieces] = await opened(text);
  const at = beforeCounts(stream);
  scene.push(stream.subarray(0, at));
  for (const message of stepsOf(JSON.parse(new TextDecoder().decode(head)), pieces)) scene.push(message);
  scene.push(stream.subarray(at));
}
