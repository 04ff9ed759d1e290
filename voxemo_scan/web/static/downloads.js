// A result as files, made in the browser: JSON, CSV and WebVTT, and the sound itself.

import { button, el } from "/static/dom.js";
import { layFlat, longTurns, strongest, stretches, within } from "/static/track.js";
import { EMOTIONS } from "/static/words.js";

const SHORTEST_S = 0.7;

/** As `voxemo-scan listen --json` prints it. */
export function toJson(scene) {
  return `${JSON.stringify({ recordings: [scene] }, null, 2)}\n`;
}

/** The windows, with the columns of a report's windows.csv. */
export function toCsv(scene, name) {
  const header = ["scene", "start_s", "end_s", ...EMOTIONS, "top", "female", "voice"];
  const rows = (scene.windows ?? []).map(w => {
    const shares = EMOTIONS.map(emotion => w.probabilities[emotion]);
    return [cell(name), w.start_s.toFixed(3), w.end_s.toFixed(3), ...shares.map(share => share.toFixed(6)),
      strongest(shares), w.female?.toFixed(6) ?? "", cell(w.voice ?? "")];
  });
  return [header, ...rows].map(row => `${row.join(",")}\r\n`).join("");
}

/** Text in a cell: quoted where it must be, and no formula to a spreadsheet. */
function cell(text) {
  const harmless = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Captions: the strongest emotion, its mean probability and whose voice, from when to when. */
export function toVtt(scene, title) {
  const cues = marks(scene).map(({ start, end, emotion, share, voice }) =>
    `${stamp(start)} --> ${stamp(end)}\n${voice ? `<v Voice ${escaped(voice)}>` : ""}${emotion} ${Math.round(share * 100)} %`);
  return `${["WEBVTT", `NOTE\n${escaped(title)}\nExpressed emotion, as heard in the voices.`, ...cues].join("\n\n")}\n`;
}

/** What is to be shown; where voices are told apart, each mark is one voice's. */
function marks(scene) {
  const spans = layFlat(scene.windows ?? []);
  if (!scene.turns?.length) return stretches(spans, SHORTEST_S);
  let at = 0;
  return longTurns(scene.turns, SHORTEST_S).flatMap(turn => {
    const own = within(spans, Math.max(turn.start_s, at), turn.end_s).filter(span => span.end > span.start);
    at = Math.max(at, turn.end_s);
    return stretches(own, SHORTEST_S).map(part => ({ ...part, voice: turn.voice }));
  }).filter(mark => mark.end - mark.start >= 1e-3);
}

function escaped(text) {
  return text.replace(/\s+/g, " ").trim().replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function stamp(seconds) {
  return new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23);
}

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** Buttons that save a take's result. */
export function downloads(take) {
  const stem = take.name.replace(/\.[^.]*$/, "") || "recording";
  const file = (text, type, ending) => () => save(new Blob([text()], { type }), `${stem}.${ending}`);
  const buttons = [
    button("JSON", file(() => toJson(take.scene), "application/json", "json")),
    button("CSV", file(() => toCsv(take.scene, stem), "text/csv", "csv")),
    button("WebVTT", file(() => toVtt(take.scene, take.title), "text/vtt", "vtt")),
  ];
  if (take.kind === "recording") buttons.push(button("Sound (WAV)", () => save(take.blob, take.name)));
  return el("div", { class: "buttons", role: "group", "aria-label": `Download ${take.title}` },
    el("span", { class: "small" }, "Download"), buttons);
}
