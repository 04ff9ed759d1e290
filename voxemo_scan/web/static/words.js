// What the page says in words, as the report does.

export const EMOTIONS = ["neutral", "happy", "sad", "angry", "fear", "disgust"];
const NARROW = "\u00a0";
const SMALL = 0.1;

export function clock(seconds) {
  const whole = Math.max(Math.round(seconds), 0);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = number => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function percent(fraction) {
  return `${Math.round(fraction * 100)}${NARROW}%`;
}

/** Shares as whole percents that add up to 100 (largest remainder). */
export function wholePercents(shares) {
  const names = Object.keys(shares);
  const floors = Object.fromEntries(names.map(name => [name, Math.floor(shares[name] * 100 + 1e-9)]));
  const sum = Object.values(shares).reduce((a, b) => a + b, 0);
  const missing = Math.round(sum * 100) - Object.values(floors).reduce((a, b) => a + b, 0);
  [...names].sort((a, b) => (floors[a] - shares[a] * 100) - (floors[b] - shares[b] * 100))
    .slice(0, Math.max(missing, 0)).forEach(name => { floors[name] += 1; });
  return floors;
}

export function ranked(shares) {
  return [...EMOTIONS].sort((a, b) => shares[b] - shares[a]);
}

/** `Angry 47 %, disgust 36 %; other 17 %.` */
export function listing(shares) {
  const figures = wholePercents(shares);
  const large = ranked(shares).filter(emotion => shares[emotion] >= SMALL);
  const named = large.map(emotion => `${emotion} ${figures[emotion]}${NARROW}%`).join(", ");
  const other = 100 - large.reduce((sum, emotion) => sum + figures[emotion], 0);
  const text = [named, other > 0 ? `other ${other}${NARROW}%` : ""].filter(Boolean).join("; ");
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

export function interval(scene, emotion) {
  const found = scene.share_ci?.[emotion];
  return found ? `${Math.round(found[0] * 100)}–${Math.round(found[1] * 100)}${NARROW}%` : "";
}

export function voicesListing(voices) {
  const figures = wholePercents(voices);
  return [["female", "women"], ["male", "men"]].filter(([key]) => key in figures)
    .map(([key, name]) => `${name} ${figures[key]}${NARROW}%`).join(", ");
}

export function speechTime(scene) {
  if (!scene.duration_s) return `${clock(scene.speech_s)} of speech`;
  const part = percent(Math.min(scene.speech_s / scene.duration_s, 1));
  return `${clock(scene.speech_s)} of ${clock(scene.duration_s)} is speech (${part})`;
}

/** What a wide interval means, where the widest of the strongest two is wide. */
export function certainty(scene) {
  if (!scene.share_ci) return "";
  const widest = Math.max(...ranked(scene.shares).slice(0, 2).map(emotion => {
    const [low, high] = scene.share_ci[emotion] ?? [0, 0];
    return high - low;
  }));
  if (widest > 0.6) return "Very unsure: the lines beneath the bars are long. More speech would tell more.";
  if (widest > 0.3) return "Fairly unsure: other mixes than this one are possible.";
  return "";
}

/** A limit in megabytes, never more than it is. */
export function megabytes(bytes) {
  const value = bytes / 1e6;
  return `${value >= 10 ? Math.floor(value) : Math.floor(10 * value) / 10} MB`;
}

export function minutes(seconds) {
  if (seconds < 120) return `${Math.round(seconds)} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}

export function when(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text
    : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
