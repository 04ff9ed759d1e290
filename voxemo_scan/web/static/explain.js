// Explain a moment: which stretch of time and band of pitch spoke for the verdict.

import { sendFile } from "/static/api.js";
import { el } from "/static/dom.js";
import { percent } from "/static/words.js";

const known = new WeakMap();

export async function askMoment(take, time, signal) {
  const key = time.toFixed(2);
  const held = known.get(take.blob) ?? new Map();
  known.set(take.blob, held);
  if (!held.has(key))
    held.set(key, await sendFile("/api/v1/explain", take.blob, take.name, { query: { at_s: key }, signal }));
  return held.get(key);
}

const hertz = value => value >= 1000 ? `${(value / 1000).toFixed(1).replace(".0", "")} kHz` : `${Math.round(value)} Hz`;

/** The moment in a picture, what spoke for the verdict drawn over it; a plainer one where it is narrow. */
export function momentFigure(found) {
  const title = `Why ${found.emotion}, ${percent(found.probability)}, from ${found.start_s.toFixed(1)} to ${found.end_s.toFixed(1)} s`;
  return el("figure", { class: "moment" },
    el("h3", {}, title),
    el("img", { class: "drawn", src: found.image, alt: `${title}: ${found.says}` }),
    cells(found),
    el("figcaption", {}, found.says));
}

/** The cells with axes that can be read on a phone. */
function cells(found) {
  const [low, high] = [found.bands_hz[0], found.bands_hz.at(-1)];
  const [from, to] = [found.times_s[0], found.times_s.at(-1)];
  const tick = (at, value) => {
    const place = el("span", {}, hertz(value));
    place.style.bottom = `${100 * at}%`;
    return place;
  };
  return el("div", { class: "cells" },
    el("div", { class: "plot" },
      el("div", { class: "yaxis", "aria-hidden": "true" }, tick(0, low), tick(1, high)),
      el("div", { class: "stack" }, weights(found)),
      el("div", { class: "xaxis", "aria-hidden": "true" }, el("span", {}, `${from.toFixed(1)} s`), el("span", {}, `${to.toFixed(1)} s`))),
    el("p", { class: "small" }, el("i", { class: "swatch for" }), "speaks for it\u2002", el("i", { class: "swatch against" }), "against it"));
}

/** The weights as a veil: the stronger, the more solid. */
function weights({ weights: table, emotion }) {
  const canvas = el("canvas", { class: "veil", role: "img", "aria-label": `What speaks for and against ${emotion}` });
  const [columns, rows] = [table.length, table[0]?.length ?? 0];
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const most = Math.max(...table.flat().map(Math.abs), 1e-6);
  table.forEach((bands, x) => bands.forEach((weight, band) => {
    const colour = weight > 0 ? "214, 94, 0" : "0, 114, 178";
    context.fillStyle = `rgba(${colour}, ${(0.75 * Math.abs(weight) / most).toFixed(3)})`;
    context.fillRect(x, rows - 1 - band, 1, 1);
  }));
  return canvas;
}
