// Shows how much of a file is sent. Without this the browser sends the form by itself.
(() => {
  const PATIENCE = 120_000; // milliseconds without anything moving, after which the connection is taken to be lost

  function watch(form) {
    const [input, button] = [form.querySelector("[type=file]"), form.querySelector("button")];
    const [box, told] = [form.querySelector(".sending"), form.querySelector(".told-now")];
    const bar = box.querySelector("progress");
    let sending = false;

    function stop(words) {
      sending = false;
      box.hidden = true;
      button.removeAttribute("aria-disabled");
      told.classList.toggle("failed", Boolean(words));
      told.textContent = words;
    }

    // The page that the server answered with, in place of this one; a choice that it has nothing against stays.
    function show(text) {
      const fresh = new DOMParser().parseFromString(text, "text/html");
      const [content, next] = [fresh.getElementById("content"), fresh.getElementById("send")];
      if (!content) return stop(form.dataset.failed);
      document.title = fresh.title;
      const place = next && next.querySelector("[type=file]");
      document.getElementById("content").replaceWith(content);
      if (place && !place.hasAttribute("aria-invalid")) place.replaceWith(input);
      if (next) watch(next);
      const wrong = content.querySelector("[role=alert]");
      (wrong || content).focus();
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (sending) return;
      const file = input.files[0];
      if (file && file.size > Number(form.dataset.largest)) return stop(form.dataset.tooLarge);
      sending = true;
      document.querySelectorAll(".claim .wrong, .claim .errorlist").forEach((one) => one.remove()); // said of the last try
      button.setAttribute("aria-disabled", "true");
      told.classList.remove("failed");
      box.hidden = false;
      bar.value = 0;
      told.textContent = `${form.dataset.sending} 0%`;

      const request = new XMLHttpRequest();
      let waiting = null;
      function moved() {
        clearTimeout(waiting);
        waiting = setTimeout(() => request.abort(), PATIENCE);
      }
      request.upload.addEventListener("progress", (now) => {
        moved();
        if (!now.lengthComputable) return;
        bar.value = (100 * now.loaded) / now.total;
        const words = `${form.dataset.sending} ${Math.floor(bar.value / 10) * 10}%`; // by tens: each is read out
        if (told.textContent !== words) told.textContent = words;
      });
      request.upload.addEventListener("load", () => {
        moved();
        bar.value = 100;
        told.textContent = form.dataset.checking;
      });
      request.addEventListener("loadend", () => {
        clearTimeout(waiting);
        if (request.status === 0 || request.status >= 500) stop(form.dataset.failed);
        else if (new URL(request.responseURL).pathname !== new URL(form.action).pathname) location.assign(request.responseURL);
        else show(request.responseText);
      });
      request.open("POST", form.action);
      request.send(new FormData(form));
      moved();
    });
  }

  const form = document.getElementById("send");
  if (form) watch(form);
})();
