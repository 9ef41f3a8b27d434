/**
 * The map of provinces: a tile each, where it lies roughly; lighter is more. It says something of a
 * province only where enough communities stand for it, and is left out where too few provinces have.
 */

import { draw, make, tableOf } from "./dom.js";
import { number, stepWord } from "./words.js";

const WIDE = 52;
const HIGH = 36;
const LETTER = 5.7;
const LEAST = [30, 38, 46];
const MOST = [233, 237, 240];

/** A map an arm, of persons on lists. */
export class TileMap {
  /** @param {import("./scene.js").Scene} scene */
  constructor(scene) {
    this.scene = scene;
    this.tiles = scene.header.map ?? [];
    this.arms = scene.header.arms.map((arm, place) => ({ ...arm, place })).filter((arm) => arm.lists.length);
    this.element = make("section", { class: "gh-figure" });
    this.element.hidden = !this.tiles.length || !this.arms.length;
    if (this.element.hidden) return;
    const columns = Math.max(...this.tiles.map((tile) => tile.x)) + 1;
    const rows = Math.max(...this.tiles.map((tile) => tile.y)) + 1;
    this.maps = this.arms.map((arm) => {
      const shapes = this.tiles.map((tile) => {
        const rect = draw("rect", { x: tile.x * WIDE + 1, y: tile.y * HIGH + 1, width: WIDE - 2, height: HIGH - 2, class: tile.told ? "gh-tile" : "gh-tile gh-untold" });
        const name = draw("text", {
          x: (tile.x + 0.5) * WIDE, y: tile.y * HIGH + 15, textLength: tile.title.length * LETTER > WIDE - 6 ? WIDE - 6 : null,
          lengthAdjust: "spacingAndGlyphs",
        }, tile.title);
        const count = draw("text", { x: (tile.x + 0.5) * WIDE, y: tile.y * HIGH + 29 });
        return { tile, rect, name, count, whole: draw("g", {}, draw("title", {}, tile.title), rect, name, count) };
      });
      const picture = draw("svg", { viewBox: `0 0 ${columns * WIDE} ${rows * HIGH}`, role: "img", class: "gh-map" }, shapes.map((one) => one.whole));
      return { arm, shapes, picture };
    });
    this.element.append(make("h3", {}, "Persons on lists, by province"),
      ...this.maps.map(({ arm, picture }) => make("div", {}, make("p", { class: "gh-arm-name" }, arm.arm), picture)),
      make("p", { class: "gh-quiet" }, `The number is persons on lists in the ${stepWord(scene.header)}; the lighter a tile, the more of them to a community. `
        + "An empty outline has too few communities to say anything."));
  }

  /** Persons on lists in a province; null where it is not told. */
  listed(month, arm, tile) {
    if (!tile.told) return null;
    return this.scene.counts[month]?.provinces?.[arm.place]?.[tile.province] ?? 0;
  }

  /** The most persons on lists to a community in any month: one scale for all months and arms. */
  most() {
    if (this.scaled === this.scene.steps) return this.top;
    this.scaled = this.scene.steps;
    this.top = 1e-9;
    for (let month = 0; month < this.scene.steps; month += 1) {
      for (const arm of this.arms) {
        for (const tile of this.tiles) {
          if (tile.told) this.top = Math.max(this.top, this.listed(month, arm, tile) / tile.communities);
        }
      }
    }
    return this.top;
  }

  /** Shows a month. @param {number} month */
  setMonth(month) {
    if (this.element.hidden || month >= this.scene.steps) return;
    const most = this.most();
    for (const { arm, shapes, picture } of this.maps) {
      for (const { tile, rect, name, count } of shapes) {
        const listed = this.listed(month, arm, tile);
        if (listed === null) continue;
        const share = listed / tile.communities / most;
        rect.style.fill = `rgb(${LEAST.map((low, k) => Math.round(low + (MOST[k] - low) * share)).join(" ")})`;
        const ink = share > 0.4 ? "#000" : "#fff";
        [name.style.fill, count.style.fill] = [ink, ink];
        count.textContent = number(listed);
      }
      const told = this.tiles.filter((tile) => tile.told).map((tile) => [tile.title, this.listed(month, arm, tile)]);
      told.sort((one, other) => other[1] - one[1]);
      picture.setAttribute("aria-label", `Persons on lists by province, ${arm.arm}; most: ${told.slice(0, 3).map(([title, count]) => `${title} ${number(count)}`).join(", ")}.`);
    }
  }

  /** The same numbers as a table; nothing where there is no map. @param {number} month */
  table(month) {
    if (this.element.hidden) return [];
    const rows = this.tiles.map((tile) => [tile.title, ...this.arms.map((arm) => {
      const listed = this.listed(month, arm, tile);
      return listed === null ? "too few communities" : number(listed);
    })]);
    return [tableOf("Persons on lists, by province", ["Province", ...this.arms.map((arm) => arm.arm)], rows, { class: "gh-numbers gh-wide" })];
  }
}
