"""WCAG 2.2 AA: what axe can see, in every state, and what it cannot."""

from __future__ import annotations

import pytest
from browsing import CASE, expect

EVERYTHING_OPEN = "document.querySelector('critical-friend').shadowRoot.querySelectorAll('.map details').forEach(d => d.open = true)"
REHEARSAL = {
    "scenario": "ask",
    "title": "Asking for cover",
    "you": "You run a small team that three agencies lend people to.",
    "scene": "You have half an hour with a deputy chief executive.",
    "status": "playing",
    "speaker": {"name": "Ana Reid", "position": "Deputy chief executive"},
    "stances": {"Ana Reid": "wary"},
    "cast": [{"name": "Ana Reid", "position": "Deputy chief executive"}],
}
SOURCE = {"title": "Integration and Collaboration in Public Services", "section": "Conclusions"}
DEBRIEF = {
    "ending": {
        "id": "yes",
        "title": "A cautious yes",
        "kind": "good",
        "tells": "She will stand behind one try.",
    },
    "goals": [
        {"id": "case", "name": "Let the case speak", "points": 2, "enough": 2, "reached": True},
        {"id": "ask", "name": "Ask for one thing", "points": 0, "enough": 1, "reached": False},
    ],
    "worked": [{"text": "You told one case.", "why": "It is real.", "finding": "one", "source": SOURCE}],
    "hurt": [{"text": "You asked for money first.", "why": "She had none to give."}],
    "missed": [{"goal": "ask", "text": "You did not say what you want.", "finding": "two", "source": SOURCE}],
    "turned": {"text": "You told one case.", "why": "It is real."},
    "next_time": "Ask for one thing, and say until when.",
}


def play(here, **change):
    """Let the server answer as in a rehearsal."""
    reading = {**here.reading(), "rehearsal": {**REHEARSAL, **change}}
    here.hear(
        [
            {
                "text": "So what do you want from me?",
                "speaker": "Ana Reid",
                "custom": reading,
                "buttons": [{"title": "Tell one case", "payload": "play:case"}],
            }
        ]
    )
    here.page.get_by_role("button", name="Rehearse", exact=True).click()
    expect(here.lines("bot").last).to_contain_text("Ana Reid")


def consent(visit, told, **how):
    here = visit(**how)
    here.button("I understand").wait_for()
    return here


def talk(visit, told, **how):
    here = visit(kept=told, **how).ready()
    here.page.evaluate(EVERYTHING_OPEN)
    return here


def closed(visit, told):
    return visit("/demo")


def opened(visit, told):
    here = visit("/demo")
    here.button("Talk it through").click()
    return here


def away(visit, told):
    here = visit().agree()
    here.page.route("**/messages", lambda route: route.abort())
    here.message.fill("Kia ora")
    here.message.press("Enter")
    here.page.locator(".notice").wait_for()
    return here


def lost(visit, told):
    here = visit(kept={**told, "token": "not-the-token"})
    here.page.locator(".notice").wait_for()
    return here


def brief(visit, told, **how):
    here = visit(kept=told, **how).ready()
    here.button("Brief").click()
    return here


def forget(visit, told):
    here = visit(kept=told).ready()
    here.button("Forget").click()
    return here


def rehearsal(visit, told):
    here = visit(kept=told).ready()
    play(here, debrief=DEBRIEF)
    return here


def large(visit, told, **how):
    here = talk(visit, told, **how)
    here.page.evaluate("document.documentElement.style.fontSize = '200%'")
    return here


NARROW = {"width": 320, "height": 640}
STATES = {
    "consent": consent,
    "consent dark": lambda v, t: consent(v, t, color_scheme="dark"),
    "consent narrow": lambda v, t: consent(v, t, **NARROW),
    "closed": closed,
    "open": opened,
    "talk and map": talk,
    "dark": lambda v, t: talk(v, t, color_scheme="dark"),
    "narrow": lambda v, t: talk(v, t, **NARROW),
    "large text": large,
    "away": away,
    "lost": lost,
    "brief": brief,
    "brief narrow": lambda v, t: brief(v, t, **NARROW),
    "forget": forget,
    "rehearsal": rehearsal,
    "forced colours": lambda v, t: talk(v, t, forced_colors="active"),
}
#: Of every control: its size, and whether it lies within the page's width.
CONTROLS = """() => [...document.querySelectorAll('*')].flatMap(e => [e, ...(e.shadowRoot?.querySelectorAll('*') ?? [])])
    .filter(e => e.matches('button, summary, input, textarea, a[href]') && e.checkVisibility() && !e.closest('.skip'))
    .map(e => { const {width, height, left, right} = e.getBoundingClientRect();
                return {name: e.ariaLabel ?? e.textContent.trim(), width, height, left, right}; })"""
OVERFLOWING = """() => [document.documentElement, ...document.querySelector('critical-friend').shadowRoot.querySelectorAll('*')]
    .filter(e => !(e instanceof SVGElement) && !e.matches('.hidden, .hidden *') && e.checkVisibility()
            && e.clientWidth > 0 && getComputedStyle(e).display !== 'inline' && e.scrollWidth > e.clientWidth + 1)
    .map(e => `${e.localName}.${e.className} ${e.scrollWidth} > ${e.clientWidth}: ${e.textContent.slice(0, 60)}`)"""


@pytest.mark.parametrize("state", STATES)
def test_wcag_and_target_sizes(visit, told, state):
    here = STATES[state](visit, told)
    here.page.evaluate(
        "document.getAnimations().forEach(one => one.finish && one.effect.getTiming().iterations !== Infinity && one.finish())"
    )
    assert not here.audit()
    controls = here.page.evaluate(CONTROLS)
    small = [c for c in controls if c["width"] < 24 or c["height"] < 24]
    assert controls and not small
    if state != "closed":
        assert not here.page.evaluate(OVERFLOWING)
    if "narrow" in state:
        assert not [c for c in controls if c["left"] < 0 or c["right"] > 320]


def test_a_page_of_ones_own_colour_keeps_its_contrast(visit, told):
    for accent in ("#ffe14d", "#000", "#ff0000", "#bde0fe"):
        for scheme in ("light", "dark"):
            here = visit(kept=told, color_scheme=scheme).ready()
            here.page.evaluate(
                "c => document.querySelector('critical-friend').style.setProperty('--cf-accent', c)", accent
            )
            assert not [one for one in here.audit() if "contrast" in one], (accent, scheme)


def test_each_message_is_announced_once(visit):
    here = visit().agree()
    here.page.evaluate(
        """() => {
            window.announced = [];
            for (const live of document.querySelector('critical-friend').shadowRoot.querySelectorAll('[aria-live], [role=status], [role=alert], [role=log]'))
                new MutationObserver(all => all.forEach(one => one.addedNodes.forEach(node => announced.push(node.textContent))))
                    .observe(live, {childList: true, subtree: true});
        }"""
    )
    here.say(CASE[0])
    said = [bubble.strip() for bubble in here.lines("bot").locator(".bubble").all_inner_texts()]
    announced = here.page.evaluate("announced")
    assert len(announced) == len(said)
    for one, text in zip(announced, said):
        assert one.startswith(text)
    assert announced[-1].endswith("You can answer: Yes, No, Don't know, Why do you ask?.")
    assert not here.page.locator(".lines[aria-live], .log[aria-live], .map [aria-live]").count()


def test_the_focus_is_kept_and_given_back(visit):
    here = visit("/demo")
    here.button("Talk it through").click()
    assert here.focused().startswith("Kia ora")
    here.button("I understand").click()
    assert here.focused() == "Your message"
    here.say(CASE[2])
    assert here.focused() == "Your message"
    here.answer(here.lines("bot").last.get_by_role("button", name="Yes", exact=True))
    assert here.focused() == "Your message"
    for opener in ("Brief", "Forget"):
        here.button(opener).click()
        here.page.keyboard.press("Escape")
        assert here.focused() == opener
        expect(here.message).to_be_visible()
    here.part("question").get_by_role("button", name="Yes").focus()
    here.answer(here.part("question").get_by_role("button", name="Yes"))
    assert here.focused() == "The question at hand"
    role = here.role("Public entrepreneur")
    role.locator("summary").click()
    here.answer(role.get_by_role("button", name="No", exact=True))
    assert here.focused() == "Correct: public entrepreneur"
    here.answer(here.button("Take out: somebody senior shelters it"))
    assert here.focused() == "What I have heard"
    here.message.focus()
    here.page.keyboard.press("Escape")
    assert here.focused() == "Talk it through"
    here.page.keyboard.press("Enter")
    assert here.focused() == "Your message"


def test_from_consent_to_brief_with_the_keyboard_alone(visit):
    here = visit()

    def tab_to(name, key="Tab", most=60):
        for _ in range(most):
            if here.focused().startswith(name):
                return
            here.page.keyboard.press(key)
        raise AssertionError(f"{name} cannot be reached with {key}; the focus is on {here.focused()!r}")

    tab_to("I understand")
    here.page.keyboard.press("Enter")
    here.page.keyboard.type(CASE[2])
    here.page.keyboard.press("Enter")
    here.lines("bot").last.wait_for()
    here.ready()
    tab_to("Yes", "Shift+Tab")
    before = here.lines("bot").count()
    here.page.keyboard.press("Enter")
    here.lines("bot").nth(before).wait_for()
    here.ready()
    tab_to("Correct: guardian angel")
    here.page.keyboard.press("Enter")
    tab_to("Don’t know")
    here.page.keyboard.press("Space")
    expect(here.role("Guardian angel")).to_contain_text("Not known yet")
    tab_to("Brief", "Shift+Tab")
    here.page.keyboard.press("Enter")
    tab_to("Your notes")
    here.page.keyboard.type("For Thursday.")
    tab_to("Text (Markdown)")
    with here.page.expect_download() as got:
        here.page.keyboard.press("Enter")
    assert "For Thursday." in got.value.path().read_text(encoding="utf-8")
    here.page.keyboard.press("Escape")
    assert here.focused() == "Brief"


def test_the_tab_order_is_the_order_on_the_page(here):
    here.page.locator(".brand").click()
    seen = []
    for _ in range(60):
        here.page.keyboard.press("Tab")
        seen.append(here.focused())
        if "What is still open" in seen[-1]:
            break
    order = ["Brief", "Rehearse", "Forget", "Your message", "Map alone", "Why I think so", "Yes"]
    places = [seen.index(name) for name in order]
    assert places == sorted(places) and "What is still open" in seen[-1]


def test_forced_colours_keep_shapes_and_states_apart(visit, told):
    here = visit(kept=told, forced_colors="active").ready()
    colours = here.page.evaluate(
        """() => ['.send', '.phase.here .phase-word', '.part-question .choice'].map(which => {
            const {color, backgroundColor} = getComputedStyle(document.querySelector('critical-friend').shadowRoot.querySelector(which));
            return [color, backgroundColor];
        })"""
    )
    for ink, ground in colours:
        assert ink != ground
    assert colours[0] == colours[1] and colours[0] != colours[2], "what is chosen stands out"


def test_reduced_motion_stops_all_movement(visit, told):
    moving = "document.querySelector('critical-friend').shadowRoot.getAnimations({subtree: true}).length"
    for motion in ("reduce", "no-preference"):
        here = visit(kept=told, reduced_motion=motion).ready()
        here.page.route("**/messages", lambda route: None)  # never answered
        here.message.fill("Kia ora")
        here.message.press("Enter")
        here.page.locator(".typing").wait_for()
        assert (here.page.evaluate(moving) > 0) == (motion == "no-preference")
        here.page.unroute_all(behavior="ignoreErrors")


def test_a_rehearsal_is_marked_as_one(visit, told):
    here = visit(kept=told).ready()
    play(here)
    expect(here.page.locator(".banner")).to_contain_text(
        "This is a rehearsal. Nothing here goes into your case."
    )
    expect(here.lines("bot").last.locator(".speaker")).to_contain_text("Ana Reid")
    expect(here.part("rehearsal")).to_contain_text("wary")
    for name in ("Hint", "Pause", "Stop"):
        expect(here.page.locator(".banner").get_by_role("button", name=name)).to_be_visible()
    play(here, status="ended", speaker=None, debrief=DEBRIEF)
    expect(here.page.locator(".banner")).to_be_hidden()
    for words in (
        "A cautious yes",
        "Reached",
        "Not yet",
        "Conclusions",
        "Ask for one thing, and say until when.",
    ):
        expect(here.part("rehearsal")).to_contain_text(words)
