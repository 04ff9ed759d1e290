// Shares as bars: all in one, one by one with their uncertainty, and voices.

import { el, svg, swatch } from "/static/dom.js";
import { EMOTIONS, interval, listing, ranked, voicesListing, wholePercents } from "/static/words.js";

const pct = fraction => `${(100 * fraction).toFixed(2)}%`;

/** All six shares in one bar. */
export function shareBar(shares, height = 14) {
  let x = 0;
  const parts = EMOTIONS.map(emotion => {
    const part = svg("rect", { class: `e-${emotion} parted`, x: pct(x), width: pct(shares[emotion]), height });
    x += shares[emotion];
    return part;
  });
  return svg("svg", { class: "sharebar", width: "100%", height, role: "img", "aria-label": listing(shares) }, parts);
}

/** One share as a bar, its 95 % interval as a line beneath. */
export function oneShare(emotion, share, bounds) {
  const whisker = bounds && svg("svg", { width: "100%", height: 22, viewBox: "0 0 1000 22", preserveAspectRatio: "none", overflow: "visible" },
    svg("path", { class: "whisker", d: whiskerPath(...bounds.map(bound => Math.round(1000 * bound))) }));
  return svg("svg", { class: "oneshare", width: "100%", height: 22, "aria-hidden": "true" },
    svg("rect", { class: "quiet", y: 4, width: "100%", height: 9, rx: 1 }),
    svg("rect", { class: `e-${emotion}`, y: 4, width: pct(share), height: 9, rx: 1 }), whisker);
}

const whiskerPath = (low, high) => `M${low} 17H${high}M${low} 14.5v5M${high} 14.5v5`;

/** The table of shares, largest first. */
export function shareTable(scene) {
  const figures = wholePercents(scene.shares);
  const rows = ranked(scene.shares).map((emotion, n) => el("tr", { class: n === 0 ? "top" : null, "data-emotion": emotion, "data-share": scene.shares[emotion] },
    el("th", { scope: "row" }, swatch(emotion), " ", emotion),
    el("td", { class: "figure" }, oneShare(emotion, scene.shares[emotion], scene.share_ci?.[emotion])),
    el("td", { class: "right" }, `${figures[emotion]}\u00a0%`),
    el("td", { class: "right ci" }, interval(scene, emotion))));
  const head = ["emotion", "", "share", "95\u00a0% interval"].map((text, n) =>
    text ? el("th", { scope: "col", class: n > 1 ? "right" : null }, text) : el("td"));
  return el("div", { class: "shares" }, el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows)));
}

export function voicesBar(voices) {
  const [female, male] = [voices.female ?? 0, voices.male ?? 0];
  return el("div", {},
    svg("svg", { class: "sharebar", width: "100%", height: 10, role: "img", "aria-label": voicesListing(voices) },
      svg("rect", { class: "quiet", width: "100%", height: 10 }),
      svg("rect", { class: "women parted", width: pct(female), height: 10 }),
      svg("rect", { class: "men parted", x: pct(female), width: pct(male), height: 10 })),
    el("p", { class: "voices" }, voicesListing(voices)));
}

/** Six bars that can be set anew, for what is heard right now. */
export class LiveBars {
  constructor() {
    this.rows = Object.fromEntries(EMOTIONS.map(emotion => {
      const bar = svg("rect", { class: `e-${emotion} live`, y: 0, width: "0%", height: 12, rx: 1 });
      const figure = el("td", { class: "right" }, "–");
      return [emotion, { bar, figure }];
    }));
    this.node = el("table", { class: "livebars" }, el("tbody", {}, EMOTIONS.map(emotion => el("tr", { "data-emotion": emotion },
      el("th", { scope: "row" }, swatch(emotion), " ", emotion),
      el("td", { class: "figure" }, svg("svg", { width: "100%", height: 12, "aria-hidden": "true" },
        svg("rect", { class: "quiet", width: "100%", height: 12, rx: 1 }), this.rows[emotion].bar)),
      this.rows[emotion].figure))));
  }

  show(shares) {
    const figures = wholePercents(shares);
    for (const emotion of EMOTIONS) {
      this.rows[emotion].bar.setAttribute("width", pct(shares[emotion]));
      this.rows[emotion].figure.textContent = `${figures[emotion]}\u00a0%`;
    }
  }
}
