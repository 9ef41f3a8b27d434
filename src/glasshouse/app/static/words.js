/**
 * Words: an event, a month, a person told as `glasshouse life` tells them.
 */

import { FLAG, KINDS, UNSCORED, WHAT } from "./scene.js";

const LABELS = {
  rightly: "", not_theirs: "not theirs", could_not: "could not comply", lawful: "a lawful act",
};
const REASONS = {
  stays: "", overturned: "the contest was won", performed: "performed",
  expired: "the term ended", grade_recovered: "the grade recovered",
};
const MONTHS = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September",
  "October", "November", "December",
];

/** The codes of what may happen, in the order in which a day tells it. */
export const ORDER = Object.freeze([
  WHAT.act, WHAT.entry, WHAT.score, WHAT.grade, WHAT.dropped, WHAT.listed, WHAT.learned,
  WHAT.contested, WHAT.performed, WHAT.refused, WHAT.privilege, WHAT.left, WHAT.joined, WHAT.opted,
]);

/** A number with commas; what is unknown says so. @param {number|null|undefined} value */
export function number(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "unknown";
  if (Number.isInteger(value)) return value.toLocaleString("en-GB");
  return value.toLocaleString("en-GB", { maximumSignificantDigits: 4 });
}

/** A count with its word in the singular or plural. */
export function counted(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** "2018-01" as January 2018; other labels as they are. @param {string} label */
export function monthWords(label) {
  const found = /^(\d{4})-(\d{2})$/.exec(label);
  return found ? `${MONTHS[Number(found[2]) - 1]} ${found[1]}` : label;
}

/** What a step of a run is called: month, week or day. @param {object} header */
export function stepWord(header) {
  return header.step ?? "month";
}

/** With its first letter large. @param {string} words */
export function capital(words) {
  return words[0].toUpperCase() + words.slice(1);
}

/** How long a run is, in its steps; weeks are cut at the ends of months, so a year has more than 52. */
export function lengthWords({ step, steps }) {
  return step === "week" ? `${counted(steps.length, "step")} of a week at most` : counted(steps.length, stepWord({ step }));
}

/** An identifier as words. @param {string} name */
export function plain(name) {
  return name.replaceAll("_", " ").replaceAll("-", " ");
}

function act(event, header) {
  const title = header.acts[event.first].title;
  return event.second ? `${title} (seen)` : title;
}

function entry(event, header) {
  const kind = Math.floor(event.first / header.acts.length);
  const done = header.acts[event.first % header.acts.length];
  const title = done.title.toLowerCase();
  if (kind) {
    const how = kind === 1 ? "falsely reported" : "somebody else's, written down here";
    return `${how}: ${title}`;
  }
  const label = LABELS[header.labels[event.second]];
  return `written down: ${title}${label && !done.praised ? ` (${label})` : ""}`;
}

function list(event, header) {
  const name = header.arms[event.arm].lists[event.first] ?? String(event.first);
  return `the list ${name.slice(name.lastIndexOf("/") + 1)}`;
}

function counter(event, header) {
  return header.counters[event.first].replaceAll("_", " ");
}

function book(event, header) {
  return header.arms[event.arm].instruments[event.first];
}

const TELL = {
  [WHAT.act]: act,
  [WHAT.entry]: entry,
  [WHAT.score]: (e, h) => `score ${e.second} (${book(e, h).rulebook})`,
  [WHAT.grade]: (e, h) => `grade ${book(e, h).grades[e.second]} (${book(e, h).rulebook})`,
  [WHAT.dropped]: (e, h) => `not put on ${list(e, h)}: ${
    ["not followed up", "found unable to pay", "stopped in review"][e.second]}`,
  [WHAT.listed]: (e, h) => {
    const label = LABELS[h.labels[e.second]];
    return `PUT ON ${list(e, h)}${label ? ` (${label})` : ""}`;
  },
  [WHAT.learned]: (e, h) => `learns ${
    ["from a notice", "at a counter", "from the own file"][e.second]} of being on ${list(e, h)}`,
  [WHAT.contested]: (e, h) => `contests ${list(e, h)}, ${e.second ? "and will win" : "and will lose"}`,
  [WHAT.performed]: (e, h) => `performs for ${list(e, h)}: ${
    ["credited", "refused as insincere", "lost on the way"][Math.min(e.second, 2)]}`,
  [WHAT.refused]: (e, h) => `refused at ${counter(e, h)}${e.second > 1 ? `, ${e.second} times` : ""}`,
  [WHAT.privilege]: (e, h) => `privilege at ${counter(e, h)}`,
  [WHAT.left]: (e, h) => `OFF ${list(e, h)}: ${REASONS[h.reasons[e.second]]}`,
  [WHAT.joined]: () => "consents to the scheme",
  [WHAT.opted]: () => "leaves the scheme",
};

/** An event in words. @param {object} event @param {object} header */
export function told(event, header) {
  const tell = TELL[event.what];
  return tell ? tell(event, header) : header.whats?.[event.what] ?? `event ${event.what}`;
}

/** Who stands in a row, in words. @param {import("./scene.js").Scene} scene @param {number} row */
export function who(scene, row) {
  const { flags, age, household, community } = scene.people;
  const place = scene.header.communities[community[row]];
  const province = place.title || place.province;
  const where = `${flags[row] & 2 ? "town" : "country"}${province ? `, ${province}` : ""}`;
  const kind = KINDS[(flags[row] >> 2) & 3];
  if (kind !== "person") return `${kind}; ${where}`;
  const sex = flags[row] & 1 ? "female" : "male";
  const home = household[row] > 1 ? `household of ${household[row]}` : "lives alone";
  return `${sex}, ${age[row]} years old at the start; ${home}; ${where}`;
}

/** How somebody stands in a month of an arm, in words. */
export function standing(scene, row, month, arm) {
  const { score, flags } = scene.state(month, arm);
  const said = [score[row] === UNSCORED || flags[row] & FLAG.out ? "not scored" : `score ${number(score[row])}`];
  const { rightly, wrongly, refused, gone } = FLAG;
  if (flags[row] & wrongly) said.push("wrongly on a list");
  if (flags[row] & rightly) said.push("rightly on a list");
  if (!(flags[row] & (rightly | wrongly))) said.push("on no list");
  if (flags[row] & refused) said.push(`refused this ${stepWord(scene.header)}`);
  if (flags[row] & gone) said.push("gone");
  return said.join(", ");
}

/**
 * What a month shows in an arm, in one clause, from the counts of the whole run; of the people shown
 * alone until those have come.
 */
export function armSentence(name, counts, tally) {
  if (!counts) {
    if (!tally.listed && !tally.refused) return `${name}: nobody shown is on a list or refused`;
    const people = counted(tally.listed, "person is", "people are");
    return `${name}: of those shown ${people} on a list, ${number(tally.wrongly)} wrongly, and ${number(tally.refused)} refused`;
  }
  const listings = counts.listings_open ?? 0;
  const wrong = listings - (counts.listings_open_rightly ?? 0);
  const refusals = counts.refusals ?? 0;
  if (!listings && !refusals) return `${name}: nobody is on a list and nobody is refused`;
  const listed = listings
    ? `${counted(listings, "listing")} in force, ${number(wrong)} of them wrong`
    : "no listing in force";
  const people = counts.refused_people ? ` of ${counted(counts.refused_people, "person", "people")}` : "";
  return `${name}: ${listed}; ${refusals ? `${counted(refusals, "refusal")}${people}` : "no refusal"}`;
}
