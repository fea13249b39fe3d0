"""The one page: a terminal that fills the window. Nothing on it comes from elsewhere."""

from __future__ import annotations

from html import escape
from string import Template

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " font-src 'self' data:; img-src 'self' data:; connect-src 'self' {socket};"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the browser may load and where it may connect: whatever the script asks for, only us."""

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

SCRIPT = """\
// The token has done its work: it stays neither in the address nor in the history.
history.replaceState(null, "", location.pathname);
const terminal = document.querySelector("#terminal");
terminal.dataset.sessionWebsocketUrl =
  (location.protocol === "https:" ? "wss://" : "ws://") + location.host + "/ws";
// The keys go to the terminal from the start, without a click on it.
new MutationObserver((_, observer) => {
  const keys = terminal.querySelector("textarea");
  if (keys) {
    keys.focus();
    observer.disconnect();
  }
}).observe(terminal, { childList: true, subtree: true });
document.querySelector("#again").addEventListener("click", () => location.reload());
"""

_PAGE = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>$title</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/css/xterm.css">
<style>
@font-face { font-family: "Roboto Mono"; font-weight: 100 700;
  src: url("/static/fonts/RobotoMono-VariableFont_wght.ttf"); }
@font-face { font-family: "Roboto Mono"; font-weight: 100 700; font-style: italic;
  src: url("/static/fonts/RobotoMono-Italic-VariableFont_wght.ttf"); }
body { background: #121212; color: #e0e0e0; font: 16px "Roboto Mono", monospace; overflow: hidden; }
.closed { display: none; position: absolute; inset: 0; place-content: center; text-align: center;
  background: #121212; }
body.-closed .closed { display: grid; }
button { font: inherit; padding: 0.5em 2em; }
</style>
</head>
<body>
<div class="closed">
<p>This screen is closed. Everything is saved.</p>
<p><button id="again" type="button">Open it again</button></p>
</div>
<div id="terminal" class="textual-terminal" data-font-size="16"></div>
<script src="/open.js"></script>
<script src="/static/js/textual.js"></script>
</body>
</html>
""")


def page(title: str) -> str:
    """The page for a study of that name."""
    return _PAGE.substitute(title=escape(f"{title} – qualcode"))
