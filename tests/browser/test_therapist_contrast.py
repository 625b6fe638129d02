"""The therapist's view is readable in the dark and in the light."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from apsa_feedback.outputs.base import Answer
from apsa_perception.model.codes import ErrorCode, RequestErrorCode, SessionState, Severity
from apsa_perception.model.results import MeasureResult
from support import chromium
from support.contrast import lowest_contrast, use_scheme
from support.feedback_cases import error, live, repetition, session
from support.page_cases import MARKS, Shot, make_screen

pytestmark = MARKS

MEASURES = (
    MeasureResult("knee_angle", 95.0, "deg", uncertainty=20.0),
    MeasureResult("trunk_lean_forward", 50.0, "deg", uncertainty=8.0),
    MeasureResult("trunk_lean_lateral", float("nan"), "deg", reason="not seen"),
)
LEAST = 4.5
"""The contrast of texts that WCAG 2 asks for at level AA."""


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_every_text_of_the_view_has_enough_contrast(
    shot: Shot, tmp_path: Path, scheme: str
) -> None:
    async def look() -> None:
        screen = make_screen(person="P-017", people=lambda: ["P-017", "P-018"])
        screen.show_event(session())
        for severity in (Severity.MILD, Severity.SEVERE):
            for event in repetition(3.0 * severity, int(severity), error(severity=severity)):
                screen.show_event(event)  # type: ignore[arg-type]
        try:
            async with chromium.browse() as page:
                await use_scheme(page, scheme)
                await page.open(f"{screen.server.url}therapist", 1180, 820)
                await page.wait_for("document.body.dataset.ready")
                assert await page.run(f"matchMedia('(prefers-color-scheme: {scheme})').matches")
                await page.wait_for("document.querySelectorAll('#repetitions tr').length")
                screen.show_answer(Answer("pause", False, "not now", RequestErrorCode.BUSY))
                await page.wait_for("!document.getElementById('answer').hidden")
                for stamp, severity in enumerate((None, *Severity), 1):
                    lean = replace(
                        error(ErrorCode.TRUNK_LEAN_FORWARD), measure="trunk_lean_forward"
                    )
                    raised = [replace(lean, severity=severity)] if severity else []
                    frame = replace(live(0.0, *raised, measures=MEASURES), stamp_ns=stamp)
                    screen.show_view(replace(shot.view(stamp), live=frame))
                    await page.wait_for(f"document.body.dataset.stamp === '{stamp}'")
                    lowest, name = await lowest_contrast(page, "body *")
                    assert lowest >= LEAST, (severity, name)
                await page.screenshot(tmp_path / f"therapist_{scheme}.png")
                screen.show_answer(Answer("pause", True))
                screen.show_event(session(state=SessionState.CLOSED))
                await page.wait_for("document.body.dataset.session === 'closed'")
                lowest, name = await lowest_contrast(page, "body *")
                assert lowest >= LEAST, name
                # A text in the colour of its ground is found.
                await page.run("document.body.style.setProperty('--muted', 'var(--card)')")
                assert (await lowest_contrast(page, "body *"))[0] < 1.1
        finally:
            await asyncio.to_thread(screen.close)

    asyncio.run(look())
