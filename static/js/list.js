// The list page: words on the pick lists, records to pick from, no identity numbers in addresses.
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
})();
