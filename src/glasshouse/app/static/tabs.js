/**
 * Tabs: one panel of several at a time, by click, arrow keys, Home and End.
 */

import { freshId, make } from "./dom.js";

/** Panels behind tabs. */
export class Tabs {
  /** @param {[string, string, Node][]} panels key, title, content */
  constructor(panels) {
    this.list = make("div", { class: "gh-tabs", role: "tablist", "aria-label": "Beside the dots", onkeydown: (event) => this.key(event) });
    this.panels = new Map(panels.map(([key, title, content]) => {
      const [tabId, panelId] = [freshId("tab"), freshId("panel")];
      const tab = make("button", { type: "button", role: "tab", id: tabId, "aria-controls": panelId, onclick: () => this.show(key) }, title);
      const panel = make("div", { role: "tabpanel", id: panelId, "aria-labelledby": tabId, tabindex: 0, class: "gh-panel" },
        make("h2", { class: "gh-aside" }, title), content);
      this.list.append(tab);
      return [key, { tab, panel }];
    }));
    this.element = make("div", { class: "gh-side" }, this.list, [...this.panels.values()].map((one) => one.panel));
    this.show(panels[0][0]);
  }

  /** Shows a panel. @param {string} key */
  show(key) {
    this.shown = key;
    for (const [name, { tab, panel }] of this.panels) {
      tab.setAttribute("aria-selected", String(name === key));
      tab.tabIndex = name === key ? 0 : -1;
      panel.hidden = name !== key;
    }
    this.onshow?.(key);
  }

  key(event) {
    const keys = [...this.panels.keys()];
    const at = keys.indexOf(this.shown);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: keys.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.show(keys[(to + keys.length) % keys.length]);
    this.panels.get(this.shown).tab.focus();
  }
}
