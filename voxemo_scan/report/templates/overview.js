// The overview: sorted and filtered. Without this script it is a plain table in the manifest's order.
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const form = document.querySelector(".toolbar");
  const table = document.querySelector(".overview table");
  const body = table.tBodies[0];
  const emotions = [...form.elements.strongest.options].slice(1).map(option => option.value);
  const counter = form.querySelector("output");
  const reset = form.querySelector("button");

  const rows = [...body.rows].map((row, order) => {
    const shares = (row.dataset.shares || "").trim().split(" ").map(Number);
    const title = row.cells[0].textContent.trim();
    return {
      row, order, shares, title,
      known: "shares" in row.dataset,
      scene: document.getElementById(row.dataset.scene),
      text: `${row.textContent} ${row.dataset.more}`.toLowerCase(),
      strongest: row.dataset.strongest,
      verdict: row.dataset.verdict,
      speech: Number(row.dataset.speech),
    };
  });
  const gravity = ["failed", "no-result", "unexpected-pass", "known-failure", "passed", "not-checked"];
  const keys = {
    order: item => item.order,
    title: item => item.title,
    share: item => item.known ? Math.max(...item.shares) : -1,
    speech: item => item.known ? item.speech : -1,
    verdict: item => gravity.indexOf(item.verdict),
  };
  emotions.forEach((emotion, n) => { keys[emotion] = item => item.known ? item.shares[n] : -1; });
  const rising = new Set(["order", "title", "verdict"]);  // the others begin with the largest
  let sorting = { key: "order", down: false };

  const compare = (a, b) => typeof a === "string"
    ? a.localeCompare(b, undefined, { numeric: true, sensitivity: "base" }) : a - b;

  function sort(key, down) {
    sorting = { key, down };
    const value = keys[key];
    const sign = down ? -1 : 1;
    rows.sort((a, b) => sign * compare(value(a), value(b)) || a.order - b.order);
    body.append(...rows.map(item => item.row));
    form.elements.sort.value = key;
    for (const head of table.querySelectorAll("th[data-sort]")) {
      if (head.dataset.sort === key) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  function filter() {
    const words = form.elements.find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = form.elements.strongest.value;
    const verdict = form.elements.verdict ? form.elements.verdict.value : "";
    let shown = 0;
    for (const item of rows) {
      const fits = words.every(word => item.text.includes(word)) &&
        (!wanted || item.strongest === wanted) && (!verdict || item.verdict === verdict);
      item.row.hidden = !fits;
      if (item.scene) item.scene.hidden = !fits;
      shown += fits;
    }
    const all = `${rows.length} ${rows.length === 1 ? "scene" : "scenes"}`;
    counter.textContent = shown === rows.length ? all : `${shown} of ${all}`;
    reset.hidden = shown === rows.length;
    document.querySelector(".nothing").hidden = shown > 0;
  }

  for (const head of table.querySelectorAll("th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => {
      const key = head.dataset.sort;
      sort(key, sorting.key === key ? !sorting.down : !rising.has(key));
    });
    head.replaceChildren(button);
  }
  form.elements.sort.addEventListener("change", event => {
    sort(event.target.value, !rising.has(event.target.value));
  });
  form.addEventListener("input", filter);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { sort("order", false); filter(); form.elements.find.focus(); }));
  form.hidden = rows.length < 2;
})();
