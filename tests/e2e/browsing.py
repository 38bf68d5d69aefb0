"""A browser window that notes whatever a page must not do."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""


@dataclass
class Watch:
    """Errors of the console and of scripts, violations of the CSP, requests to other hosts."""

    host: str
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def attach(self, context: Any) -> None:
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.faults.append(f"脚本错误 {error.error}"))
        context.on("request", self._on_request)

    def _on_console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            source = message.location.get("url", "")
            text = f"{message.type} {message.text} {source} 在 {message.page and message.page.url}"
            if not any(known in text for known in self.expected):
                self.faults.append(text)

    def _on_request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("data", "blob"):
            return
        self.requests.append(request.url)
        if parts.netloc != self.host:
            self.faults.append(f"外部请求 {request.url}")


def new_context(browser: Any, product: Any, state: Any = None, **options: Any) -> tuple[Any, Watch]:
    """A window of its own; Chinese, desk size unless told otherwise."""
    chosen = {"viewport": DESK, "locale": "zh-CN", "base_url": product.url, **options}
    context = browser.new_context(storage_state=state, **chosen)
    context.set_default_timeout(15_000)
    watch = Watch(urlsplit(product.url).netloc)
    watch.attach(context)
    return context, watch
