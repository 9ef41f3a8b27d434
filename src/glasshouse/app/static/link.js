/**
 * The link: what stands behind the `#` of the page's address.
 *
 * The server writes it and reads it, strictly. Here only the view is added: the month and the arms that
 * are shown, the row that is followed, whose score it is, and whether the picture is large. Nothing in it is run or shown as it is.
 */

/** @param {string} text base64url @returns {object} what it says; an empty object if it says nothing */
function said(text) {
  try {
    const letters = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    const found = JSON.parse(letters);
    return found && typeof found === "object" && !Array.isArray(found) ? found : {};
  } catch {
    return {};
  }
}

/** @param {object} value @returns {string} base64url of its JSON; the server's links are ASCII alone */
function written(value) {
  return btoa(JSON.stringify(value)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/**
 * The link with what is shown.
 * @param {string} link as the server wrote it
 * @param {{month: number, row: number, rulebook: string, arms: number[], big: boolean}} view
 * @returns {string}
 */
export function withView(link, view) {
  const value = said(link);
  value.m = view.month;
  if (view.row >= 0) value.a = view.row;
  if (view.rulebook) value.k = view.rulebook;
  if (view.arms?.length) value.w = view.arms;
  if (view.big) value.b = true;
  return written(value);
}

/** The link in the page's address, without its `#`. */
export function here() {
  return location.hash.replace(/^#/, "");
}

/** Puts a link into the page's address; going back goes to the page before. @param {string} link */
export function put(link) {
  history.replaceState(null, "", `#${link}`);
}

/** The whole address of a link. @param {string} link */
export function address(link) {
  return `${location.origin}/#${link}`;
}
