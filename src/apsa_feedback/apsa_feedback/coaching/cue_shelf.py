"""The cue books of a folder."""

from pathlib import Path

from apsa_feedback.coaching.cue_book import CueBook


class CueShelf:
    """Loads cue books; a file is read again only after it has changed.

    Args:
        folder: folder of the cue files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._books: dict[str, tuple[tuple[int, int], CueBook]] = {}

    def load(self, locale: str) -> CueBook:
        """Return the book of a language.

        Raises:
            CueBookError: the language does not exist, or a text is missing or wrong.
        """
        version = self._version(locale)
        held = self._books.get(locale)
        if version is not None and held is not None and held[0] == version:
            return held[1]
        book = CueBook.load(self._folder, locale)
        if version is not None:
            self._books[locale] = (version, book)
        return book

    def _version(self, locale: str) -> tuple[int, int] | None:
        try:
            status = (self._folder / f"{locale}.yaml").stat()
        except (OSError, ValueError):  # ValueError: a zero byte in the name
            return None
        return status.st_mtime_ns, status.st_size
