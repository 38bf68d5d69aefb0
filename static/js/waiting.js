// The review pages: tick all of a page, and say how many are ticked.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-waiting]")) {
    const boxes = [...form.querySelectorAll("input[name=row]")];
    const all = form.querySelector("[data-all]");
    const count = form.querySelector("[data-count]");
    if (!boxes.length || !all) continue;
    const tell = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
      count.textContent = `已选 ${ticked} 条`;
      count.hidden = ticked === 0;
    };
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      tell();
    });
    form.addEventListener("change", tell);
    tell();
  }
})();
