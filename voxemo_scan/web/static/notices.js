// Troubles, told in plain words with what to do; and what is being waited for.

import { button, el, say } from "/static/dom.js";

/** A box that says what went wrong and, with `again`, offers to try again. */
export function troubleBox(error, again = null) {
  const told = error.remedy !== undefined ? error : { message: "Something went wrong in this page.", remedy: "Load it anew and try again." };
  if (error.remedy === undefined) console.error(error);
  return el("div", { class: "notice trouble", role: "alert" },
    el("p", {}, el("strong", {}, told.message)),
    told.remedy ? el("p", {}, told.remedy) : null,
    again ? button("Try again", again) : null);
}

/** A line that says what is going on, with a way to call it off. */
export function waiting(text, cancel = null) {
  say(text);
  return el("p", { class: "waiting" }, el("span", { class: "turning-dot", "aria-hidden": "true" }), text,
    cancel ? button("Cancel", cancel) : null);
}

const PASSING = new Set([0, 429, 500, 502, 503, 504]);  // what may go well another time

/** Fill `place` with what `work` resolves to; until then say `text`, afterwards what went wrong. */
export async function fill(place, text, work) {
  const aborter = new AbortController();
  const gone = () => { aborter.abort(); place.replaceChildren(); };
  place.replaceChildren(waiting(text, gone));
  try {
    const found = await work(aborter.signal);
    if (!aborter.signal.aborted) place.replaceChildren(...[found].flat().filter(Boolean));
    return found;
  } catch (error) {
    if (error.name !== "AbortError") place.replaceChildren(troubleBox(error, PASSING.has(error.status) ? () => fill(place, text, work) : null));
    return null;
  }
}
