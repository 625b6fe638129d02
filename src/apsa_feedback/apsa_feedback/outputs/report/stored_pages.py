"""The stored pages of a person, for other outputs to show."""

from collections.abc import Callable, Mapping

from apsa_feedback.coaching.cue_book import CueBook
from apsa_feedback.outputs.report.settings import ReportSettings
from apsa_feedback.outputs.report.stored_files import is_page_of
from apsa_perception.model.paths import path_of


def stored_pages(
    settings: ReportSettings,
    person: Callable[[], str],
    book: Callable[[], CueBook],
    titles: Callable[[], Mapping[str, str]] | None = None,
) -> Callable[[str], str | None] | None:
    """Return a function from the file name of a page to its HTML; None without a folder.

    An empty name is the page over all sessions, in the language of now. The function returns None
    for every other file, and without a person.

    Args:
        settings: the folder.
        person: returns the pseudonym of the person now; empty: none.
        book: returns the words of the language.
        titles: returns the titles of the programmes that can be planned; None: any can be.
    """
    if not settings.dir:
        return None
    # Not without a folder: the templates take a tenth of what the feedback node imports.
    from apsa_feedback.outputs.report.person_files import progress_page

    folder = path_of(settings.dir)

    def page(name: str) -> str | None:
        of = person()
        if of and not name:
            return progress_page(folder, of, book(), titles() if titles else None)
        if not (of and is_page_of(of, name)):
            return None
        try:
            return (folder / name).read_text(encoding="utf-8")
        except OSError:
            return None

    return page
