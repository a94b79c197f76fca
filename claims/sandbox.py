"""How letters and documents are sent to a browser, by whichever page."""

# A document, not a page of ours: no script, nothing fetched, whatever it holds.
SANDBOX = {"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'"}
