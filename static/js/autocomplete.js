// A field that points to another record: offers records while one types, keeps the key beside it.
// Without this script the server looks up what was typed.
(() => {
  "use strict";
  const WAIT = 180;
  const NUMBER = /^\d{7,17}[\dxX]?$/;  // may be an identity number: never put into an address
  let serial = 0;

  class Reference {
    constructor(box) {
      this.box = box;
      this.input = box.querySelector("input[type=text]");
      this.name = this.input.name;
      this.known = box.querySelector(`input[name="${this.name}.known"]`);
      this.items = [];
      this.at = -1;
      this.list = document.createElement("ul");
      this.list.className = "reference-list";
      this.list.id = `reference-${++serial}`;
      this.list.setAttribute("role", "listbox");
      this.list.hidden = true;
      box.append(this.list);
      const input = this.input;
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-autocomplete", "list");
      input.setAttribute("aria-expanded", "false");
      input.setAttribute("aria-controls", this.list.id);
      if (!input.placeholder) input.placeholder = "输入名称、拼音或首字母选择";
      input.addEventListener("input", (event) => { if (!event.isComposing) this.ask(WAIT); });
      input.addEventListener("compositionend", () => this.ask(0));
      input.addEventListener("click", () => { if (this.list.hidden) this.ask(0); });
      input.addEventListener("keydown", (event) => this.key(event));
      input.addEventListener("blur", () => this.close());
      this.list.addEventListener("mousedown", (event) => {
        event.preventDefault();  // keep the focus in the box
        const item = event.target.closest("li[data-at]");
        if (item) this.choose(Number(item.dataset.at));
      });
    }

    ask(wait) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.fetch(), wait);
    }

    async fetch() {
      const text = this.input.value.trim();
      if (!this.box.dataset.source || NUMBER.test(text)) return this.close();
      this.request?.abort();
      this.request = new AbortController();
      const asked = text === this.known.value ? "" : text;
      const url = `${this.box.dataset.source}?${new URLSearchParams({ q: asked })}`;
      try {
        const reply = await fetch(url, {
          credentials: "same-origin",
          headers: { Accept: "application/json" },
          signal: this.request.signal,
        });
        if (!reply.ok) return this.close();
        const answer = await reply.json();
        this.show(answer.results || []);
      } catch {
        this.close();
      }
      return undefined;
    }

    show(items) {
      if (document.activeElement !== this.input) return;
      this.items = items;
      this.at = -1;
      const rows = items.map((item, at) => {
        const row = document.createElement("li");
        row.setAttribute("role", "option");
        row.id = `${this.list.id}-${at}`;
        row.dataset.at = at;
        row.textContent = item.text;
        if (item.hint) {
          const hint = document.createElement("small");
          hint.textContent = item.hint;
          row.append(hint);
        }
        return row;
      });
      if (!rows.length) {
        const none = document.createElement("li");
        none.className = "none";
        none.textContent = "没有找到，请核对名称";
        rows.push(none);
      }
      this.list.replaceChildren(...rows);
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
    }

    key(event) {
      if (event.isComposing || event.key === "Process") return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (this.list.hidden) this.ask(0);
        else this.move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && !this.list.hidden && this.items.length) {
        const typed = this.input.value.trim();
        if (this.at < 0 && typed === this.known.value) return this.close();
        event.preventDefault();
        this.choose(this.at < 0 ? 0 : this.at);
      } else if (event.key === "Escape" && !this.list.hidden) {
        event.stopPropagation();
        this.close();
      }
      return undefined;
    }

    move(step) {
      if (!this.items.length) return;
      this.at = (this.at + step + this.items.length) % this.items.length;
      [...this.list.children].forEach((row, at) => {
        row.setAttribute("aria-selected", String(at === this.at));
      });
      const row = this.list.children[this.at];
      row.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", row.id);
    }

    choose(at) {
      const item = this.items[at];
      const choice = this.box.querySelector(".reference-choice");
      if (choice) choice.remove();
      let key = this.box.querySelector(`input[type=hidden][name="${this.name}.key"]`);
      if (!key) {
        key = document.createElement("input");
        key.type = "hidden";
        key.name = `${this.name}.key`;
        this.box.append(key);
      }
      this.input.value = item.text;
      key.value = item.id;
      this.known.value = item.text;
      this.close();
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    close() {
      clearTimeout(this.timer);
      this.request?.abort();
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  for (const box of document.querySelectorAll(".reference")) new Reference(box);
})();
