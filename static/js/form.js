// The form of a record: Enter moves on, dates take the office's spellings, and what is typed is
// checked while it is typed. Leaving with changes and Ctrl+S are in app.js.
(() => {
  "use strict";
  const form = document.querySelector("form[data-record-form]");
  if (!form) return;
  const known = document.getElementById("known");
  const twins = document.getElementById("twins");
  let running = null;

  // -- Enter moves to the next field ---------------------------------------------------------------
  function stops() {
    const all = form.querySelectorAll("input:not([type=hidden]), select, textarea, button[data-save]");
    return [...all].filter((one) => !one.disabled && one.offsetParent !== null);
  }

  form.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
    if (!at.matches("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const all = stops();
    const next = all[all.indexOf(at) + (event.shiftKey ? -1 : 1)];
    if (!next) return;
    next.focus();
    if (next.matches("input[type=text]")) next.select();
  });

  // -- dates and months in one spelling ------------------------------------------------------------
  const pad = (text) => text.padStart(2, "0");
  function spell(text, kind) {
    const narrow = text.normalize("NFKC").replace(/\s+/g, "");
    const packed = /^(\d{4})(\d{2})(\d{2})?$/.exec(narrow);
    const parts = packed || /^(\d{4})[年./-](\d{1,2})月?(?:[./-]?(\d{1,2})[日号]?)?$/.exec(narrow);
    if (!parts || +parts[2] < 1 || +parts[2] > 12) return text;
    if (kind === "month") return `${parts[1]}.${pad(parts[2])}`;
    return parts[3] ? `${parts[1]}-${pad(parts[2])}-${pad(parts[3])}` : text;
  }

  form.addEventListener("focusout", (event) => {
    const kind = event.target.dataset?.date;
    if (kind && event.target.value) event.target.value = spell(event.target.value, kind);
  });

  // -- a protected value is replaced as a whole ----------------------------------------------------
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("input[type=text]") && event.target.value.includes("*")) {
      event.target.select();
    }
  });

  // -- what follows from what was typed, what is wrong with it, which records are alike ------------
  const place = (input) => input.closest(".form-place");
  function say(input, sentences) {
    const fault = place(input)?.querySelector(".fault");
    if (!fault) return;
    fault.replaceChildren(...sentences.map((text) => {
      const line = document.createElement("div");
      line.textContent = text;
      return line;
    }));
    input.closest(".form-row")?.classList.toggle("is-faulty", sentences.length > 0);
    input.setAttribute("aria-invalid", String(sentences.length > 0));
  }

  function fill(name, text) {
    const input = form.elements[name];
    if (!input || input.type === "hidden" || (input.value && !input.dataset.filled)) return;
    input.value = text;
    input.dataset.filled = "1";
    input.classList.add("is-filled");
    say(input, []);
  }

  function showTwins(found) {
    if (!twins) return;
    const lines = found.map((twin) => {
      const line = document.createElement("p");
      line.textContent = twin.text + " ";
      if (twin.url) {
        const link = document.createElement("a");
        link.href = twin.url;
        link.target = "_blank";
        link.textContent = "查看";
        line.append(link);
      }
      return line;
    });
    twins.querySelector("div").replaceChildren(...lines);
    twins.hidden = lines.length === 0;
  }

  function showKnown(input, text) {
    if (!known || known.textContent === text) return;
    known.textContent = text;
    place(input)?.append(known);
  }

  async function check(input) {
    const data = new FormData(form);
    data.set("checked", input.name);
    if (form.dataset.pk) data.set("pk", form.dataset.pk);
    for (const filled of form.querySelectorAll("[data-filled]")) data.set(filled.name, "");
    running?.abort();
    running = new AbortController();
    let answer;
    try {
      const reply = await fetch(form.dataset.checkUrl, {
        method: "POST",
        body: data,
        credentials: "same-origin",
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        signal: running.signal,
      });
      if (!reply.ok) return;
      answer = await reply.json();
    } catch {
      return;  // checking is a help; saving checks again
    }
    say(input, input.value ? answer.errors : []);
    for (const filled of form.querySelectorAll("[data-filled]")) {
      if (!(filled.name in answer.values)) continue;
      filled.value = "";
    }
    for (const [name, text] of Object.entries(answer.values)) fill(name, text);
    showKnown(input, answer.facts.map((fact) => `${fact.label} ${fact.text}`).join("　"));
    showTwins(answer.twins);
  }

  form.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.name) return;
    delete input.dataset.filled;
    input.classList.remove("is-filled");
    const watched = input.dataset.check || (input.dataset.date === "day" && known?.textContent);
    if (watched) check(input);
  });

  // -- what both changed: a value typed anew is the chosen one --------------------------------------
  form.addEventListener("input", (event) => {
    const choice = event.target.closest(".conflict-anew")?.closest("fieldset");
    const anew = choice?.querySelector("[data-anew]");
    if (anew) anew.checked = true;
  });

  // -- a form that came back with faults has changes that are not saved ----------------------------
  const first = document.getElementById("faults") || document.getElementById("conflict");
  if (first) {
    form.dispatchEvent(new Event("change", { bubbles: true }));
    const faulty = form.querySelector(".is-faulty :is(input:not([type=hidden]), select, textarea)");
    (faulty || first).focus();
  } else {
    const start = stops().find((input) => !input.value && input.matches("input[type=text]"));
    if (!form.dataset.pk) start?.focus();
  }
})();
