/**
 * Building elements. Text goes in as text nodes, never as markup, and nothing sets a style attribute.
 */

const SVG = "http://www.w3.org/2000/svg";

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * An element of the page.
 * @param {string} tag @param {object} [attributes] `onclick` and the like are listeners
 * @param {...(Node|string|null|Array)} children
 */
export function make(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** An element of a drawing. @param {string} tag @param {object} [attributes] */
export function draw(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

let given = 0;

/** An id that no other element of the document has. @param {string} stem */
export function freshId(stem) {
  given += 1;
  return `gh-${stem}-${given}`;
}

/** A table: a caption, the names of the columns, rows of texts; the first cell names its row. */
export function tableOf(caption, header, rows, attributes = {}) {
  const cells = (row) => row.map((cell, k) => (k === 0
    ? make("th", { scope: "row" }, cell)
    : make("td", {}, cell)));
  return make("table", attributes,
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, header.map((name) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, rows.map((row) => make("tr", {}, cells(row)))));
}

/** A button that copies a text and says so. @param {string} what @param {() => string} text */
export function copyButton(what, text) {
  const button = make("button", { type: "button" }, `Copy ${what}`);
  const say = (words) => {
    button.textContent = words;
    setTimeout(() => { button.textContent = `Copy ${what}`; }, 1600);
  };
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      say("Copied");
    } catch {
      // From a file, or where the clipboard is closed: the older way.
      const area = make("textarea", { class: "gh-aside", "aria-label": what });
      area.value = text();
      button.after(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      say(done ? "Copied" : "Select the text and copy it");
      button.focus();
    }
  });
  return button;
}
