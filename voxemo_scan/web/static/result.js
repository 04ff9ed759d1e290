// What was heard in a recording: shares with their uncertainty, course, voices, pictures.

import { sendFile } from "/static/api.js";
import { shareTable, voicesBar } from "/static/bars.js";
import { button, el, swatch } from "/static/dom.js";
import { downloads } from "/static/downloads.js";
import { askMoment, momentFigure } from "/static/explain.js";
import { fill } from "/static/notices.js";
import { part, pictures } from "/static/pictures.js";
import { Player } from "/static/player.js";
import { state } from "/static/state.js";
import { stretches } from "/static/track.js";
import { certainty, clock, listing, speechTime } from "/static/words.js";

const SILENT = {
  "no-speech": ["No speech was heard.", "Speak nearer to the microphone and for a few seconds, or choose a recording in which somebody talks. Music and noise are left out."],
  failed: ["This recording could not be analysed.", ""],
};

/** A take's result; `close` on what is returned lets its sound go. */
export class Result {
  constructor(take, { level = "h2" } = {}) {
    this.take = take;
    this.moment = el("div", { class: "momentplace", "aria-live": "polite" });
    this.node = el("article", { class: "scene result", "data-take": take.id },
      el("header", {},
        el(level, { tabindex: -1 }, take.title),
        el("p", { class: "facts" }, el("span", {}, take.scene.duration_s ? speechTime(take.scene) : ""))),
      take.scene.status === "ok" ? this.heard() : this.silence());
  }

  silence() {
    const [message, remedy] = SILENT[this.take.scene.status] ?? SILENT.failed;
    this.player = this.take.scene.duration_s ? new Player(this.take) : null;
    return [
      el("div", { class: "notice", role: "status" }, el("p", {}, el("strong", {}, message)), el("p", {}, this.take.scene.error ?? remedy)),
      this.player?.node ?? null,
    ];
  }

  heard() {
    const { scene } = this.take;
    this.player = new Player(this.take, time => this.choose(time));
    const unsure = certainty(scene);
    return [
      el("p", { class: "listing" }, listing(scene.shares)),
      unsure ? el("p", { class: "range-note" }, unsure) : null,
      this.player.node,
      el("div", { class: "under" }, this.explainer(), this.course()),
      el("div", { class: "columns" },
        el("section", {}, el("h3", {}, "Shares of speech time"), shareTable(scene)),
        el("section", { class: "aside" }, this.voices(), this.keeping(), downloads(this.take))),
      this.looks(),
    ];
  }

  voices() {
    const { scene } = this.take;
    return [
      el("h3", {}, "Voices"),
      Object.keys(scene.voices ?? {}).length ? voicesBar(scene.voices) : el("p", {}, "No verdict."),
      scene.abstained_s > 0.5 ? el("p", { class: "small" }, `${clock(scene.abstained_s)} of speech got no verdict: too short or too unclear.`) : null,
    ];
  }

  course() {
    const parts = stretches(this.player.moments.spans, 2);
    const line = stretch => el("li", {},
      button(clock(stretch.start), () => { this.player.seek(stretch.start); this.player.play(); },
        { class: "go", "aria-label": `Play from ${clock(stretch.start)}` }),
      swatch(stretch.emotion), `${stretch.emotion} ${Math.round(100 * stretch.share)}\u00a0%`);
    return el("details", { class: "words" }, el("summary", {}, "The course in words"), el("ol", {}, parts.map(line)));
  }

  /** The way to an explanation, where the server has one. */
  explainer() {
    if (!state.info.explain) return null;
    this.asker = button("Explain a moment", () => this.explain(), { class: "explain" });
    return el("div", { class: "explaining" }, this.asker,
      el("span", { class: "small" }, "Choose a coloured window first; it takes some seconds."), this.moment);
  }

  choose(time) {
    this.chosen = time;
    if (this.asker) this.asker.textContent = `Explain the moment at ${clock(Math.floor(time))}`;
  }

  explain() {
    const { moments } = this.player;
    const time = this.chosen ?? 0;
    const window = moments.windowAt(time) ?? moments.windows.find(w => w.end_s > time) ?? moments.windows.at(-1);
    const middle = (window.start_s + window.end_s) / 2;
    return fill(this.moment, "Trying what the verdict hangs on…", async signal =>
      momentFigure(await askMoment(this.take, middle, signal)));
  }

  keeping() {
    const { kept } = state.info;
    if (!kept || this.take.kind === "clip") return null;
    const told = el("p", { class: "small" }, "Not kept so far.");
    const keep = button(`Keep it in the folder ${kept}`, async () => {
      keep.disabled = true;
      await fill(told, "Keeping…", async () => {
        await sendFile("/api/v1/listen", this.take.blob, this.take.name, { query: { keep: true } });
        return `Kept in ${kept}.`;
      });
    });
    return el("div", { class: "keeping" }, keep, told);
  }

  looks() {
    const place = el("div", { class: "pictures" });
    const long = part(this.take, 0) !== null;
    let shown = null;
    const details = el("details", { class: "looks", ontoggle: () => {
      const at = JSON.stringify(part(this.take, this.player.time));
      if (!details.open || shown === at) return;
      shown = at;
      fill(place, "Drawing…", signal => pictures(this.take, this.player.time, signal)).then(found => { if (!found) shown = null; });
    } }, el("summary", {}, "How it looks: mel spectrogram, MFCC and chroma"),
    long ? el("p", { class: "small" }, "The thirty seconds around the chosen moment; close and open to draw another.") : null, place);
    return details;
  }

  close() {
    this.player?.close();
  }
}
