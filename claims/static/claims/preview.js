// Progress of a preview that moves; the page is loaded again when it is done. Without this it shows where it stood.
document.addEventListener("DOMContentLoaded", () => {
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
