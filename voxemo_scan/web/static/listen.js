// The view where one speaks or drops a file, and reads what was heard.

import { Trouble } from "/static/api.js";
import { Booth } from "/static/booth.js";
import { button, el, say, swatch } from "/static/dom.js";
import { fill } from "/static/notices.js";
import { Result } from "/static/result.js";
import { forget, hearFile, state } from "/static/state.js";
import { EMOTIONS, listing, megabytes, minutes } from "/static/words.js";

export class ListenView {
  constructor() {
    this.place = el("div", { class: "heard" });
    this.earlier = el("section", { class: "earlier" });
    this.booth = new Booth({
      begun: () => this.clear(), done: take => this.show(take), busy: busy => this.ways?.classList.toggle("busy", busy),
    });
    this.ways = el("div", { class: "ways" }, this.booth.node, this.drop());
    this.node = el("div", {},
      el("p", { class: "eyebrow" }, "Emotion expressed in a voice"),
      el("h1", { tabindex: -1 }, "Speak, and see what is heard"),
      el("p", { class: "lead" }, "Six emotions, the voice's gender and their course, from your microphone or a recording. What is heard is the emotion that a voice ", el("em", {}, "expresses"), ". It can be wrong."),
      el("p", { class: "legend" }, EMOTIONS.map(emotion => el("span", {}, swatch(emotion), " ", emotion))),
      this.ways,
      this.place, this.earlier);
    this.list();
  }

  drop() {
    const { limits } = state.info;
    this.input = el("input", { type: "file", id: "file", accept: "audio/*,video/*,.opus,.mka,.mkv", class: "unseen", onchange: () => this.take(this.input.files) });
    const over = event => { event.preventDefault(); zone.classList.add("over"); };
    const zone = el("section", {
      class: "dropzone", "aria-labelledby": "drop-title",
      ondragover: over, ondragenter: over, ondragleave: () => zone.classList.remove("over"),
      ondrop: event => { event.preventDefault(); zone.classList.remove("over"); this.take(event.dataTransfer.files); },
    },
    el("h2", { id: "drop-title" }, "Or drop a file"),
    el("p", {}, "Any audio or film file; drop it here or choose it."),
    this.input, el("label", { for: "file", class: "choose" }, "Choose a file"),
    el("p", { class: "small" }, `At most ${megabytes(limits.bytes)} and ${minutes(limits.duration_s)}.`));
    return zone;
  }

  clear() {
    this.result?.close();
    this.result = null;
    this.place.replaceChildren();
  }

  async take(files) {
    const file = files[0];
    if (!file) return;
    this.clear();
    const found = await fill(this.place, `Listening to ${file.name}…`, async signal => {
      const { bytes } = state.info.limits;
      if (file.size > bytes)
        throw new Trouble(`${file.name} has ${megabytes(file.size)}; this server takes ${megabytes(bytes)}.`, {
          remedy: "Cut out the part that matters, or scan it in a terminal: voxemo-scan listen FILE.", status: 413,
        });
      const take = await hearFile(file, signal);
      this.result = new Result(take);
      return this.result.node;
    });
    this.input.value = "";
    if (found) this.shown();
  }

  show(take) {
    this.clear();
    this.result = new Result(take);
    this.place.replaceChildren(this.result.node);
    this.shown();
  }

  shown() {
    const { take } = this.result;
    say(take.scene.shares ? `${take.title}: ${listing(take.scene.shares)}` : `${take.title}: no speech was heard.`);
    this.result.node.querySelector("h2").focus({ preventScroll: true });
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.result.node.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
    this.list();
  }

  /** What was heard before, while this page is open. */
  list() {
    const takes = state.takes.filter(take => take.kind !== "clip").reverse();
    if (takes.length < 2) { this.earlier.replaceChildren(); return; }
    this.earlier.replaceChildren(el("h3", {}, "Heard since this page was opened"), el("ul", { class: "plainlist" }, takes.map(take => el("li", {},
      button(take.title, () => this.show(take), { class: "link" }),
      el("span", { class: "small" }, take.scene.shares ? listing(take.scene.shares) : "no speech"),
      button("Forget", () => { forget(take.id); if (this.result?.take === take) this.clear(); this.list(); }, { class: "plain", "aria-label": `Forget ${take.title}` })))));
  }

  close() {
    this.booth.close();
    this.result?.close();
  }
}
