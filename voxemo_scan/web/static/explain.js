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

/** The moment's picture with what spoke for and against the verdict drawn over it. */
export function momentFigure(found) {
  const times = `${found.start_s.toFixed(1)} s`;
  const [low, high] = [found.bands_hz[0], found.bands_hz.at(-1)];
  return el("figure", { class: "moment" },
    el("h4", {}, `Why ${found.emotion}, ${percent(found.probability)}, from ${found.start_s.toFixed(1)} to ${found.end_s.toFixed(1)} s`),
    el("div", { class: "plot" },
      el("div", { class: "yaxis", "aria-hidden": "true" }, [[0, low], [1, high]].map(([at, value]) => {
        const tick = el("span", {}, hertz(value));
        tick.style.bottom = `${100 * at}%`;
        return tick;
      })),
      el("div", { class: "stack" }, found.image ? el("img", { src: found.image, alt: "" }) : null, weights(found)),
      el("div", { class: "xaxis", "aria-hidden": "true" }, el("span", {}, times), el("span", {}, "pitch, over time"), el("span", {}, `${found.end_s.toFixed(1)} s`))),
    el("figcaption", {}, el("p", {}, found.says),
      el("p", { class: "small" }, el("i", { class: "swatch for" }), " spoke for it ", el("i", { class: "swatch against" }), " spoke against it")));
}

/** The weights as a veil: the stronger, the more solid. */
function weights({ weights: table, emotion }) {
  const canvas = el("canvas", { class: "veil", role: "img", "aria-label": `What spoke for and against ${emotion}` });
  const [columns, rows] = [table.length, table[0]?.length ?? 0];
  Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  const most = Math.max(...table.flat().map(Math.abs), 1e-6);
  table.forEach((bands, x) => bands.forEach((weight, band) => {
    const colour = weight > 0 ? "255, 140, 0" : "0, 120, 255";
    context.fillStyle = `rgba(${colour}, ${(0.75 * Math.abs(weight) / most).toFixed(3)})`;
    context.fillRect(x, rows - 1 - band, 1, 1);
  }));
  return canvas;
}
