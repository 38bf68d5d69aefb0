// The list page: words on the pick lists, records to pick from, no identity numbers in addresses;
// columns moved up and down, rows ticked over several pages.
(() => {
  "use strict";
  const idNumber = /^(\d{15}|\d{17}[\dXx])$/;

  function describe(pick) {
    const chosen = [...pick.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
    const text = pick.querySelector(".pick-text");
    text.textContent = chosen.length ? `${pick.dataset.label}：${chosen.join("、")}` : pick.dataset.label;
    text.classList.toggle("muted", chosen.length === 0);
    text.parentElement.title = chosen.length ? text.textContent : "";
  }

  function option(name, record) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.name = name;
    box.value = record.key;
    label.append(box, record.text);
    if (record.hint) {
      const hint = document.createElement("span");
      hint.className = "muted";
      hint.textContent = ` ${record.hint}`;
      label.append(hint);
    }
    return label;
  }

  async function offer(pick) {
    const list = pick.querySelector(".pick-list");
    const search = pick.querySelector(".pick-search");
    const asked = search.value.trim();
    let found;
    try {
      const answer = await fetch(`${pick.dataset.url}?q=${encodeURIComponent(asked)}`, {
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      found = (await answer.json()).results;
    } catch {
      window.notice("没有取到可选的记录，请检查网络后重试。");
      return;
    }
    if (search.value.trim() !== asked) return;
    const kept = [...list.querySelectorAll("label")].filter((label) => label.firstChild.checked);
    const keys = new Set(kept.map((label) => label.firstChild.value));
    const fresh = found.filter((record) => !keys.has(record.key));
    list.replaceChildren(...kept, ...fresh.map((record) => option(search.dataset.name, record)));
    if (!fresh.length && asked) {
      const note = document.createElement("p");
      note.className = "pick-note";
      note.textContent = `没有找到“${asked}”`;
      list.append(note);
    }
  }

  for (const search of document.querySelectorAll(".pick-search")) {
    const pick = search.closest(".pick");
    search.removeAttribute("name");  // with script the boxes carry the value
    let timer = 0;
    pick.addEventListener("toggle", () => {
      if (pick.open) {
        search.focus();
        offer(pick);
      }
    });
    search.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => offer(pick), 200);
    });
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }

  document.addEventListener("change", (event) => {
    const pick = event.target.closest(".pick");
    if (pick && event.target.type === "checkbox") describe(pick);
  });

  // An identity number goes to the search box of the frame, which posts it.
  document.addEventListener("submit", (event) => {
    const word = event.target.querySelector?.("[data-word]");
    const number = word?.value.replace(/\s/g, "") ?? "";
    const box = document.getElementById("global-search");
    if (box && idNumber.test(number)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      box.value = number;
      word.value = "";
      box.form.requestSubmit();
    }
  }, true);
  document.addEventListener("submit", () => {
    for (const drop of document.querySelectorAll("#query details.drop[open]")) drop.open = false;
  });

  // Columns move up and down in the panel itself; without script the server moves them.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-columns] .columns-shown button");
    if (!button) return;
    event.preventDefault();
    const item = button.closest("li");
    const before = item.previousElementSibling;
    if (button.name === "up" && before?.previousElementSibling) before.before(item);
    if (button.name === "down") item.nextElementSibling?.after(item);
    button.focus();
  });

  // Ticks stay while one pages through the list, and go when they have served.
  let form = null;
  let ticks = new Set();
  let last = null;
  const place = () => `ticks ${form.dataset.ticks}`;
  const rows = () => [...form.querySelectorAll("input[name=row]")];

  function keep() {
    try {
      if (ticks.size) sessionStorage.setItem(place(), JSON.stringify([...ticks]));
      else sessionStorage.removeItem(place());
    } catch { /* without storage they last as long as the page */ }
  }

  function recall() {
    try {
      return new Set(JSON.parse(sessionStorage.getItem(place()) ?? "[]"));
    } catch {
      return new Set();
    }
  }

  function show() {
    const all = form.elements.all.checked;
    const here = rows();
    for (const box of here) box.checked = all || ticks.has(box.value);
    const count = here.filter((box) => box.checked).length;
    const head = form.querySelector("[data-page]");
    head.checked = count > 0 && count === here.length;
    head.indeterminate = count > 0 && count < here.length;
    form.classList.toggle("is-ticked", all || ticks.size > 0);
    const total = Number(form.elements.count.value);
    form.querySelector("[data-count]").textContent = (all ? total : ticks.size).toLocaleString("zh-CN");
  }

  function begin() {
    form = document.querySelector("form.ticks");
    last = null;
    if (!form) return;
    ticks = recall();
    if (location.hash === "#done") {
      ticks.clear();
      keep();
      history.replaceState(history.state, "", location.pathname + location.search);
    }
    show();
  }

  function tick(boxes, on) {
    if (!on && form.elements.all.checked) {  // all but these: the page's others stay ticked
      form.elements.all.checked = false;
      ticks = new Set(rows().map((box) => box.value));
    }
    for (const box of boxes) {
      if (on) ticks.add(box.value);
      else ticks.delete(box.value);
    }
  }

  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!form?.contains(box)) return;
    if (box.closest("[data-clear]")) {
      form.elements.all.checked = false;
      ticks.clear();
      keep();
      show();
    } else if (box.name === "row") {
      const here = rows();
      const [from, to] = [here.indexOf(last), here.indexOf(box)].sort((a, b) => a - b);
      if (event.shiftKey && from >= 0) tick(here.slice(from, to + 1), box.checked);
      last = box;
    }
  });

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!form?.contains(box)) return;
    if (box.name === "row") tick([box], box.checked);
    if ("page" in box.dataset) tick(rows(), box.checked);
    keep();
    show();
  });

  document.addEventListener("submit", (event) => {
    if (event.target !== form) return;
    const here = new Set(rows().map((box) => box.value));
    form.elements.rows.value = [...ticks].filter((key) => !here.has(key)).join(",");
  });

  document.addEventListener("htmx:after:swap", begin);
  addEventListener("pageshow", () => { if (form) show(); });
  begin();
})();
