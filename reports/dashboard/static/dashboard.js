// What a page says while htmx loads, and tidy addresses. Pages work without this file.
(() => {
  "use strict";
  const trouble = (text) => {
    const box = document.getElementById("trouble");
    if (box) { box.textContent = text; box.hidden = !text; }
  };
  document.addEventListener("DOMContentLoaded", () => {
    const current = document.querySelector(".bar nav [aria-current]");
    if (current) current.parentElement.scrollLeft = current.offsetLeft - current.parentElement.offsetLeft - 24;
  });
  document.addEventListener("htmx:configRequest", (event) => {
    const given = event.detail.parameters;
    for (const name of Object.keys(given)) if (given[name] === "") delete given[name];
    if (given.board && !given.board.endsWith("subject")) delete given.subject;
  });
  document.addEventListener("htmx:beforeRequest", () => trouble(""));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    trouble(status === 400 ? "A filter holds a value that cannot be used." : `The page could not be read (${status}). What is shown may not fit the filters.`);
  });
  document.addEventListener("htmx:sendError", () => trouble("The server cannot be reached. What is shown may not fit the filters."));
  document.addEventListener("htmx:timeout", () => trouble("The server did not answer in time."));
})();
