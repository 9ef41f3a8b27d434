/**
 * The live page: what is chosen is sent to the server, and what comes back is drawn as it comes.
 *
 * One run at a time a tab: another choice stops the run before it. The page computes nothing of the
 * model; it sends named settings and reads a scene.
 */

import { ask, problemsOf } from "./ask.js";
import { Form } from "./controls.js";
import { copyButton, make } from "./dom.js";
import { address, here, put, withView } from "./link.js";
import { Scene } from "./scene.js";
import { Studies } from "./studies.js";
import { mount } from "./view.js";
import { counted, lengthWords, stepWord } from "./words.js";

const REST_MS = 250;
const FILES = [["report", "Report"], ["playable", "Page to play with"], ["data", "Data"]];

const at = (id) => document.getElementById(id);

/** The page as a whole. */
class Live {
  /** @param {object} catalogue */
  constructor(catalogue) {
    this.catalogue = catalogue;
    this.said = at("said");
    this.form = new Form(catalogue, () => this.later());
    this.go = make("button", { type: "button", class: "live-go", onclick: () => this.run() }, "Run");
    this.halt = make("button", { type: "button", onclick: () => this.stop("Stopped.") }, "Stop");
    this.atOnce = make("input", { type: "checkbox", id: "at-once", checked: true });
    this.files = make("div", { class: "live-files" });
    this.copies = make("div", { class: "live-copies" },
      copyButton("link", () => address(here())), copyButton("command", () => this.receipt?.command ?? ""),
      copyButton("Python", () => this.receipt?.python ?? ""));
    this.studies = new Studies(catalogue, at("study"), (order, words) => {
      this.form.set({ ...this.form.order(), controls: {}, rulebooks: [], ...order });
      this.say(words);
      this.run();
    });
    const folded = make("details", { class: "live-fold" }, make("summary", {}, "What to run"),
      make("div", { class: "live-go-row" }, this.go, this.halt, make("label", { for: "at-once" }, this.atOnce, " run when something is moved")),
      this.form.element);
    folded.open = matchMedia("(min-width: 900px)").matches;
    at("side").append(folded, this.studies.element);
    at("along").append(this.copies, this.files);
    this.halt.disabled = true;
    this.offer(false);
    addEventListener("hashchange", () => this.open());
    addEventListener("pagehide", () => this.abort?.abort());
  }

  say(words) {
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  /** Shows what was refused, each with what would be right. */
  refuse(problems, title = "This cannot be run.") {
    at("problems").replaceChildren(make("div", { class: "live-problems", role: "alert" }, make("strong", {}, title),
      make("ul", {}, problems.map((one) => make("li", {}, [one.where, one.what].filter(Boolean).join(": "), one.right ? ` (${one.right})` : "")))));
  }

  accept() {
    at("problems").replaceChildren();
  }

  /** Runs when the hand has come to rest. */
  later() {
    clearTimeout(this.rest);
    if (this.atOnce.checked) this.rest = setTimeout(() => this.run(), REST_MS);
    else this.say("Something was moved; Run shows what it does.");
  }

  /** Opens the link in the address, or begins with the first scenario. */
  async open() {
    const link = here();
    if (link === this.link) return;
    if (!link || at(link)) {
      if (!this.receipt) await this.run();
      return;
    }
    const found = await ask("POST", "/api/link", { link });
    if (found.problems) {
      this.stop("");
      this.refuse(found.problems, "This link cannot be opened.");
      this.say("Nothing was run.");
      return;
    }
    this.form.set(found.order);
    this.wanted = { month: found.month ?? undefined, row: found.row ?? undefined, rulebook: found.rulebook ?? undefined, arms: found.arms ?? undefined, big: found.big };
    this.changed = found.changed;
    if (found.changed.length) {
      this.stop("");
      this.refuse(found.changed.map((what) => ({ what })), "Not everything is as it was when the link was made.");
      this.say("Nothing was run yet; Run runs it as it is now.");
      return;
    }
    await this.run();
  }

  /** Asks for what the form says and draws it as it comes. */
  async run() {
    clearTimeout(this.rest);
    this.stop("");
    const abort = new AbortController();
    this.abort = abort;
    this.offer(false);
    this.say("Asked for.");
    const order = this.form.order();
    const receipt = await ask("POST", "/api/runs", order, abort.signal);
    if (abort.signal.aborted) return;
    if (receipt.problems) {
      this.refuse(receipt.problems);
      this.say("Nothing was run.");
      return;
    }
    this.accept();
    this.receipt = receipt;
    this.halt.disabled = false;
    const wanted = this.wanted ?? this.carried(order);
    this.wanted = undefined;
    this.order = order;
    this.keep(receipt.link);
    try {
      await this.draw(receipt, wanted, abort.signal);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.refuse([{ what: "the line to the server broke", right: "is glasshouse serve still running?" }], "The run did not arrive.");
      this.say(String(error.message ?? error));
    }
    this.halt.disabled = true;
  }

  /** What stays in view over to another run: of the same people the same life, in the same month. */
  carried(order) {
    const before = this.view?.state();
    const last = this.order;
    if (!before || !last || !["scenario", "people", "seed"].every((name) => order[name] === last[name])) return { big: before?.big };
    const isBack = before.month < this.scene.header.steps.length - 1 && Boolean(this.scene.finish);
    return { ...before, month: isBack && order.years === last.years ? before.month : undefined, row: before.row < 0 ? undefined : before.row };
  }

  /** Reads the stream into a scene; the view is drawn once the people are there. */
  async draw(receipt, wanted, signal) {
    const answer = await fetch(`/api/runs/${receipt.id}/stream`, { signal });
    if (!answer.ok) {
      this.refuse(await problemsOf(answer));
      return;
    }
    const scene = new Scene();
    const reader = answer.body.getReader();
    let view = null;
    for (;;) {
      const { done, value } = await reader.read();
      if (done || signal.aborted) break;
      scene.push(value);
      if (!view && scene.people) view = this.show(scene, wanted);
      this.progress(scene);
    }
    if (signal.aborted) return;
    if (scene.failure) {
      this.refuse(scene.failure.problems, "The run did not finish.");
      this.say("The run did not finish.");
    } else if (scene.finish) {
      this.say(`Finished: ${lengthWords(scene.header)}. Digest ${scene.finish.digest.slice(0, 12)}.`);
      this.offer(true);
    }
  }

  /** Puts a new drawing in the place of the one before. */
  show(scene, wanted) {
    this.view?.destroy();
    const arms = wanted.arms ?? this.form.chosen.shown_arms;
    const options = { level: 1, hasStatus: true, month: wanted.month, row: wanted.row, arms, big: wanted.big, onchange: () => this.moved() };
    this.scene = scene;
    if (scene.rulebooks.includes(wanted.rulebook)) scene.choose(wanted.rulebook);
    this.view = mount(at("picture"), scene, options);
    return this.view;
  }

  /** The link follows what is shown. */
  moved() {
    clearTimeout(this.follows);
    this.follows = setTimeout(() => this.receipt && this.view && this.keep(withView(this.receipt.link, this.view.state())), REST_MS);
  }

  keep(link) {
    this.link = link;
    put(link);
  }

  progress(scene) {
    const { progress } = scene;
    if (!progress || scene.finish) return;
    if (progress.state === "waiting") {
      const ahead = progress.ahead ? `${counted(progress.ahead, "run")} ahead of this one.` : "Next in line.";
      this.say(progress.warming ? `${ahead} The engine is getting ready; the first time on a machine it compiles for half a minute.` : ahead);
    } else if (scene.header) this.say(`${scene.steps} of ${counted(scene.header.steps.length, stepWord(scene.header))} have come.`);
    else this.say("The society is being laid out.");
  }

  /** Stops the run of this tab, if there is one. */
  stop(words) {
    const { abort, receipt } = this;
    this.abort = undefined;
    this.halt.disabled = true;
    if (words) this.say(words);
    abort?.abort();
    if (abort && receipt && !this.scene?.finish) ask("DELETE", `/api/runs/${receipt.id}`);
  }

  /** Offers the files of a finished run, or says when there will be some. */
  offer(isFinished) {
    const links = FILES.map(([what, words]) => (isFinished
      ? make("a", { class: "live-file", href: `/api/runs/${this.receipt.id}/${what}`, download: "" }, words)
      : make("span", { class: "live-file live-off" }, words)));
    this.files.replaceChildren(...links);
  }
}

const catalogue = await ask("GET", "/api/catalogue");
const live = new Live(catalogue);
await live.open();
