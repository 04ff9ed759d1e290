// The course over time: the six emotions stacked, the voices beneath, on one axis.

import { svg } from "/static/dom.js";
import { EMOTIONS, clock } from "/static/words.js";
import { stretches } from "/static/track.js";

const [WIDTH, HEIGHT] = [2000, 200];
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const pct = fraction => `${(100 * fraction).toFixed(3)}%`;

function box(width, height, ...children) {
  return svg("svg", { "aria-hidden": "true", ...height, viewBox: `0 0 ${width} ${HEIGHT}`, preserveAspectRatio: "none" }, ...children);
}

/** The stacked emotions, names above what takes at least `named` of the width, speech beneath. */
export function drawCourse(moments, label, named = 0.06) {
  const { length, spans, segments } = moments;
  const x = time => Math.round(WIDTH * time / length);
  const areas = EMOTIONS.map((emotion, n) => svg("path", { class: `e-${emotion}`, d: spans.map(span => {
    const below = span.shares.slice(0, n).reduce((a, b) => a + b, 0);
    const [low, high] = [below, below + span.shares[n]].map(at => Math.round(HEIGHT * (1 - at)));
    return `M${x(span.start)} ${low}V${high}H${x(span.end)}V${low}z`;
  }).join("") }));
  const unjudged = segments.map(s => svg("rect", {
    y: 20, height: 80, x: pct(s.start_s / length), width: pct((s.end_s - s.start_s) / length), fill: "url(#hatch)",
  }));
  const speech = segments.map(s => svg("rect", {
    class: "speech", y: 104, height: 4, x: pct(s.start_s / length), width: pct((s.end_s - s.start_s) / length),
  }));
  return svg("svg", { class: "timeline", width: "100%", height: 112, role: "img", "aria-label": label },
    names(spans, length, named),
    svg("rect", { class: "quiet", y: 20, width: "100%", height: 80 }), unjudged,
    box(WIDTH, { y: 20, width: "100%", height: 80 }, areas),
    svg("line", { class: "grid", x1: 0, x2: "100%", y1: 60, y2: 60 }), speech);
}

function names(spans, length, named) {
  return stretches(spans, length / 60).map(part => {
    const width = (part.end - part.start) / length;
    if (width < named) return null;
    return svg("text", {
      class: `name ${width >= 0.17 ? "wide" : "fair"}`, x: pct((part.start + part.end) / 2 / length), y: 13, "text-anchor": "middle",
    }, part.emotion);
  });
}

/** Women's voices up from the middle, men's down, as far as they are likely. */
export function drawGenders({ spans, length }) {
  const x = time => Math.round(WIDTH * time / length);
  const told = spans.filter(span => span.female !== null);
  const path = (share, sign) => told.map(span => {
    const reach = sign * Math.round(HEIGHT / 2 * share(span.female));
    return `M${x(span.start)} 100v${-reach}H${x(span.end)}v${reach}z`;
  }).join("");
  return box(WIDTH, { width: "100%", height: 40 },
    svg("path", { class: "women", d: path(female => female, 1) }),
    svg("path", { class: "men", d: path(female => 1 - female, -1) }),
    svg("path", { class: "ground", d: `M0 100H${WIDTH}` }));
}

export function drawAxis({ length }) {
  const step = STEPS_S.find(s => length / s <= 10) ?? 7200;
  const ticks = Array.from({ length: Math.floor(length / step + 1e-6) + 1 }, (_, n) => n * step);
  const every = ticks.length > 5 ? 3 : 1;
  return svg("svg", { class: "times", width: "100%", height: 26, "aria-hidden": "true" },
    svg("line", { class: "axis", x1: 0, x2: "100%", y1: 2, y2: 2 }),
    ticks.map((time, n) => {
      const at = time / length;
      const anchor = at < 0.02 ? "start" : at > 0.97 ? "end" : "middle";
      return [
        svg("line", { class: "axis", x1: pct(at), x2: pct(at), y1: 2, y2: 7 }),
        svg("text", { class: n % every ? "minor" : "major", x: pct(at), y: 21, "text-anchor": anchor }, clock(time)),
      ];
    }));
}
