"""Settings of the report."""

from dataclasses import dataclass

from apsa_perception.model.settings import setting


@dataclass(frozen=True)
class ReportSettings:
    """Where reports are written, and whose they are."""

    dir: str = setting("", "folder for an HTML, CSV and JSON report per session; empty: none")
    person: str = setting(
        "", "pseudonym, such as P-017, to compare the reports of a person; empty: none"
    )
