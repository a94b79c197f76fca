// Looking leaves the chosen file in its field, so that it need not be chosen again to import it. The page works without.
document.addEventListener("DOMContentLoaded", () => {
  const form = document.getElementById("upload");
  if (!form) return;
  const looked = () => document.getElementById("looked");

  form.addEventListener("change", () => { looked().textContent = ""; });
  let plain = false; // after a failure the browser sends the form itself, and shows what comes
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (plain || !button || button.value !== "look") return;
    event.preventDefault();
    const body = new FormData(form);
    body.set("act", "look");
    button.disabled = true;
    let fresh = null;
    try {
      const answer = await fetch(window.location.pathname, { method: "POST", body, credentials: "same-origin" });
      fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("looked");
    } catch {
      fresh = null;
    }
    button.disabled = false;
    if (!fresh) {
      plain = true;
      form.requestSubmit(button);
      return;
    }
    looked().replaceWith(fresh);
    looked().focus();
  });
});
