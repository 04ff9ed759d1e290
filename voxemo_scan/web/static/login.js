// The token, typed in once; the browser keeps it in a cookie that scripts cannot read.

import { el } from "/static/dom.js";

export function loginForm() {
  const input = el("input", { id: "token", name: "token", type: "password", required: true, autocomplete: "current-password", autocapitalize: "off", spellcheck: "false" });
  return el("div", { class: "login" },
    el("h1", { tabindex: -1 }, "This server asks for a token"),
    el("p", { class: "lead" }, "voxemo-scan serve printed it when it started. It is asked for once."),
    el("form", { class: "toolbar", method: "post", action: "/login" },
      el("input", { type: "text", autocomplete: "username", value: "voxemo-scan", hidden: true }),
      el("span", {}, el("label", { for: "token" }, "Token"), input), el("button", { type: "submit", class: "primary" }, "Open")));
}
