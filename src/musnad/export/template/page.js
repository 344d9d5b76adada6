"use strict";
(() => {
  const root = document.documentElement;
  const reports = [...document.querySelectorAll(".report")];
  const links = [...document.querySelectorAll(".runs a")];
  const holds = (node, id) => node.dataset.r.split(" ").includes(id);
  const narrow = window.matchMedia("(max-width: 52rem)");
  let lit = null;

  function light(report, id, from) {
    for (const node of document.querySelectorAll(".on")) node.classList.remove("on", "peek");
    lit = id;
    if (!id) return;
    const marks = [...report.querySelectorAll(".x")].filter((node) => holds(node, id));
    const cards = [...report.querySelectorAll(".card")].filter((node) => node.dataset.r === id);
    for (const node of [...marks, ...cards]) node.classList.add("on");
    const other = from === "card" ? marks[0] : cards[0];
    if (other) {
      const section = other.closest("details");
      if (section) section.open = true;
      // On a narrow screen the cards are far below the text: the card comes up over its lower edge instead.
      if (from === "mark" && narrow.matches) other.classList.add("peek");
      else other.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  }

  for (const report of reports) {
    const known = new Set([...report.querySelectorAll(".card")].map((node) => node.dataset.r));
    report.addEventListener("click", (event) => {
      if (event.target.closest("summary, a, input")) return;
      const card = event.target.closest(".card");
      if (card) return light(report, lit === card.dataset.r ? null : card.dataset.r, "card");
      const mark = event.target.closest(".x");
      if (!mark) return light(report, null);
      // Marks lie over each other: the narrowest record comes first, every further click takes the next one.
      const ids = mark.dataset.r.split(" ").filter((id) => known.has(id));
      light(report, ids[(ids.indexOf(lit) + 1) % ids.length] ?? null, "mark");
    });
    report.addEventListener("keydown", (event) => {
      const card = event.target.closest(".card");
      if (card && (event.key === "Enter" || event.key === " ")) {
        event.preventDefault();
        light(report, lit === card.dataset.r ? null : card.dataset.r, "card");
      }
    });
  }

  function show() {
    if (reports.length < 2) return;
    const wanted = decodeURIComponent(location.hash.slice(1));
    const now = reports.find((report) => report.id === wanted) ?? reports[0];
    for (const report of reports) report.hidden = report !== now;
    for (const link of links) link.classList.toggle("now", link.hash === "#" + now.id);
    light(now, null);
  }
  window.addEventListener("hashchange", () => { show(); window.scrollTo(0, 0); });
  window.addEventListener("beforeprint", () => { for (const report of reports) report.hidden = false; });
  window.addEventListener("afterprint", show);
  show();

  for (const box of document.querySelectorAll("[data-layer]")) {
    box.addEventListener("change", () => root.classList.toggle("off-" + box.dataset.layer, !box.checked));
  }
  document.querySelector(".tongue").addEventListener("click", () => {
    const english = root.lang === "ar";
    root.lang = english ? "en" : "ar";
    root.dir = english ? "ltr" : "rtl";
  });
  const list = document.querySelector(".runs details");
  if (list && window.matchMedia("(max-width: 75rem)").matches) list.open = false;
})();
