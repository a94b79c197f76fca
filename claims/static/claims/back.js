// This page answers to something that was sent. Who comes back to it later gets the page itself, and is not asked whether to
// send that once more. Without this browsers ask, where they may keep nothing of the page.
history.replaceState(null, "", location.href);
