// Choose all, a question before what cannot be undone, and progress that moves. The page works without.
document.addEventListener("DOMContentLoaded", () => {
  for (const all of document.querySelectorAll("[data-all]")) {
    all.addEventListener("change", () => {
      for (const box of document.querySelectorAll(`input[name=${all.dataset.all}]`)) box.checked = all.checked;
    });
  }
  document.addEventListener("submit", (event) => {
    const question = event.submitter && event.submitter.dataset.confirm;
    if (question && !window.confirm(question)) event.preventDefault();
  });
  async function refresh() {
    const answer = await fetch(window.location.pathname, { credentials: "same-origin" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!fresh.querySelector("[data-refresh]")) window.location.reload();
    else document.querySelector("[data-refresh]").replaceWith(fresh.querySelector("[data-refresh]"));
  }
  if (document.querySelector("[data-refresh]")) {
    const timer = setInterval(() => {
      if (document.querySelector("[data-refresh]")) refresh(); else clearInterval(timer);
    }, 2000);
  }
});
