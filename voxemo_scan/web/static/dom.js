// Elements, made without markup: whatever comes from outside stays text.

const SVG = "http://www.w3.org/2000/svg";

/** An element; `on…` are listeners, `class` and the rest attributes, null and false left out. */
export function el(name, props = {}, ...children) {
  return dressed(document.createElement(name), props, children);
}

export function svg(name, props = {}, ...children) {
  return dressed(document.createElementNS(SVG, name), props, children);
}

function dressed(element, props, children) {
  for (const [key, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export function button(text, onclick, props = {}) {
  return el("button", { type: "button", onclick, ...props }, text);
}

/** A coloured square before an emotion's name. */
export function swatch(emotion) {
  return el("i", { class: `swatch b-${emotion}`, "aria-hidden": "true" });
}

/** Tell those who cannot see the page what has changed. */
export function say(text) {
  const place = document.getElementById("said");
  if (place.textContent !== text) place.textContent = text;
}

let last = 0;

/** An id that no other element has. */
export function freshId(name) {
  last += 1;
  return `${name}-${last}`;
}
