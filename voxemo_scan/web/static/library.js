// Earlier runs' reports, with search.

import { askJson } from "/static/api.js";
import { el, freshId, say, swatch } from "/static/dom.js";
import { troubleBox } from "/static/notices.js";
import { when } from "/static/words.js";

const PAUSE_MS = 250;
const SHOWN = 6;

export class LibraryView {
  constructor() {
    const id = freshId("search");
    this.input = el("input", { id, type: "search", autocomplete: "off", placeholder: "name, title or emotion", oninput: () => this.later() });
    this.list = el("div", { class: "reports" });
    this.count = el("output", { for: id });
    this.node = el("div", {},
      el("p", { class: "eyebrow" }, "Library"),
      el("h1", { tabindex: -1 }, "Earlier reports"),
      el("form", { class: "toolbar", role: "search", onsubmit: event => { event.preventDefault(); this.load(); } },
        el("span", {}, el("label", { for: id }, "Find"), this.input), this.count),
      this.list);
    this.load();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(), PAUSE_MS);
  }

  async load() {
    const sought = this.input.value.trim();
    this.asked = sought;
    try {
      const found = await askJson(`/api/v1/reports?${new URLSearchParams({ q: sought })}`);
      if (this.asked === sought) this.show(found, sought);
    } catch (error) {
      this.list.replaceChildren(troubleBox(error, () => this.load()));
    }
  }

  show(reports, sought) {
    const count = reports.length === 1 ? "1 report" : `${reports.length} reports`;
    this.count.textContent = count;
    say(count);
    if (reports.length) { this.list.replaceChildren(el("ul", { class: "plainlist" }, reports.map(report => entry(report)))); return; }
    this.list.replaceChildren(el("p", { class: "nothing" }, sought
      ? `No report has “${sought}” in its name, titles or emotions.`
      : ["No reports yet. ", el("a", { href: "#run" }, "Run a manifest"), " here, or start the server with --reports FOLDER to see those of earlier runs."]));
  }

  close() {
    clearTimeout(this.timer);
  }
}

function entry(report) {
  const base = `/api/v1/reports/${encodeURIComponent(report.id)}`;
  const file = (name, text) => el("a", { href: `${base}/${name}`, download: `${report.id}-${name}`, "aria-label": `${text} of ${report.name}` }, text);
  const scenes = report.scenes.slice(0, SHOWN).map(scene => el("li", {},
    scene.dominant ? [swatch(scene.dominant), `${scene.title}: ${scene.dominant}`] : `${scene.title}: no verdict`));
  const more = report.scenes.length - SHOWN;
  return el("li", { class: "report" },
    el("h2", {}, el("a", { href: `${base}/report.html`, target: "_blank", rel: "noopener" }, report.name, el("span", { class: "unseen" }, " (opens a new tab)"))),
    el("p", { class: "facts" }, el("span", {}, when(report.created)), el("span", {}, report.scenes.length === 1 ? "1 scene" : `${report.scenes.length} scenes`)),
    el("ul", { class: "scenes" }, scenes, more > 0 ? el("li", { class: "small" }, `and ${more} more`) : null),
    el("p", { class: "buttons" }, el("span", { class: "small" }, "Download"), file("report.json", "JSON"), file("windows.csv", "CSV"), file("report.md", "Markdown")));
}
