// A report's page: the source of a figure beside the text, the picker of figures, printing.
(() => {
  "use strict";
  let field = null;  // the text that is being edited
  let timer = 0;

  const body = () => document.getElementById("report-body");
  const panel = () => document.getElementById("figure-panel");

  function showFigure(mark) {
    const place = body();
    if (!place || !mark.dataset.figure || !panel()) return;
    for (const other of place.querySelectorAll(".figure.is-chosen")) other.classList.remove("is-chosen");
    for (const same of place.querySelectorAll(`.figure[data-figure="${mark.dataset.figure}"]`)) {
      same.classList.add("is-chosen");
    }
    htmx.ajax("GET", `/reports/${place.dataset.report}/figures/${mark.dataset.figure}/`, "#figure-panel");
  }

  document.addEventListener("pointerover", (event) => {
    const mark = event.target.closest?.(".doc .figure");
    clearTimeout(timer);
    if (mark && event.pointerType === "mouse") timer = setTimeout(() => showFigure(mark), 350);
  });

  document.addEventListener("focusin", (event) => {
    if (event.target.matches("textarea.editor-text")) field = event.target;
    if (event.target.matches(".doc a.figure:focus-visible")) showFigure(event.target);
  });

  // A finger has no pointer to hover with: the first touch shows the source, which leads to the records.
  document.addEventListener("click", (event) => {
    const mark = event.target.closest(".doc .figure");
    const touched = event.pointerType === "touch" || matchMedia("(hover: none)").matches;
    const sheet = document.querySelector("#figure-panel.is-sheet");
    if (sheet && !sheet.contains(event.target)) sheet.classList.remove("is-sheet");
    if (mark && (touched || !mark.href) && body()) {
      event.preventDefault();
      showFigure(mark);
      panel()?.classList.add("is-sheet");
    }
    const block = event.target.closest(".report-block");
    if (block && touched) {
      for (const open of document.querySelectorAll(".report-block.is-open")) open.classList.remove("is-open");
      block.classList.add("is-open");
    }
    if (event.target.closest("[data-print]")) print();
    if (event.target.closest("[data-picker]")) openPicker(event);
    if (event.target.closest("[data-picker-close]")) document.getElementById("picker")?.close();
    const item = event.target.closest(".picker-item");
    if (item) {
      for (const other of document.querySelectorAll(".picker-item.is-chosen")) other.classList.remove("is-chosen");
      item.classList.add("is-chosen");
    }
    const choice = event.target.closest("[data-insert]");
    if (choice) insert(choice.dataset.insert);
  });

  function openPicker(event) {
    const dialog = document.getElementById("picker");
    if (!dialog) return;
    event.preventDefault();
    field = event.target.closest("form")?.querySelector("textarea.editor-text") ?? field;
    dialog.showModal();
  }

  function insert(text) {
    document.getElementById("picker")?.close();
    if (!field?.isConnected) return;
    field.focus();
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // A figure in the editor is one thing: Backspace and Delete take all of it.
  document.addEventListener("keydown", (event) => {
    const area = event.target;
    if (!area.matches?.("textarea.editor-text")) return;
    if (event.key !== "Backspace" && event.key !== "Delete") return;
    const place = area.selectionStart;
    if (place !== area.selectionEnd) return;
    for (const found of area.value.matchAll(/\{\{[^{}]*\}\}/g)) {
      const [start, end] = [found.index, found.index + found[0].length];
      const hit = event.key === "Backspace" ? place > start && place <= end : place >= start && place < end;
      if (!hit) continue;
      event.preventDefault();
      area.setRangeText("", start, end, "start");
      area.dispatchEvent(new Event("input", { bubbles: true }));
      return;
    }
  });

  // After a change the page stays where the writer was.
  let place = null;
  document.addEventListener("htmx:before:request", () => { place = scrollY; });
  document.addEventListener("htmx:after:swap", () => {
    const at = body()?.dataset.at;
    if (at) {
      delete body().dataset.at;
      const block = document.getElementById(at);
      if (place !== null) scrollTo({ top: place, behavior: "instant" });
      block?.scrollIntoView({ block: "nearest", behavior: "instant" });
      block?.focus({ preventScroll: true });
    } else if (place !== null && body() && document.activeElement === document.body) {
      scrollTo({ top: place, behavior: "instant" });
    }
  });

  document.addEventListener("htmx:after:swap", () => {
    const area = document.querySelector("textarea.editor-text[autofocus]:not([data-met])");
    if (!area) return;
    area.dataset.met = "1";
    area.rows = Math.min(16, Math.max(4, Math.ceil(area.value.length / 34)));
    area.focus();
    field = area;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
