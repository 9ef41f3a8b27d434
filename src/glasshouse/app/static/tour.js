/**
 * The guided tour: one chapter on the page at a time, named by the part of the address behind #.
 */

import { Chapter } from "./chapter.js";
import { make } from "./dom.js";
import { catalogue } from "./order.js";

/** The tour on its page. */
class Tour {
  constructor(root, catalogued) {
    this.root = root;
    this.catalogue = catalogued;
    this.chapters = catalogued.chapters;
    this.list = make("ol", {});
    this.stand = make("main", {});
    this.foot = make("nav", { class: "tour-foot", "aria-label": "Previous and next" });
    root.replaceChildren(
      make("header", { class: "tour-head" },
        make("p", { class: "tour-name" }, make("a", { href: "/" }, "glasshouse"), " a tour"),
        make("nav", { "aria-label": "Chapters" }, this.list)),
      this.stand, this.foot);
    addEventListener("hashchange", () => this.show(true));
    addEventListener("keydown", (event) => this.key(event));
    this.show(false);
  }

  /** The chapter that the address names; the first where it names none. */
  get place() {
    return Math.max(0, this.chapters.findIndex((one) => one.chapter === location.hash.slice(1)));
  }

  /** Shows the chapter of the address. @param {boolean} hasMoved whether the reader turned a page */
  show(hasMoved) {
    const at = this.place;
    this.shown?.destroy();
    this.shown = new Chapter(this.chapters[at], this.catalogue);
    this.list.replaceChildren(...this.chapters.map((one, k) => make("li", {}, make("a", { href: `#${one.chapter}`, "aria-current": k === at ? "page" : null }, one.title))));
    this.stand.replaceChildren(this.shown.element);
    this.foot.replaceChildren(this.turn(at - 1, "Previous"), make("span", { class: "gh-quiet" }, `${at + 1} of ${this.chapters.length}; Shift and an arrow turn the page`), this.turn(at + 1, "Next"));
    document.title = `${this.chapters[at].title}: a tour of glasshouse`;
    if (!hasMoved) return;
    scrollTo(0, 0);
    this.shown.heading.focus({ preventScroll: true });
  }

  turn(to, word) {
    const chapter = this.chapters[to];
    return chapter ? make("a", { href: `#${chapter.chapter}`, rel: word === "Next" ? "next" : "prev" }, make("b", {}, word), ` ${chapter.title}`) : make("span", {});
  }

  /** Shift with an arrow turns the page, except where the arrow means something else. */
  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || !event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.matches?.("input, select, textarea")) return;
    const chapter = this.chapters[this.place + by];
    if (!chapter) return;
    event.preventDefault();
    location.hash = chapter.chapter;
  }
}

const root = document.getElementById("tour");
try {
  new Tour(root, await catalogue());
} catch (error) {
  root.replaceChildren(make("main", {}, make("h1", {}, "The tour did not begin"), make("p", { role: "alert" }, error.message)));
}
