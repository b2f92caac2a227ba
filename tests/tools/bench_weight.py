"""What a page weighs in a real browser: requests and bytes over the wire, with an empty cache and with a warm one."""

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright

from tests.tools.prepare import chromium

_PICTURES = {"Image", "Media"}


@dataclass(frozen=True)
class Weight:
    """Bytes as they came over the wire, headers included; `pictures` (and sound and film) are counted apart."""

    requests: int
    bytes: int
    picture_requests: int
    picture_bytes: int


@dataclass(frozen=True)
class Weighed:
    page: str
    cold: Weight
    warm: Weight


def weigh(port: int, pages: Sequence[tuple[str, str, str]]) -> list[Weighed]:
    """`pages`: name, path, token of the visit ('' for nobody)."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        try:
            for name, path, token in pages:
                found.append(_weigh(browser, name, f"http://127.0.0.1:{port}{path}", token))
        finally:
            browser.close()
    return found


def _weigh(browser: Browser, name: str, url: str, token: str) -> Weighed:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    if token:
        context.add_cookies([{"name": "visit", "value": token, "url": url}])
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, int] = {}
    cached: set[str] = set()

    def answered(event: dict[str, object]) -> None:
        kinds[str(event["requestId"])] = str(event["type"])
        response = event["response"]
        if isinstance(response, dict) and (
            response.get("fromDiskCache") or str(response.get("url", "")).startswith("data:")
        ):
            cached.add(str(event["requestId"]))

    def finished(event: dict[str, object]) -> None:
        sizes[str(event["requestId"])] = int(float(str(event["encodedDataLength"])))

    network.on("Network.responseReceived", answered)
    network.on("Network.requestServedFromCache", lambda event: cached.add(str(event["requestId"])))
    network.on("Network.loadingFinished", finished)

    def visit() -> Weight:
        for found in (kinds, sizes, cached):
            found.clear()
        page.goto(url, wait_until="networkidle")
        sent = [request for request in sizes if request not in cached]
        pictures = [request for request in sent if kinds.get(request) in _PICTURES]
        rest = [request for request in sent if request not in pictures]
        return Weight(
            len(rest),
            sum(sizes[request] for request in rest),
            len(pictures),
            sum(sizes[request] for request in pictures),
        )

    cold = visit()
    page.goto("about:blank")
    warm = visit()
    context.close()
    return Weighed(name, cold, warm)
