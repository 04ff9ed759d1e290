// A scene's windows laid flat: what was heard at each moment, overlaps counted once.

import { EMOTIONS } from "/static/words.js";

const TOUCHING_S = 1e-5;
const NEAR_S = 0.02;  // players do not stop at the millisecond that they are sent to
const spread = window => EMOTIONS.map(emotion => window.probabilities[emotion]);

/** Spans in order that do not overlap; where windows do, their mean distribution. */
export function layFlat(windows) {
  const todo = windows.filter(w => w.end_s > w.start_s).sort((a, b) => a.start_s - b.start_s);
  const edges = [...new Set(todo.flatMap(w => [w.start_s, w.end_s]))].sort((a, b) => a - b);
  const spans = [];
  let active = [], next = 0;
  for (let n = 0; n + 1 < edges.length; n += 1) {
    const [start, end] = [edges[n], edges[n + 1]];
    active = active.filter(w => w.end_s > start);
    while (next < todo.length && todo[next].start_s <= start) active.push(todo[next++]);
    if (active.length) spans.push({ start, end, shares: mean(active.map(spread)), female: meanFemale(active) });
  }
  return spans;
}

function mean(distributions) {
  return EMOTIONS.map((_, n) => distributions.reduce((sum, d) => sum + d[n], 0) / distributions.length);
}

function meanFemale(windows) {
  const told = windows.filter(w => typeof w.female === "number");
  return told.length ? told.reduce((sum, w) => sum + w.female, 0) / told.length : null;
}

export function strongest(shares) {
  return EMOTIONS[shares.indexOf(Math.max(...shares))];
}

/** Touching spans with one strongest emotion as one; a stretch under `shortest` joins its neighbour. */
export function stretches(spans, shortest = 0) {
  const groups = [];
  for (const span of spans) {
    const group = groups.at(-1);
    const takes = group && span.start - group.end < 1e-6
      && (group.end - group.start < shortest || strongest(group.sums) === strongest(span.shares));
    if (takes) add(group, span);
    else groups.push(add({ start: span.start, end: span.start, sums: EMOTIONS.map(() => 0) }, span));
  }
  return absorb(groups, shortest).map(group => {
    const emotion = strongest(group.sums);
    return { ...group, emotion, share: group.sums[EMOTIONS.indexOf(emotion)] / (group.end - group.start) };
  });
}

function add(group, span) {
  const length = span.end - span.start;
  group.end = span.end;
  group.sums = group.sums.map((sum, n) => sum + span.shares[n] * length);
  return group;
}

function absorb(groups, shortest) {
  const kept = [];
  for (const group of groups) {
    const before = kept.at(-1);
    const length = group.end - group.start;
    if (before && group.start - before.end < 1e-6 && length < shortest)
      add(before, { start: group.start, end: group.end, shares: group.sums.map(sum => sum / length) });
    else kept.push(group);
  }
  return kept;
}

/** What of `spans` lies from `start` to `end`. */
export function within(spans, start, end) {
  return spans.filter(span => span.end > start && span.start < end)
    .map(span => ({ ...span, start: Math.max(span.start, start), end: Math.min(span.end, end) }));
}

/** Turns in order, those under `shortest` given to the one that they touch. */
export function longTurns(turns, shortest) {
  const kept = [];
  for (const turn of [...turns].sort((a, b) => a.start_s - b.start_s)) {
    const before = kept.at(-1);
    const touches = before && turn.start_s - before.end_s < TOUCHING_S;
    if (touches && (turn.end_s - turn.start_s < shortest || before.voice === turn.voice))
      before.end_s = Math.max(before.end_s, turn.end_s);
    else if (touches && before.end_s - before.start_s < shortest)
      kept[kept.length - 1] = { ...turn, start_s: before.start_s };
    else kept.push({ ...turn });
  }
  return kept;
}

/** A scene's moments: which span holds at a time, and what is heard in it. */
export class Moments {
  constructor(scene) {
    this.spans = layFlat(scene.windows ?? []);
    this.windows = scene.windows ?? [];
    this.segments = scene.segments ?? [];
    this.length = Math.max(scene.duration_s ?? 0, ...this.windows.map(w => w.end_s), 0.1);
  }

  at(time) {
    return this.spans.find(span => span.start <= time + NEAR_S && time < span.end);
  }

  /** The window that began last and holds at `time`. */
  windowAt(time) {
    return this.windows.filter(w => w.start_s <= time + NEAR_S && time < w.end_s).at(-1);
  }

  after(time) {
    return this.windows.find(w => w.start_s > time + 0.05)?.start_s ?? time;
  }

  before(time) {
    return this.windows.filter(w => w.start_s < time - 0.35).at(-1)?.start_s ?? 0;
  }

  /** What is to be coloured at `time`: an emotion, "unjudged" or "silence". */
  kind(time) {
    const span = this.at(time);
    if (span) return strongest(span.shares);
    return this.segments.some(s => s.start_s <= time && time < s.end_s) ? "unjudged" : "silence";
  }

  told(time) {
    const span = this.at(time);
    if (!span) return this.kind(time) === "unjudged" ? "speech without a verdict" : "no speech";
    return EMOTIONS.map((emotion, n) => [span.shares[n], emotion]).sort((a, b) => b[0] - a[0])
      .filter(([share], n) => n === 0 || share >= 0.15).slice(0, 3)
      .map(([share, emotion]) => `${emotion} ${Math.round(share * 100)}\u00a0%`).join(", ");
  }
}
