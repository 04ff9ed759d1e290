// Asking the server, and what went wrong in plain words with what to do.

/** Something that a person can be told: `message` says what happened, `remedy` what to do. */
export class Trouble extends Error {
  constructor(message, { remedy = "", status = 0, waitS = 0, mistakes = [] } = {}) {
    super(message);
    Object.assign(this, { remedy, status, waitS, mistakes });
  }
}

const PLAIN = {
  401: ["This server asks for a token.", "Type in the token that `voxemo-scan serve` printed when it started."],
  403: ["The server refused this.", "Open the page at the address that the server printed."],
  404: ["That is not there any more.", "Load the page anew."],
  413: ["That recording is larger than this server takes.", "Cut out the part that matters, or scan it in a terminal: voxemo-scan listen FILE."],
  415: ["That is no sound or film file that can be read.", "Choose an audio or video file, such as WAV, MP3, M4A, Opus or MP4."],
  422: ["That cannot be used as it is.", ""],
  429: ["The server has as much to do as it takes.", "Wait a moment and try again."],
  503: ["The server is busy or stopping.", "Try again in a minute."],
};

export async function ask(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Trouble("The server does not answer.", { remedy: "See whether voxemo-scan serve still runs, then try again." });
  }
  if (!answer.ok) throw await trouble(answer);
  return answer;
}

export async function askJson(path, options) {
  return (await ask(path, options)).json();
}

export function sendJson(path, value, method = "POST") {
  return askJson(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) });
}

/** Send a recording as the multipart field `file`. */
export function sendFile(path, blob, name, { query = {}, signal } = {}) {
  const form = new FormData();
  form.append("file", blob, name);
  const search = new URLSearchParams(query).toString();
  return askJson(search ? `${path}?${search}` : path, { method: "POST", body: form, signal });
}

async function trouble(answer) {
  const [message, remedy] = PLAIN[answer.status] ?? ["Something went wrong on the server.", "Try again; its terminal says more."];
  let told = {};
  try {
    told = (await answer.json()).error ?? {};
  } catch { /* the plain words do */ }
  const waitS = Number(answer.headers.get("Retry-After")) || 0;
  const wait = waitS > 0 && answer.status === 429 ? `Try again in ${waitS} s.` : "";
  return new Trouble(sentence(told.message || message), {
    remedy: sentence(told.remedy || wait || remedy), status: answer.status, waitS, mistakes: told.problems ?? [],
  });
}

/** A message of the tool's as a sentence. */
export function sentence(text) {
  if (!text) return "";
  return `${text[0].toUpperCase()}${text.slice(1)}${/[.!?…:]$/.test(text) ? "" : "."}`;
}
