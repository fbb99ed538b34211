// Small comforts; every page works without them.
"use strict";
(() => {
  const moments = new Intl.DateTimeFormat(undefined, {
    dateStyle: "medium",
    timeStyle: "short",
  });

  // Times arrive in UTC; show them in the reader's own zone.
  const localize = (root) => {
    for (const time of root.querySelectorAll("time[data-moment]")) {
      time.title = time.textContent;
      time.textContent = moments.format(new Date(time.dateTime));
      delete time.dataset.moment;
    }
  };

  // What a person has unfolded stays so when a part of the page is renewed.
  let unfolded = new Set();
  document.addEventListener("htmx:beforeSwap", (event) => {
    const open = event.detail.target.querySelectorAll("details[id][open]");
    unfolded = new Set([...open].map((details) => details.id));
  });
  document.addEventListener("htmx:load", (event) => {
    localize(event.detail.elt);
    for (const details of event.detail.elt.querySelectorAll("details[id]")) {
      if (unfolded.has(details.id)) details.open = true;
    }
  });

  // One menu is open at a time; Escape and a press elsewhere close it.
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details.menu[open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
  });

  document.addEventListener("DOMContentLoaded", () => localize(document));
})();
