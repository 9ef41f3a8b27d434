/**
 * The scene: what a run sends to be drawn, read from its stream of messages.
 *
 * A message is `u8 kind, u32le length, payload`. The scene keeps the events as columns and, for
 * every month and arm, a finished frame (score and flags of everybody), so that going to a month is
 * a look-up. It computes nothing of the model: a frame is the last thing that the events said.
 */

/** The kinds of message. */
export const KIND = Object.freeze({
  header: 1, people: 2, step: 3, counts: 4, finish: 5, state: 6, failure: 7,
});

/** The bits of a frame's flags. */
export const FLAG = Object.freeze({ rightly: 1, wrongly: 2, refused: 4, gone: 8, out: 16 });

/** The codes of events; the header's `whats` may add to them. */
export const WHAT = Object.freeze({
  act: 1, entry: 2, dropped: 3, listed: 4, learned: 5, contested: 6, performed: 7, left: 8,
  refused: 9, privilege: 10, grade: 11, score: 12, joined: 33, opted: 34,
});

/** What stands in a frame for somebody whom the chosen instrument does not score. */
export const UNSCORED = -2147483648;

/** The day of an event of which a page of one file tells the step alone. */
export const NO_DAY = 255;

/** The kinds of row, by bits 2 and 3 of the people's flags. */
export const KINDS = Object.freeze(["person", "enterprise", "court", "government"]);

const NUMBERS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i4: Int32Array };

/**
 * Columns one after another, copied out of a payload.
 * @param {Uint8Array} payload @param {number} at @param {number} length @param {string[]} types
 */
function columns(payload, at, length, types) {
  let from = at;
  const read = types.map((type) => {
    const size = NUMBERS[type].BYTES_PER_ELEMENT;
    const bytes = payload.slice(from, from + length * size);
    from += length * size;
    return new NUMBERS[type](bytes.buffer);
  });
  if (from > payload.length) throw new Error("a message of the scene is shorter than it says");
  return read;
}

/** How many a frame shows on lists, rightly and wrongly, and refused. @param {Uint8Array} flags */
function tallied(flags) {
  const tally = { rightly: 0, wrongly: 0, listed: 0, refused: 0 };
  for (let i = 0; i < flags.length; i += 1) {
    if (!flags[i]) continue;
    if (flags[i] & FLAG.rightly) tally.rightly += 1;
    if (flags[i] & FLAG.wrongly) tally.wrongly += 1;
    if (flags[i] & (FLAG.rightly | FLAG.wrongly)) tally.listed += 1;
    if (flags[i] & FLAG.refused) tally.refused += 1;
  }
  return tally;
}

/** A scene as far as it has arrived. */
export class Scene {
  constructor() {
    /** @type {object|null} the header, once it has come */
    this.header = null;
    /** @type {object|null} columns of everybody shown */
    this.people = null;
    /** How many steps can be drawn. */
    this.steps = 0;
    /** Counts of the whole run by step: what the COUNTS messages say. @type {object[]} */
    this.counts = [];
    this.finish = null;
    /** The last word of a live run on where it stands. */
    this.progress = null;
    this.failure = null;
    this.rest = new Uint8Array(0);
    this.listeners = new Set();
    this.columns = [];
    this.chosen = "";
    this.index = null;
  }

  /** A scene out of a whole stream. @param {Uint8Array} bytes */
  static of(bytes) {
    const scene = new Scene();
    scene.push(bytes);
    return scene;
  }

  /** Calls back after every push that completed a message, with the set of kinds. */
  on(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Takes the next bytes of the stream, cut anywhere.
   * @param {Uint8Array} bytes
   * @returns {Set<number>} the kinds of the messages that are complete by now
   */
  push(bytes) {
    let all = bytes;
    if (this.rest.length) {
      all = new Uint8Array(this.rest.length + bytes.length);
      all.set(this.rest);
      all.set(bytes, this.rest.length);
    }
    const view = new DataView(all.buffer, all.byteOffset, all.byteLength);
    const kinds = new Set();
    let at = 0;
    while (at + 5 <= all.length) {
      const end = at + 5 + view.getUint32(at + 1, true);
      if (end > all.length) break;
      const kind = view.getUint8(at);
      this.take(kind, all.subarray(at + 5, end));
      kinds.add(kind);
      at = end;
    }
    this.rest = all.slice(at);
    if (kinds.size) this.listeners.forEach((listener) => listener(kinds));
    return kinds;
  }

  /** Takes one whole message. @param {number} kind @param {Uint8Array} payload */
  take(kind, payload) {
    const json = () => JSON.parse(new TextDecoder().decode(payload));
    if (kind === KIND.header) this.takeHeader(json());
    else if (kind === KIND.people) this.takePeople(payload);
    else if (kind === KIND.step) this.takeStep(payload);
    else if (kind === KIND.counts) {
      const counts = json();
      this.counts[counts.step] = counts;
    } else if (kind === KIND.finish) this.finish = json();
    else if (kind === KIND.state) this.progress = json();
    else if (kind === KIND.failure) this.failure = json();
    else throw new Error(`the scene has a message of kind ${kind}, which this page does not know`);
  }

  takeHeader(header) {
    if (header.format !== 1) {
      throw new Error(`the scene has format ${header.format}; this page reads format 1`);
    }
    this.header = header;
    const books = header.arms.flatMap((arm) => arm.instruments.map((one) => one.rulebook));
    /** Every rulebook with a score, once. @type {string[]} */
    this.rulebooks = [...new Set(books)];
    this.chosen = this.rulebooks[0] ?? "";
    /** Days from the first day to the start of every step. */
    this.starts = [0];
    for (const step of header.steps) this.starts.push(this.starts.at(-1) + step.days);
    const code = (word, otherwise) => {
      const found = Object.entries(header.whats ?? {}).find(([, said]) => said === word);
      return found ? Number(found[0]) : otherwise;
    };
    this.gone = code("gone", -1);
    this.back = code("back", -1);
  }

  takePeople(payload) {
    const n = payload.length / 7;
    const [age, flags, household] = columns(payload, 0, n, ["u1", "u1", "u1"]);
    const [community, number] = columns(payload, 3 * n, n, ["u2", "u2"]);
    this.people = { n, age, flags, household, community, number };
    const arms = this.header.arms.length;
    const lane = (Type, fill) => Array.from({ length: arms }, () => new Type(n).fill(fill ?? 0));
    this.now = { right: lane(Uint8Array), wrong: lane(Uint8Array), flags: lane(Uint8Array) };
    this.open = new Map();
    /** Frames: by arm, by step. */
    this.frames = {
      flags: Array.from({ length: arms }, () => []),
      score: Array.from({ length: arms }, () => []),
    };
    /** How many of the people shown are on lists and refused, by arm and step. */
    this.tallies = Array.from({ length: arms }, () => []);
    this.nothing = new Uint8Array(n);
    this.start = this.header.arms.map((_, arm) => this.startOf(arm));
  }

  takeStep(payload) {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const step = view.getUint16(0, true);
    const count = view.getUint32(2, true);
    if (step !== this.steps) {
      throw new Error(`step ${step} of the scene came where step ${this.steps} was due`);
    }
    const types = ["u4", "u1", "u1", "u1", "u2", "i4"];
    const [row, arm, day, what, first, second] = columns(payload, 6, count, types);
    this.columns.push({ count, row, arm, day, what, first, second });
    this.index = null;
    this.applyFlags(step);
    this.applyScores(step);
    this.steps = step + 1;
  }

  /** The chosen instrument's place in an arm; -1 where the arm does not have it. */
  instrumentOf(arm) {
    return this.header.arms[arm].instruments.findIndex((one) => one.rulebook === this.chosen);
  }

  /** The scores before the first event of an arm. */
  startOf(arm) {
    const scores = new Int32Array(this.people.n).fill(UNSCORED);
    const instrument = this.header.arms[arm].instruments[this.instrumentOf(arm)];
    if (!instrument) return scores;
    const kind = KINDS.indexOf(instrument.applies_to ?? "");
    const { flags, community } = this.people;
    const places = this.header.communities;
    for (let i = 0; i < scores.length; i += 1) {
      const isKind = kind < 0 || ((flags[i] >> 2) & 3) === kind;
      const place = places[community[i]]?.province;
      if (isKind && (!instrument.where || instrument.where.includes(place))) {
        scores[i] = instrument.start;
      }
    }
    return scores;
  }

  /** Works one step's events into everybody's flags and keeps the frame. */
  applyFlags(step) {
    const { count, row, arm, what, first, second } = this.columns[step];
    const { right, wrong, flags } = this.now;
    const n = this.people.n;
    for (const lane of flags) for (let i = 0; i < n; i += 1) lane[i] &= FLAG.gone | FLAG.out;
    for (let e = 0; e < count; e += 1) {
      const [lane, who, code] = [arm[e], row[e], what[e]];
      if (code === WHAT.listed) {
        const isRight = this.header.labels[second[e]] === "rightly";
        const key = (lane * n + who) * 65536 + first[e];
        this.open.set(key, [...(this.open.get(key) ?? []), isRight]);
        (isRight ? right : wrong)[lane][who] += 1;
      } else if (code === WHAT.left) {
        const key = (lane * n + who) * 65536 + first[e];
        const [isRight, ...others] = this.open.get(key) ?? [];
        if (others.length) this.open.set(key, others);
        else this.open.delete(key);
        if (isRight !== undefined) (isRight ? right : wrong)[lane][who] -= 1;
      } else if (code === WHAT.refused) flags[lane][who] |= FLAG.refused;
      else if (code === this.gone) flags[lane][who] |= FLAG.gone;
      else if (code === this.back) flags[lane][who] &= ~FLAG.gone;
      else if (code === WHAT.opted) flags[lane][who] |= FLAG.out;
      else if (code === WHAT.joined) flags[lane][who] &= ~FLAG.out;
    }
    flags.forEach((lane, a) => {
      const frame = lane.slice();
      for (let i = 0; i < n; i += 1) {
        if (right[a][i]) frame[i] |= FLAG.rightly;
        if (wrong[a][i]) frame[i] |= FLAG.wrongly;
      }
      this.frames.flags[a].push(frame);
      this.tallies[a].push(tallied(frame));
    });
  }

  /** Works one step's events into the scores of the chosen instrument and keeps the frame. */
  applyScores(step) {
    const { count, row, arm, what, first, second } = this.columns[step];
    const places = this.header.arms.map((_, a) => this.instrumentOf(a));
    const lanes = places.map((place, a) => {
      const before = this.frames.score[a][step - 1] ?? this.start[a];
      // An arm without the instrument shares one frame for all steps.
      return place < 0 ? before : before.slice();
    });
    for (let e = 0; e < count; e += 1) {
      if (what[e] === WHAT.score && first[e] === places[arm[e]]) lanes[arm[e]][row[e]] = second[e];
    }
    lanes.forEach((lane, a) => this.frames.score[a].push(lane));
  }

  /** Chooses whose score the frames hold. @param {string} rulebook */
  choose(rulebook) {
    if (rulebook === this.chosen || !this.rulebooks.includes(rulebook)) return;
    this.chosen = rulebook;
    this.start = this.header.arms.map((_, arm) => this.startOf(arm));
    this.frames.score = this.header.arms.map(() => []);
    for (let step = 0; step < this.steps; step += 1) this.applyScores(step);
  }

  /** The chosen instrument as an arm has it; undefined where it does not. */
  instrument(arm) {
    return this.header.arms[arm].instruments[this.instrumentOf(arm)];
  }

  /**
   * Everybody at the end of a month in an arm: views, not copies. Before any month, as at the start.
   * @param {number} month @param {number} arm
   * @returns {{score: Int32Array, flags: Uint8Array}}
   */
  state(month, arm) {
    if (month >= this.steps) return { score: this.start[arm], flags: this.nothing };
    return { score: this.frames.score[arm][month], flags: this.frames.flags[arm][month] };
  }

  /** Where each row's events stand, once for as many steps as have come. */
  indexed() {
    if (this.index) return this.index;
    const from = new Uint32Array(this.people.n + 1);
    for (const { row } of this.columns) for (let e = 0; e < row.length; e += 1) from[row[e] + 1] += 1;
    for (let i = 0; i < this.people.n; i += 1) from[i + 1] += from[i];
    const next = from.slice();
    const step = new Uint16Array(from.at(-1));
    const place = new Uint32Array(from.at(-1));
    this.columns.forEach(({ row }, k) => {
      for (let e = 0; e < row.length; e += 1) {
        step[next[row[e]]] = k;
        place[next[row[e]]] = e;
        next[row[e]] += 1;
      }
    });
    this.index = { from, step, place };
    return this.index;
  }

  /**
   * The events of one row in all arms, by day.
   * @param {number} row
   * @returns {{step: number, day: number, isDated: boolean, arm: number, what: number, first: number, second: number}[]}
   *   `day` counts from the first day of the run; it is the step's first day where only that is known
   */
  events(row) {
    const { from, step, place } = this.indexed();
    const found = [];
    for (let k = from[row]; k < from[row + 1]; k += 1) {
      const all = this.columns[step[k]];
      const e = place[k];
      const isDated = all.day[e] !== NO_DAY;
      found.push({
        step: step[k], day: this.starts[step[k]] + (isDated ? all.day[e] : 0), isDated, arm: all.arm[e],
        what: all.what[e], first: all.first[e], second: all.second[e],
      });
    }
    return found.sort((one, other) => one.day - other.day || one.isDated - other.isDated);
  }

  /** The date of a day since the start, as 2018-01-31. @param {number} day */
  date(day) {
    const first = Date.parse(`${this.header.first_day}T00:00:00Z`);
    return new Date(first + day * 86400000).toISOString().slice(0, 10);
  }

  /** The row at a position, or -1. @param {number} community @param {number} number */
  find(community, number) {
    const place = this.header.communities.findIndex((one) => one.community === community);
    if (place < 0) return -1;
    const { n, community: where, number: slot } = this.people;
    for (let i = 0; i < n; i += 1) if (where[i] === place && slot[i] === number) return i;
    return -1;
  }

  /** The position of a row: its community and its number there. @param {number} row */
  position(row) {
    const place = this.people.community[row];
    return {
      community: this.header.communities[place].community,
      number: this.people.number[row],
    };
  }
}
