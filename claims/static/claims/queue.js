// One box above the boxes of the rows. Without this each is ticked by hand.
document.addEventListener("DOMContentLoaded", () => {
  const head = document.querySelector("[data-choose]");
  const boxes = [...document.querySelectorAll('input[name="claim"]')];
  if (!head || !boxes.length) return;
  const all = Object.assign(document.createElement("input"), { type: "checkbox" });
  all.setAttribute("aria-label", head.dataset.choose);
  const told = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  boxes.forEach((box) => box.addEventListener("change", told));
  head.append(" ", all);
  told();
});
