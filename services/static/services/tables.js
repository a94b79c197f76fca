// In a narrow box a row of a table is a card, its cells below each other, each behind the name of its column (staff.css).
// That takes a table apart for whoever has it read out, unless it says what it is. Without this the box scrolls.
document.addEventListener("DOMContentLoaded", () => {
  const HEADED = ":is(.record-scroll, .clock-scroll, .intake-scroll, .results):not([data-scrolls]) > table:not([data-cards])";
  const ROLES = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };
  const lines = (cell) => (cell.querySelector(":scope > div") ? [...cell.querySelectorAll(":scope > div")] : [cell]);
  function name(table) {
    if (!table.tHead) return;
    const columns = [...table.tHead.rows[0].cells].map((head) => lines(head).map((one) => one.textContent.replace(/\s+/g, " ").trim()));
    table.dataset.cards = "";
    for (const [part, role] of Object.entries(ROLES)) {
      for (const one of table.matches(part) ? [table] : table.querySelectorAll(part)) one.setAttribute("role", role);
    }
    for (const head of table.querySelectorAll("th")) {
      head.setAttribute("role", head.closest("thead") ? "columnheader" : "rowheader");
    }
    for (const row of [...table.tBodies].flatMap((body) => [...body.rows])) {
      if (row.cells.length !== columns.length) continue;
      [...row.cells].forEach((cell, place) => {
        const [named, names] = [lines(cell), columns[place]];
        if (named.length === names.length) named.forEach((one, line) => { one.dataset.column = names[line]; });
        else cell.dataset.column = names.join(" · ");
      });
    }
  }
  const all = () => document.querySelectorAll(HEADED).forEach(name);
  all();
  new MutationObserver(all).observe(document.body, { childList: true, subtree: true });
});
