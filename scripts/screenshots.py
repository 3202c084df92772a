"""Pictures of the widget in its main states, from the real servers and model: docs/images/widget-*.png."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import yaml  # noqa: E402
from browsing import CASE, Visit, chromium, missing  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402
from support import Servers  # noqa: E402

IMAGES = ROOT / "docs" / "images"
COLOURS = 128
SCENARIO = "guardian-angel"


def keep(visit: Visit, name: str) -> None:
    """A picture of what is on the screen, with few colours, which is all that it has."""
    visit.page.mouse.move(0, 0)
    path = IMAGES / f"widget-{name}.png"
    visit.page.screenshot(path=path, animations="disabled")
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} kB")
    visit.close()


def pictures(browser: Browser, url: str, told: dict[str, str]) -> None:
    """All of them."""
    keep(Visit(browser, url), "consent")
    keep(Visit(browser, url, kept=told, height=1000).ready(), "talk-and-map")
    keep(Visit(browser, url, kept=told, height=1000, color_scheme="dark").ready(), "dark")
    alone = Visit(browser, url, kept=told, width=1440, height=1900).ready()
    alone.button("Map alone").click()
    alone.part("steps").get_by_text("Why, and where it comes from").first.click()
    alone.message.page.evaluate("document.activeElement.blur()")
    keep(alone, "map-alone")
    phone = Visit(
        browser, url, kept=told, width=390, height=844, device_scale_factor=2, reduced_motion="reduce"
    ).ready()
    phone.button("To the map").click()
    phone.page.evaluate("document.activeElement.blur()")
    keep(phone, "phone")
    corner = Visit(browser, url, "/demo")
    keep(corner, "launcher")
    brief = Visit(browser, url, kept=told).ready()
    brief.button("Brief").click()
    brief.page.get_by_label("Your notes").fill("For our talk on Thursday: who could cover for us?")
    keep(brief, "brief")


def rehearsal(browser: Browser, servers: Servers) -> None:
    """A rehearsal as it is played, and the look back at it."""
    script = yaml.safe_load((ROOT / "roleplays" / f"{SCENARIO}.yml").read_text(encoding="utf-8"))
    first, *others = [turn["you"] for turn in script["rehearsals"][1]["turns"]]
    talk = servers.conversation()
    kept = {"conversation": talk.id, "token": talk.token}
    talk.say(CASE[2])
    talk.say(script["title"], f"rehearse:{SCENARIO}")
    talk.say(first)
    keep(Visit(browser, servers.url, kept=kept, height=1000).ready(), "rehearsal")
    status = [talk.say(text)[-1]["custom"]["rehearsal"]["status"] for text in others][-1]
    if status != "ended":
        raise SystemExit(f"No picture of the debrief: the rehearsal is {status}.")
    keep(Visit(browser, servers.url, kept=kept, height=1400).ready(), "debrief")


def main() -> None:
    """Start the servers, tell a case, and take the pictures."""
    reason = missing()
    if reason:
        raise SystemExit(f"No pictures: {reason}.")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Servers(Path(folder)) as servers, chromium() as browser:
        talk = servers.conversation()
        for text in CASE:
            talk.say(text)
        pictures(browser, servers.url, {"conversation": talk.id, "token": talk.token})
        rehearsal(browser, servers)


if __name__ == "__main__":
    main()
