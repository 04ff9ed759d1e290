// A manifest run from the page: written, started, followed, cancelled.

import { askJson, sendJson, sentence } from "/static/api.js";
import { button, el, freshId, say } from "/static/dom.js";
import { troubleBox } from "/static/notices.js";
import { ScanCard } from "/static/scan.js";
import { loadClips } from "/static/state.js";

const SLUG = /[^a-z0-9]+/g;

export class RunView {
  constructor() {
    const id = freshId("manifest");
    this.text = el("textarea", { id, rows: 18, spellcheck: "false", autocapitalize: "off", autocomplete: "off", "aria-describedby": `${id}-help`, oninput: () => this.number() });
    this.lines = el("div", { class: "lines", "aria-hidden": "true" });
    this.text.addEventListener("scroll", () => { this.lines.scrollTop = this.text.scrollTop; });
    this.faults = el("div");
    this.starter = button("Run it", () => this.start(), { class: "primary" });
    this.scans = el("div", { class: "scans" });
    this.cards = new Map();
    this.node = el("div", {},
      el("p", { class: "eyebrow" }, "Run"),
      el("h1", { tabindex: -1 }, "Run a manifest"),
      el("p", { class: "lead", id: `${id}-help` }, "A manifest lists scenes: an id, and a source that is a web address or one of the prepared clips, as ", el("code", {}, "clip:ID"), ". What a scene should sound like can stand under ", el("code", {}, "expect"), "; the report then says whether it does."),
      el("label", { for: id, class: "over" }, "Manifest (YAML)"),
      el("div", { class: "editor" }, this.lines, this.text),
      this.faults,
      el("p", { class: "buttons" }, this.starter, button("Begin anew", () => this.begin(), { class: "plain" })),
      el("h2", {}, "Runs"), this.scans);
    this.begin();
    this.list();
  }

  /** A manifest to begin with, of the clips that are here. */
  async begin() {
    const clips = await loadClips().catch(() => []);
    this.write(starter(clips.slice(0, 3)));
    this.faults.replaceChildren();
  }

  write(text) {
    this.text.value = text;
    this.number();
  }

  number() {
    const count = this.text.value.split("\n").length;
    this.lines.textContent = Array.from({ length: count }, (_, n) => n + 1).join("\n");
  }

  async start() {
    this.faults.replaceChildren();
    this.text.removeAttribute("aria-invalid");
    this.starter.disabled = true;
    try {
      const { id } = await sendJson("/api/v1/scans", { manifest: this.text.value });
      say("The run has been started.");
      this.follow(await askJson(`/api/v1/scans/${encodeURIComponent(id)}`)).node.focus();
    } catch (error) {
      this.refused(error);
    } finally {
      this.starter.disabled = false;
    }
  }

  refused(error) {
    if (!error.mistakes?.length) { this.faults.replaceChildren(troubleBox(error)); return; }
    this.text.setAttribute("aria-invalid", "true");
    const count = error.mistakes.length === 1 ? "One mistake" : `${error.mistakes.length} mistakes`;
    this.faults.replaceChildren(el("div", { class: "notice trouble", role: "alert" },
      el("p", {}, el("strong", {}, `${count} in the manifest.`), " Choose one to go there."),
      el("ul", { class: "plainlist mistakes" }, error.mistakes.map(mistake => el("li", {},
        mistake.line ? button(`Line ${mistake.line}, column ${mistake.column ?? 1}`, () => this.goTo(mistake), { class: "link" }) : null,
        " ", sentence(mistake.message))))));
  }

  /** Put the caret where a mistake is. */
  goTo({ line, column = 1 }) {
    const lines = this.text.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    const at = start + Math.min(Math.max(column - 1, 0), lines[line - 1]?.length ?? 0);
    this.text.focus();
    this.text.setSelectionRange(at, start + (lines[line - 1]?.length ?? 0));
  }

  async list() {
    try {
      const scans = await askJson("/api/v1/scans");
      [...scans].forEach(scan => this.follow(scan, true));
      if (!scans.length && !this.cards.size) this.scans.replaceChildren(el("p", { class: "nothing" }, "Nothing has been run from this page yet."));
    } catch (error) {
      this.scans.replaceChildren(troubleBox(error, () => this.list()));
    }
  }

  follow(scan, older = false) {
    if (this.cards.has(scan.id)) return this.cards.get(scan.id);
    this.scans.querySelector(".nothing")?.remove();
    const card = new ScanCard(scan);
    this.cards.set(scan.id, card);
    if (older) this.scans.append(card.node); else this.scans.prepend(card.node);
    return card;
  }

  close() {
    this.cards.forEach(card => card.close());
  }
}

function starter(clips) {
  const scenes = clips.length ? clips.map(clip => [
    `  - id: ${clip.title.toLowerCase().replace(SLUG, "-").replace(/^-+|-+$/g, "") || "scene"}`,
    `    title: ${JSON.stringify(clip.title)}`,
    `    source: clip:${clip.id}`,
  ].join("\n")) : ["  - id: my-scene\n    title: My scene\n    source: https://example.org/scene.mp4"];
  return `name: My scenes\ndefaults: {expect_tolerance: 5%}\nscenes:\n${scenes.join("\n\n")}\n    expect:\n      at_most: {disgust: 50%}\n`;
}
