// One run, followed while it goes.

import { ask, sentence } from "/static/api.js";
import { button, el, say } from "/static/dom.js";
import { troubleBox } from "/static/notices.js";
import { percent } from "/static/words.js";

const OVER = new Set(["done", "failed", "cancelled"]);
const STATES = { queued: "waiting", running: "running", done: "done", failed: "failed", cancelled: "cancelled" };
const ENDS = {
  0: "Done; every check passed.", 1: "Done; an expectation failed.", 2: "The manifest could not be used.",
  3: "Done, but for scenes that could not be analysed.", 4: "Something that is needed is missing on the server.", 130: "Interrupted.",
};

export class ScanCard {
  constructor(scan) {
    this.body = el("div");
    this.node = el("article", { class: "scan", tabindex: -1, "data-scan": scan.id }, this.body);
    this.trouble = el("div");
    this.show(scan);
    if (!OVER.has(scan.state)) this.follow(scan.id);
  }

  follow(id) {
    this.events = new EventSource(`/api/v1/scans/${encodeURIComponent(id)}/events`);
    const take = event => this.show(JSON.parse(event.data));
    this.events.addEventListener("scan", take);
  }

  show(scan) {
    const over = OVER.has(scan.state);
    if (over) this.close();
    if (over && this.state && !OVER.has(this.state)) say(`${scan.name}: ${ENDS[scan.exit_code] ?? STATES[scan.state]}`);
    this.state = scan.state;
    const held = this.body.contains(document.activeElement);
    this.body.replaceChildren(
      el("header", {}, el("h3", {}, scan.name), el("span", { class: `badge ${scan.state}` }, STATES[scan.state] ?? scan.state)),
      el("ul", { class: "plainlist" }, scan.scenes.map(scene => row(scene, over))),
      ...this.ending(scan, over), this.trouble);
    if (held) (this.body.querySelector("button, a") ?? this.node).focus();
  }

  ending(scan, over) {
    if (!over && this.cancelling) return [el("p", { class: "small" }, "Being cancelled…")];
    if (!over) return [button("Cancel", () => this.cancel(scan), { class: "plain", "aria-label": `Cancel ${scan.name}` })];
    if (scan.error) return [el("p", { class: "small failure" }, sentence(scan.error))];
    const told = scan.exit_code === null || scan.exit_code === undefined || scan.state === "cancelled" ? null : el("p", { class: "small" }, ENDS[scan.exit_code] ?? "");
    const report = scan.report ? el("p", {}, el("a", { href: scan.report, target: "_blank", rel: "noopener" }, "Open the report", el("span", { class: "unseen" }, " (opens a new tab)"))) : null;
    return [told, report].filter(Boolean);
  }

  async cancel(scan) {
    this.cancelling = true;
    this.show(scan);
    try {
      await ask(`/api/v1/scans/${encodeURIComponent(scan.id)}`, { method: "DELETE" });
      say(`${scan.name} is being cancelled.`);
    } catch (error) {
      this.cancelling = false;
      this.trouble.replaceChildren(troubleBox(error));
    }
  }

  close() {
    this.events?.close();
  }
}

/** A scene's line: how far it is, and what came of it. */
function row(scene, over) {
  const fraction = typeof scene.done === "number" ? Math.min(Math.max(scene.done, 0), 1) : scene.state === "done" ? 1 : 0;
  const text = scene.outcome || (scene.stage && !over ? `${scene.stage}, ${percent(fraction)}` : STATES[scene.state] ?? scene.state);
  const known = scene.state === "running" && fraction > 0;
  return el("li", { class: "step" },
    el("span", { class: "steptitle" }, scene.title || scene.id),
    over || scene.outcome ? null : el("progress", { max: 1, value: known ? fraction : scene.state === "done" ? 1 : 0, "aria-label": `${scene.title || scene.id}, progress` }),
    el("span", { class: "small" }, text));
}
