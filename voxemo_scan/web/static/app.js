// The page: asks the server what it is, and shows the view that the address names.

import { askJson } from "/static/api.js";
import { ClipsView } from "/static/clips.js";
import { CompareView } from "/static/compare.js";
import { el } from "/static/dom.js";
import { LibraryView } from "/static/library.js";
import { ListenView } from "/static/listen.js";
import { loginForm } from "/static/login.js";
import { troubleBox } from "/static/notices.js";
import { RunView } from "/static/run.js";
import { state } from "/static/state.js";
import { megabytes, minutes } from "/static/words.js";

const VIEWS = {
  listen: ["Listen", ListenView], clips: ["Clips", ClipsView], compare: ["Compare", CompareView],
  library: ["Library", LibraryView], run: ["Run", RunView],
};
const place = document.getElementById("view");
let shown = null;

function route({ first = false } = {}) {
  if (location.hash === "#main" && !first) return;  // the skip link
  const name = Object.hasOwn(VIEWS, location.hash.slice(1)) ? location.hash.slice(1) : "listen";
  const [title, View] = VIEWS[name];
  shown?.close();
  shown = new View();
  place.replaceChildren(shown.node);
  document.title = `${title} · voxemo-scan`;
  for (const link of document.querySelectorAll(".masthead nav a"))
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  if (first) return;
  scrollTo(0, 0);
  place.querySelector("h1").focus({ preventScroll: true });
}

function about({ kept, limits, model, version }) {
  document.getElementById("kept").textContent = kept
    ? `The server forgets a recording as soon as it has been heard, and this page does when it is closed. Only those for which you choose “Keep it” are written, to the folder ${kept}. Runs write their reports to the library.`
    : "Nothing. The server forgets a recording as soon as it has been heard, and this page does when it is closed. Only runs that you start write a report, to the library.";
  document.getElementById("about").textContent =
    `voxemo-scan ${version}; ${model.name}, version ${model.version}. At most ${megabytes(limits.bytes)} and ${minutes(limits.duration_s)} a file, ${minutes(limits.live_s)} a recording.`;
}

async function begin() {
  place.replaceChildren(el("p", { class: "waiting" }, "Opening…"));
  try {
    state.info = await askJson("/api/v1/info");
  } catch (error) {
    place.replaceChildren(error.status === 401 ? loginForm() : troubleBox(error, begin));
    document.getElementById("kept").textContent = "Nothing is known of this server yet.";
    return;
  }
  about(state.info);
  route({ first: true });
  addEventListener("hashchange", () => route());
}

begin();
