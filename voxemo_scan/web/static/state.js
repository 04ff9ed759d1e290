// What this page holds while it is open: what the server said of itself, and what was heard.

import { ask, askJson, sendFile } from "/static/api.js";

export const state = { info: null, clips: [], takes: [] };

let count = 0;

/** Remember a recording that was heard; it lives in this page's memory only. */
export function remember({ title, blob, name, scene, clip = null, kind }) {
  count += 1;
  const take = { id: `take-${count}`, title, blob, name, scene, clip, kind };
  state.takes.push(take);
  return take;
}

export function forget(id) {
  state.takes = state.takes.filter(take => take.id !== id);
}

/** Hear a prepared clip, once. */
export async function hearClip(clip, signal) {
  const known = state.takes.find(take => take.clip === clip.id);
  if (known) return known;
  const answer = await ask(`/api/v1/clips/${encodeURIComponent(clip.id)}`, { signal });
  const blob = await answer.blob();
  const name = `${clip.id.replace(/[^\w-]+/g, "-")}.${ending(blob.type)}`;
  const scene = await sendFile("/api/v1/listen", blob, name, { signal });
  return remember({ title: clip.title, blob, name, scene, clip: clip.id, kind: "clip" });
}

/** Hear a file of the user's. */
export async function hearFile(file, signal) {
  const scene = await sendFile("/api/v1/listen", file, file.name, { signal });
  return remember({ title: file.name, blob: file, name: file.name, scene, kind: "file" });
}

export async function loadClips() {
  if (!state.clips.length) state.clips = await askJson("/api/v1/clips");
  return state.clips;
}

function ending(type) {
  const kind = type.split(";")[0].split("/")[1] ?? "";
  return { "x-wav": "wav", wav: "wav", mpeg: "mp3", ogg: "opus", opus: "opus", mp4: "m4a", flac: "flac" }[kind] ?? "audio";
}
