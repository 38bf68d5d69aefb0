// What every page does: menu, search key, drop panels, leaving with changes, notices.
(() => {
  "use strict";
  const root = document.documentElement;
  const wide = matchMedia("(min-width: 992px)");
  root.classList.add("js");

  function setMenu(open) {
    if (wide.matches) {
      root.classList.toggle("menu-small", !open);
      document.cookie = `menu=${open ? "wide" : "small"}; path=/; max-age=31536000; samesite=lax`;
    } else {
      root.classList.toggle("menu-open", open);
    }
    document.getElementById("menu-button")?.setAttribute("aria-expanded", String(open));
  }

  function menuIsOpen() {
    return wide.matches ? !root.classList.contains("menu-small") : root.classList.contains("menu-open");
  }

  function closeDrops(except) {
    for (const drop of document.querySelectorAll("details.drop[open]")) {
      if (drop !== except && !drop.contains(except)) drop.open = false;
    }
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("#menu-button")) setMenu(!menuIsOpen());
    if (target.closest("#menu-shade")) setMenu(false);
    if (wide.matches && root.classList.contains("menu-small") && target.closest(".menu summary")) {
      setMenu(true);
    }
    if (target.closest("[data-close]")) target.closest(".note")?.remove();
    if (target.isConnected) closeDrops(target);
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = document.getElementById("global-search");
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    }
    if (event.key === "Escape") {
      const drop = event.target.closest("details.drop[open]");
      closeDrops(null);
      drop?.querySelector("summary")?.focus();
      if (!wide.matches && menuIsOpen()) setMenu(false);
    }
    if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
      const save = document.querySelector("[data-save]");
      if (save) {
        event.preventDefault();
        save.click();
      }
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  // A form with data-guard asks before it is left with changes.
  let changed = null;
  const mark = (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) changed = form;
  };
  document.addEventListener("input", mark);
  document.addEventListener("change", mark);
  document.addEventListener("submit", (event) => {
    if (event.target === changed) changed = null;
  });
  addEventListener("beforeunload", (event) => {
    if (changed?.isConnected) event.preventDefault();
  });

  // One short line at the foot: window.notice("已复制")
  let timer = 0;
  window.notice = (text) => {
    const line = document.getElementById("notice");
    if (!line) return;
    line.textContent = text;
    line.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => { line.hidden = true; }, 5000);
  };

  document.addEventListener("htmx:error", () => {
    window.notice("没有连上服务器，刚才的操作没有完成，请检查网络后重试。");
  });
  document.addEventListener("htmx:config:request", (event) => {
    const request = event.detail.ctx.request;
    if (request.method !== "GET") {
      const token = document.querySelector("input[name=csrfmiddlewaretoken]");
      if (token) request.headers["X-CSRFToken"] = token.value;
      return;
    }
    const body = request.body;  // empty fields stay out of the address
    if (body instanceof FormData) {
      for (const [name, value] of [...body.entries()]) {
        if (value === "" && body.getAll(name).length === 1) body.delete(name);
      }
    }
  });

  // A table that is wider than its place scrolls in it; any other keeps its head at the top of the window.
  const fit = () => {
    for (const place of document.querySelectorAll(".table-place")) {
      place.classList.remove("is-wide");
      place.classList.toggle("is-wide", place.scrollWidth > place.clientWidth + 1);
    }
  };
  addEventListener("resize", fit);
  document.addEventListener("htmx:after:settle", fit);
  document.addEventListener("htmx:after:swap", fit);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", fit);
  else fit();
})();
