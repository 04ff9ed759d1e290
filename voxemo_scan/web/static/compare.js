// Two recordings, or two emotions on prepared clips, side by side.

import { shareBar, oneShare, voicesBar } from "/static/bars.js";
import { el, freshId, say, swatch } from "/static/dom.js";
import { fill, troubleBox } from "/static/notices.js";
import { askPictures, picture } from "/static/pictures.js";
import { Player } from "/static/player.js";
import { hearClip, loadClips, state } from "/static/state.js";
import { EMOTIONS, listing, percent, speechTime } from "/static/words.js";

export class CompareView {
  constructor() {
    this.sides = [0, 1].map(n => new Side(n, () => this.compare()));
    this.table = el("div", { class: "against" });
    this.looks = el("div");
    this.node = el("div", {},
      el("p", { class: "eyebrow" }, "Comparison"),
      el("h1", { tabindex: -1 }, "Two voices side by side"),
      el("p", { class: "lead" }, "Lay two recordings or two clips beside each other: what is heard in them, and how they look."),
      el("div", { class: "sides" }, this.sides.map(side => side.node)), this.table, this.looks);
    loadClips().catch(error => this.looks.replaceChildren(troubleBox(error))).finally(() => this.sides.forEach((side, n) => side.options(n)));
  }

  compare() {
    const takes = this.sides.map(side => side.take);
    this.looks.replaceChildren();
    if (!takes.every(take => take?.scene.shares)) { this.table.replaceChildren(); return; }
    this.table.replaceChildren(differences(takes));
    this.looks.replaceChildren(el("details", { class: "looks", ontoggle: event => {
      const place = event.currentTarget.lastChild;
      if (event.currentTarget.open && !place.childElementCount)
        fill(place, "Drawing both…", signal => this.pictures(takes, signal));
    } }, el("summary", {}, "How both look: mel spectrogram, MFCC and chroma"), el("div", { class: "pictures pairs" })));
    say(`${takes[0].title}: ${listing(takes[0].scene.shares)} ${takes[1].title}: ${listing(takes[1].scene.shares)}`);
  }

  async pictures(takes, signal) {
    const left = await askPictures(takes[0], this.sides[0].player.time, signal);
    const right = await askPictures(takes[1], this.sides[1].player.time, signal);
    return left.pictures.map((one, n) => el("div", { class: "pair" }, picture(one, takes[0].title), picture(right.pictures[n], takes[1].title)));
  }

  close() {
    this.sides.forEach(side => side.player?.close());
  }
}

/** Emotion by emotion: left, right, and how far apart. */
function differences(takes) {
  const [left, right] = takes.map(take => take.scene);
  const cells = (scene, emotion) => [
    el("td", { class: "figure" }, oneShare(emotion, scene.shares[emotion], scene.share_ci?.[emotion])),
    el("td", { class: "right" }, percent(scene.shares[emotion])),
  ];
  const rows = EMOTIONS.map(emotion => {
    const apart = Math.round(100 * (right.shares[emotion] - left.shares[emotion]));
    return el("tr", {}, el("th", { scope: "row" }, swatch(emotion), " ", emotion), cells(left, emotion), cells(right, emotion),
      el("td", { class: "right ci" }, apart > 0 ? `+${apart}` : apart < 0 ? `\u2212${-apart}` : "0"));
  });
  const head = el("tr", {}, el("td"), takes.map(take => el("th", { scope: "colgroup", colspan: 2 }, take.title)), el("th", { scope: "col", class: "right" }, "points"));
  return el("section", {}, el("h2", {}, "Share by share"),
    el("p", { class: "small narrow", "aria-hidden": "true" }, `The upper bar is ${takes[0].title}, the lower ${takes[1].title}.`), el("table", {}, el("thead", {}, head), el("tbody", {}, rows)),
    el("p", { class: "small" }, overlap(left, right)));
}

/** Whether the intervals part the two, in a sentence. */
function overlap(left, right) {
  const apart = EMOTIONS.filter(emotion => {
    const [a, b] = [left.share_ci?.[emotion], right.share_ci?.[emotion]];
    return a && b && (a[1] < b[0] || b[1] < a[0]);
  });
  return apart.length ? `The 95\u00a0% intervals lie apart for ${apart.join(", ")}: there the two differ beyond what is unsure.`
    : "All 95\u00a0% intervals overlap: the two may express the same.";
}

class Side {
  constructor(n, changed) {
    this.changed = changed;
    const id = freshId("side");
    this.select = el("select", { id, onchange: () => this.choose() });
    this.place = el("div");
    this.node = el("section", { class: "side" }, el("label", { for: id }, n ? "Right" : "Left"), this.select, this.place);
  }

  options(n) {
    const own = state.takes.filter(take => take.kind !== "clip").map(take => el("option", { value: take.id }, take.title));
    const clips = state.clips.map(clip => el("option", { value: `clip:${clip.id}` }, clip.expected ? `${clip.title} (${clip.expected})` : clip.title));
    this.select.replaceChildren(el("option", { value: "" }, "Choose…"),
      ...own.length ? [el("optgroup", { label: "Heard since this page was opened" }, own)] : [],
      ...clips.length ? [el("optgroup", { label: "Prepared clips" }, clips)] : []);
    if (own[own.length - 1 - n]) { this.select.value = own[own.length - 1 - n].value; this.choose(); }
  }

  async choose() {
    this.player?.close();
    this.take = this.player = null;
    const key = this.select.value;
    if (!key) { this.place.replaceChildren(); this.changed(); return; }
    const clip = state.clips.find(one => `clip:${one.id}` === key);
    const title = clip?.title ?? "it";
    await fill(this.place, `Listening to ${title}…`, async signal => {
      const take = clip ? await hearClip(clip, signal) : state.takes.find(one => one.id === key);
      if (this.select.value !== key) return null;
      this.take = take;
      return this.show();
    });
    this.changed();
  }

  show() {
    const { scene } = this.take;
    this.player = new Player(this.take);
    if (!scene.shares) return [el("p", { class: "notice" }, scene.error ?? "No speech was heard."), this.player.node];
    return [
      el("p", { class: "facts" }, speechTime(scene)),
      el("p", { class: "listing" }, listing(scene.shares)), shareBar(scene.shares), this.player.node,
      el("h2", { class: "minor" }, "Voices"), voicesBar(scene.voices ?? {}),
    ];
  }
}
