// Line numbers, a check while somebody types, and a question before what cannot be undone. The page works without.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("draft");
  if (!form) return;
  const text = form.querySelector("textarea");
  const numbers = form.querySelector(".draft-numbers");
  const review = document.getElementById("review");
  const publish = form.querySelector("button[name=publish]");
  const saved = text.value;
  let asked = 0;
  let waiting = null;

  function count() {
    const lines = text.value.split("\n").length;
    numbers.textContent = Array.from({ length: lines }, (_, i) => i + 1).join("\n");
    numbers.style.height = `${text.clientHeight}px`;
    numbers.scrollTop = text.scrollTop;
  }

  async function check() {
    const mine = ++asked;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    body.set("pack_yaml", text.value);
    body.set("draft", form.dataset.draft);
    const answer = await fetch(form.dataset.check, { method: "POST", body, credentials: "same-origin" });
    if (answer.ok && mine === asked) review.innerHTML = await answer.text();
  }

  text.addEventListener("input", () => {
    count();
    if (publish) publish.disabled = publish.disabled || text.value !== saved;
    clearTimeout(waiting);
    waiting = setTimeout(check, 700);
  });
  text.addEventListener("scroll", () => { numbers.scrollTop = text.scrollTop; });
  new ResizeObserver(count).observe(text);

  review.addEventListener("click", (event) => {
    const line = event.target.dataset.line;
    if (!line) return;
    event.preventDefault();
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1] || "").length);
    text.scrollTop = (line - 5) * parseFloat(getComputedStyle(text).lineHeight);
  });

  let sending = false;
  form.addEventListener("submit", (event) => {
    const question = event.submitter && event.submitter.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
    else sending = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && text.value !== saved) event.preventDefault();
  });
  count();
});
