"""A real browser scrolls through 100,000 pictures: no task on its main thread may last longer than 100 ms."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.library_rows import application, fill, row

PICTURES = 100_000
WATCH = """() => {
  window.longest = 0
  new PerformanceObserver(list => { for (const { duration } of list.getEntries()) {
    window.longest = Math.max(window.longest, duration) } }).observe({ type: "longtask" })
}"""
FILLED = "() => document.querySelectorAll('[data-page] > li').length"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


def run(data: Path | None = None) -> list[dict]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return []
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{url}/images/?sort=title")
        page.wait_for_function("() => document.querySelectorAll('[data-page]').length > 100")
        page.wait_for_timeout(1500)
        page.evaluate(WATCH)
        traced = []
        trace = page.context.new_cdp_session(page)
        trace.on("Tracing.dataCollected", lambda part: traced.extend(part["value"]))
        ended = []
        trace.on("Tracing.tracingComplete", lambda _: ended.append(True))
        trace.send("Tracing.start", {"categories": "disabled-by-default-devtools.timeline,toplevel"})
        most = max(by_wheel(page), by_jumps(page))
        trace.send("Tracing.end")
        while not ended:
            page.wait_for_timeout(50)
        longest = page.evaluate("() => window.longest")
        last = page.evaluate("() => [...document.querySelectorAll('[data-page] > li')].at(-1).id")
        browser.close()
    what = f"scrolling {PICTURES:,} pictures by wheel and by jumps to the end ({last}): longest task"
    return [row(f"{what}, by the clock", longest, 100, "ms"),
            row(f"{what}, time of the processor", longest_task(traced), 100, "ms"),
            row("... cards in the document at most", most, 9 * 60, "cards")]


def longest_task(traced: list[dict]) -> float:
    """Milliseconds of work of the longest task on the page's main thread: what the clock says on a machine that is free."""
    mains = {(event["pid"], event["tid"]) for event in traced
             if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"}
    return max((event.get("tdur", 0) / 1000 for event in traced
                if event["name"] == "RunTask" and (event["pid"], event["tid"]) in mains), default=float("nan"))


def by_wheel(page: object) -> int:
    """Fifteen seconds of wheel, as fast as a hand turns it; the most cards that stood there."""
    page.mouse.move(800, 500)
    most, end = 0, time.monotonic() + 15
    while time.monotonic() < end:
        page.mouse.wheel(0, 900)
        page.wait_for_timeout(60)
        most = max(most, page.evaluate(FILLED))
    return most


def by_jumps(page: object) -> int:
    """To the end in twelve jumps of the scrollbar, waiting at each until the pictures stand there."""
    most = 0
    for part in range(1, 13):
        page.evaluate("part => window.scrollTo(0, document.documentElement.scrollHeight * part)", part / 12)
        page.wait_for_function("""() => [...document.querySelectorAll('[data-page]')].some(list => {
          const { top, bottom } = list.getBoundingClientRect()
          return list.firstElementChild && top < innerHeight && bottom > 0 })""")
        page.wait_for_timeout(300)
        most = max(most, page.evaluate(FILLED))
    return most


@contextmanager
def served() -> Iterator[str]:
    """A server on a library of rows: its thumbnails are not there, so that pictures do not take part."""
    with tempfile.TemporaryDirectory() as folder:
        environ = {"ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": folder, "ANAGNORISIS_IMAGES__MEDIA_DIRECTORY": folder,
                   "ANAGNORISIS_MAIN__PORT": str(free_port())}
        subprocess.run([sys.executable, "-m", "flask", "--app", "flaskr", "init-db"], env=os.environ | environ, check=True,
                       capture_output=True)
        with application(folder, **environ) as app:
            fill(app.extensions["modules"]["images"], PICTURES)
        server = subprocess.Popen([sys.executable, "-m", "flask", "--app", "flaskr", "serve"], env=os.environ | environ,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        url = f"http://127.0.0.1:{environ['ANAGNORISIS_MAIN__PORT']}"
        try:
            while True:
                try:
                    urllib.request.urlopen(f"{url}/health", timeout=5).read()
                    break
                except OSError:
                    time.sleep(0.1)
            yield url
        finally:
            server.terminate()
            server.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


if __name__ == "__main__":
    for line in run():
        print(line)
