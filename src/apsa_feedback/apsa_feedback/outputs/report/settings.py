"""Settings of the report."""

from dataclasses import dataclass

from apsa_perception.model.settings import check, setting


@dataclass(frozen=True)
class ReportSettings:
    """Where reports are written, and whose they are."""

    dir: str = setting("", "folder for an HTML, CSV and JSON report per session; empty: none")
    person: str = setting(
        "",
        "pseudonym, such as P-017, to compare the reports of a person; empty: none. A change holds "
        "from the next session on",
        live=True,
    )
    min_repetitions: int = setting(
        3,
        "repetitions below which a session was only tried and leaves no report, unless it has a "
        "hold, a rating, or as many as its programme asks for; 0: every session has one",
        0,
        1000,
    )

    def __post_init__(self) -> None:
        check(self)
