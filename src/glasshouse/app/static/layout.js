/**
 * The layout: where everybody stands, in CSS pixels.
 *
 * A community is a block; inside it a household stands together, as the letters of a word do, and
 * the words run in lines. All arms share one layout, so the same place is the same person.
 */

const MARGIN = 8;
const GAP = 14;
const LABEL = 18;
const BETWEEN_HOUSEHOLDS = 0.55;
const BETWEEN_LINES = 1.22;

/** A block and its title. @typedef {{place: number, x: number, y: number, width: number, height: number}} Block */

/**
 * The households of every community, as runs of rows.
 * @param {{n: number, household: Uint8Array, community: Uint16Array, flags: Uint8Array}} people
 * @param {number} communities
 * @returns {number[][]} by community: first row and length, one after the other
 */
export function households(people, communities) {
  const runs = Array.from({ length: communities }, () => []);
  let row = 0;
  while (row < people.n) {
    const [size, place] = [people.household[row], people.community[row]];
    let end = row + 1;
    while (end < people.n && end < row + size && people.household[end] === size
      && people.community[end] === place) end += 1;
    runs[place].push(row, end - row);
    row = end;
  }
  return runs;
}

/** Places the words of one block; gives the height that it takes. */
function flow(runs, width, pitch, put) {
  const room = Math.max(1, Math.floor(width / pitch));
  let [column, line] = [0, 0];
  for (let k = 0; k < runs.length; k += 2) {
    const length = runs[k + 1];
    if (column > 0 && column + length > room) {
      column = 0;
      line += 1;
    }
    for (let i = 0; i < length; i += 1) {
      if (column >= room) {
        column = 0;
        line += 1;
      }
      if (put) put(runs[k] + i, (column + 0.5) * pitch, (line + 0.5) * pitch * BETWEEN_LINES);
      column += 1;
    }
    column += BETWEEN_HOUSEHOLDS;
  }
  return (line + 1) * pitch * BETWEEN_LINES;
}

/** The largest pitch at which every block holds its people. */
function largest(runs, width, height) {
  let [low, high] = [0.5, 26];
  for (let k = 0; k < 14; k += 1) {
    const middle = (low + high) / 2;
    if (runs.every((run) => flow(run, width, middle) <= height)) low = middle;
    else high = middle;
  }
  return low;
}

/** Blocks in a grid of so many columns. */
function grid(count, columns, width, height) {
  const rows = Math.ceil(count / columns);
  const wide = (width - 2 * MARGIN - (columns - 1) * GAP) / columns;
  const high = (height - 2 * MARGIN - (rows - 1) * GAP) / rows - LABEL;
  return Array.from({ length: count }, (_, place) => ({
    place,
    x: MARGIN + (place % columns) * (wide + GAP),
    y: MARGIN + LABEL + Math.floor(place / columns) * (high + LABEL + GAP),
    width: wide,
    height: high,
  }));
}

/** Blocks on the tiles of a map; the communities of a province share its tile. */
function tiles(communities, provinces, width, height) {
  const xs = provinces.map((one) => one.x);
  const ys = provinces.map((one) => one.y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const wide = (width - 2 * MARGIN) / (Math.max(...xs) - left + 1);
  const high = (height - 2 * MARGIN) / (Math.max(...ys) - top + 1);
  const blocks = [];
  for (const { name, x, y } of provinces) {
    const here = communities.flatMap((one, place) => (one.province === name ? [place] : []));
    const columns = Math.ceil(Math.sqrt(here.length));
    const rows = Math.ceil(here.length / columns);
    here.forEach((place, k) => blocks.push({
      place,
      x: MARGIN + (x - left) * wide + ((k % columns) * (wide - 6)) / columns,
      y: MARGIN + LABEL + (y - top) * high
        + (Math.floor(k / columns) * (high - LABEL - 4)) / rows,
      width: (wide - 6) / columns - 2,
      height: (high - LABEL - 4) / rows - 2,
    }));
  }
  return blocks.sort((one, other) => one.place - other.place);
}

/**
 * Places everybody.
 * @param {object} people @param {object[]} communities
 * @param {number} width @param {number} height
 * @param {object[]} [provinces] tiles of a map; the grid of communities without them
 * @returns {{x: Float32Array, y: Float32Array, pitch: number, blocks: Block[]}}
 */
export function layout(people, communities, width, height, provinces = []) {
  const runs = households(people, communities.length);
  let blocks = [];
  let pitch = 0;
  if (provinces.length) {
    blocks = tiles(communities, provinces, width, height);
    const least = blocks.reduce((one, other) => (one.width * one.height < other.width * other.height ? one : other));
    pitch = largest(runs, least.width, least.height);
  } else {
    for (let columns = 1; columns <= communities.length; columns += 1) {
      const tried = grid(communities.length, columns, width, height);
      if (tried[0].width < 24) break;
      if (tried[0].height < 8) continue;
      const found = largest(runs, tried[0].width, tried[0].height);
      if (found > pitch) [blocks, pitch] = [tried, found];
    }
    if (!blocks.length) {
      blocks = grid(communities.length, 1, width, height);
      pitch = 0.5;
    }
  }
  const x = new Float32Array(people.n);
  const y = new Float32Array(people.n);
  blocks.forEach((block) => {
    flow(runs[block.place], block.width, pitch, (row, right, down) => {
      x[row] = block.x + right;
      y[row] = block.y + down;
    });
  });
  return { x, y, pitch, blocks };
}

/** The row nearest to a point, or -1 if none is within reach. */
export function nearest(placed, px, py, reach) {
  let [best, found] = [reach * reach, -1];
  for (let i = 0; i < placed.x.length; i += 1) {
    const away = (placed.x[i] - px) ** 2 + (placed.y[i] - py) ** 2;
    if (away <= best) [best, found] = [away, i];
  }
  return found;
}

/** The nearest row above (-1) or below (1) a row; the row itself where there is none. */
export function beyond(placed, row, way) {
  let [best, found] = [Infinity, row];
  for (let i = 0; i < placed.x.length; i += 1) {
    const down = (placed.y[i] - placed.y[row]) * way;
    if (down < placed.pitch * 0.5) continue;
    const away = down * down + 4 * (placed.x[i] - placed.x[row]) ** 2;
    if (away < best) [best, found] = [away, i];
  }
  return found;
}
