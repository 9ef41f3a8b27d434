/**
 * The counts of the whole run that the drawing tells of: their names, their words, their order.
 */

import { plain } from "./words.js";

/** The three senses of a wrong listing; they are shown apart in the table and in sum in the figures. */
const WRONG = ["listings_open_not_theirs", "listings_open_could_not", "listings_open_lawful"];

/**
 * A count of an arm by the name that a figure uses; null where it has not come.
 * @param {object|undefined} arm the counts of an arm @param {string} name
 */
export function countOf(arm, name) {
  if (!arm) return null;
  if (name !== "wrongly") return arm[name] ?? null;
  const parts = WRONG.map((one) => arm[one]);
  return parts.some((one) => one === undefined || one === null) ? null : parts.reduce((one, other) => one + other, 0);
}

/**
 * The figures over time: what each shows, and how its lines look. `meanwhile` and `tally` are what
 * stands there, of the people shown alone, until the counts of the whole run have come. A `{step}` is
 * a month, a week or a day.
 */
export const OVER_TIME = Object.freeze([
  {
    title: "Listings in force at the end of the {step}",
    meanwhile: "People shown who are on a list",
    lines: [
      { name: "wrongly", tally: "wrongly", words: "wrong", look: "gh-wrongly", shape: "diamond" },
      { name: "listings_open_rightly", tally: "rightly", words: "right", look: "gh-rightly", shape: "circle" },
    ],
  },
  {
    title: "Refusals in the {step}",
    meanwhile: "People shown who are refused in the {step}",
    lines: [{ name: "refusals", tally: "refused", words: "refusals", look: "gh-refused", shape: "bar" }],
  },
]);

const GROUPS = [
  ["On lists", /^(listed_persons|listings|listed_days|silent_days|contests|exposed|honoured)/],
  ["At counters", /^(attempts|refus|privileges|burden)/],
  ["Acts", /^acts/],
  ["Records", /^entries/],
  ["People", /^(persons|means|caution|silence|gaming|habit|trust|aware|mean_score|enrolled|joined|opted|graded)/],
];

/** A count in words. @param {string} name */
export function countWords(name) {
  const known = {
    listed_persons: "persons on a list for at least a day", listings_open: "listings in force at the end",
    listings_begun: "listings that came into force", listings_ended: "listings that ended",
    silent_days: "days on lists unknown to the person", refused_people: "people refused",
    burden_yuan: "burden, yuan", aware_share: "share who know their own file",
    acts_culpable_ruled: "culpable acts that a rule names", acts_culpable_unruled: "culpable acts that no rule names",
    acts_culpable: "culpable acts", acts_lawful_sensitive: "lawful sensitive acts", acts_praised: "praised acts",
    listings_performed: "listings ended by performance", listings_overturned: "listings overturned on contest",
    listings_expired: "listings ended by their term", listings_grade_recovered: "listings ended as the grade recovered",
    attempts: "first tries at a counter that refuses", exposed_days: "days on lists that are published",
    acts_unseen: "acts that nobody saw", acts_seen: "acts that some channel saw", honoured: "honoured publicly",
  }[name];
  const words = known ?? plain(name.replace("listings_open_", "in force, ").replace("listings_begun_", "begun, ")
    .replace("mean_score_", "mean score, ").replace("entries_", "entries, "))
    .replace(/, could not$/, ", could not comply").replace(/, lawful$/, ", for a lawful act");
  return words[0].toUpperCase() + words.slice(1);
}

/** The names of the counts of a scene by group. @returns {[string, string[]][]} */
export function groupsOf(scene) {
  const names = [...new Set(scene.counts.flatMap((counts) => counts.arms.flatMap((arm) => Object.keys(arm))))];
  const rest = new Set(names);
  const groups = GROUPS.map(([title, pattern]) => {
    const here = names.filter((name) => rest.has(name) && pattern.test(name));
    here.forEach((name) => rest.delete(name));
    return [title, here];
  });
  return [...groups, ["Other", [...rest]]].filter(([, here]) => here.length);
}
