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

/** The moment in a picture, what spoke for the verdict drawn over it; another one where it is narrow. */
export function momentFigure(found) {
  const title = `Why ${found.emotion}, ${percent(found.probability)}, from ${found.start_s.toFixed(1)} to ${found.end_s.toFixed(1)} s`;
  return el("figure", { class: "moment" },
    el("h3", {}, title),
    el("picture", {},
      el("source", { media: "(max-width: 46rem)", srcset: found.narrow }),
      el("img", { src: found.image, alt: `${title}: ${found.says}` })),
    el("figcaption", {}, found.says));
}
