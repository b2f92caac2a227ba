"""The two pictures of the README, taken of the real pages on a phone: `make screenshots`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from academy.web.settings import ROOT
from tests.journeys.conftest import FLAGS, PHONE, running
from tests.journeys.pages import Visitor
from tests.tools.prepare import chromium

PICTURES = ROOT / "docs" / "pictures"


def main() -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running({}, Path(folder) / "instance", courses=sorted(ROOT.glob("courses/*/"))) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": PHONE[0], "height": PHONE[1]},
            device_scale_factor=2,
            locale="ko-KR",
            reduced_motion="reduce",
        )
        page = context.new_page()
        Visitor(page, server).joins(nickname="보리밭 산책")
        lesson = page.goto("/learning/courses/digital-hygiene/strong-passphrases")
        assert lesson is not None
        page.locator(".screen.on form.next button").click()
        page.wait_for_timeout(300)
        page.screenshot(path=PICTURES / "lesson.png")
        page.goto("/learning/")
        page.screenshot(path=PICTURES / "courses.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
