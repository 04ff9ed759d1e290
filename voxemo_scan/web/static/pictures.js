// How a stretch of sound looks: mel spectrogram, MFCC and chroma, each with what it shows.

import { sendFile } from "/static/api.js";
import { el } from "/static/dom.js";
import { clock } from "/static/words.js";

const MOST_S = 30;
const known = new WeakMap();

/** What part of a take is pictured: all of it, or the thirty seconds around `time`. */
export function part(take, time) {
  const length = take.scene.duration_s;
  if (length <= MOST_S) return null;
  const start = Math.min(Math.max(time - MOST_S / 2, 0), length - MOST_S);
  return { start_s: start.toFixed(2), end_s: (start + MOST_S).toFixed(2) };
}

export async function askPictures(take, time, signal) {
  const query = part(take, time) ?? {};
  const key = JSON.stringify(query);
  const held = known.get(take.blob) ?? new Map();
  known.set(take.blob, held);
  if (!held.has(key)) held.set(key, await sendFile("/api/v1/pictures", take.blob, take.name, { query, signal }));
  return held.get(key);
}

/** A picture with its axes and the sentence on what it shows. */
export function picture({ id, title, says, image, x, y }, of) {
  const ticks = (y.ticks ?? []).map(([at, text]) => {
    const tick = el("span", {}, String(text));
    tick.style.bottom = `${100 * at}%`;
    return tick;
  });
  const [from, to] = [x.from, x.to].map(at => typeof at === "number" ? clock(at) : at);
  return el("figure", { class: "picture", "data-picture": id },
    el("h4", {}, title, " ", el("span", { class: "small" }, `${y.label}, over time`)),
    el("div", { class: "plot" },
      el("div", { class: "yaxis", "aria-hidden": "true" }, ticks),
      el("img", { src: image, alt: `${title} of ${of}: ${y.label} over time.` }),
      el("div", { class: "xaxis", "aria-hidden": "true" }, el("span", {}, from), el("span", {}, to))),
    el("figcaption", {}, says));
}

/** All pictures of a take. */
export async function pictures(take, time, signal) {
  const found = await askPictures(take, time, signal);
  return found.pictures.map(one => picture(one, take.title));
}
