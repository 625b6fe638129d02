"""How often the coach speaks."""

from dataclasses import dataclass

from apsa_perception.model.settings import check, setting


@dataclass(frozen=True)
class CueSettings:
    """Settings of the cue policy. Times are differences of stamps."""

    min_gap_s: float = setting(
        2.5,
        "[s] minimum time between two cues; a more urgent cue does not wait",
        0.0,
        60.0,
        live=True,
    )
    error_repeat_s: float = setting(
        8.0, "[s] minimum time until the same error is mentioned again", 0.0, 600.0, live=True
    )
    keep_s: float = setting(2.0, "[s] maximum time that a cue waits", 0.0, 60.0, live=True)
    hint_after_s: float = setting(
        4.0, "[s] with nobody or too little in view until a hint", 0.0, 600.0, live=True
    )
    hint_repeat_s: float = setting(
        15.0, "[s] minimum time until the same hint is repeated", 0.0, 3600.0, live=True
    )
    praise_after: int = setting(
        1, "repetitions without a mentioned error until praise", 1, 100, live=True
    )
    encourage_after: int = setting(
        3, "good repetitions in a row until encouragement; 0: never", 0, 100, live=True
    )
    count_every: int = setting(
        5, "repetitions between two spoken counts; 0: never", 0, 100, live=True
    )

    def __post_init__(self) -> None:
        check(self)
        if self.error_repeat_s < self.min_gap_s:
            raise ValueError(
                f"error_repeat_s is {self.error_repeat_s:g}; expected at least min_gap_s, "
                f"{self.min_gap_s:g}"
            )
