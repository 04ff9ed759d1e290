// Prepared clips on cards.

import { shareBar } from "/static/bars.js";
import { button, el, swatch } from "/static/dom.js";
import { fill } from "/static/notices.js";
import { Result } from "/static/result.js";
import { hearClip, loadClips, state } from "/static/state.js";
import { clock, listing } from "/static/words.js";

const GROUPS = [["demo", "The demo's scenes"], ["own", "Your own clips"]];

export class ClipsView {
  constructor() {
    this.cards = el("div");
    this.place = el("div", { class: "heard" });
    this.node = el("div", {},
      el("p", { class: "eyebrow" }, "Prepared clips"),
      el("h1", { tabindex: -1 }, "Try one that is here"),
      this.cards, this.place);
    fill(this.cards, "Looking for clips…", async () => { await loadClips(); return this.groups(); });
  }

  groups() {
    const found = GROUPS.map(([key, title]) => [title, state.clips.filter(clip => clip.group === key)]).filter(([, clips]) => clips.length);
    if (!found.length) return el("p", { class: "nothing" }, "There are no clips here. Start the server with --clips FOLDER to see yours.");
    return found.map(([title, clips]) => el("section", { class: "group" }, el("h2", {}, title), el("ul", { class: "cards" }, clips.map(clip => this.card(clip)))));
  }

  card(clip) {
    const known = state.takes.find(take => take.clip === clip.id);
    const shares = known?.scene.shares;
    return el("li", { class: "card" },
      el("h3", {}, button(clip.title, event => this.hear(clip, event), { class: "cardlink" })),
      el("p", { class: "small" }, [
        Number.isFinite(clip.duration_s) ? clock(clip.duration_s) : "",
        clip.expected ? [", expected ", swatch(clip.expected), clip.expected] : "",
      ].flat()),
      shares ? [shareBar(shares, 10), el("p", { class: "small" }, listing(shares))] : el("p", { class: "small hint" }, "Not heard yet"));
  }

  async hear(clip, event) {
    this.result?.close();
    const card = event.currentTarget.closest(".card");
    const found = await fill(this.place, `Listening to ${clip.title}…`, async signal => {
      this.result = new Result(await hearClip(clip, signal));
      return this.result.node;
    });
    if (!found) return;
    card.replaceWith(this.card(clip));
    this.result.node.querySelector("h2").focus({ preventScroll: true });
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.result.node.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
  }

  close() {
    this.result?.close();
  }
}
