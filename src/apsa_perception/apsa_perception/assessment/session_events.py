"""What happened last in a session: the event and its sentence for people."""

from apsa_perception.exercises.definition import ExerciseDefinition
from apsa_perception.model.codes import SessionEvent, Side
from apsa_perception.model.sentences import Sentence


class SessionEvents:
    """The chosen exercise and the last event; what happens in a frame is reported once."""

    def __init__(self) -> None:
        self._exercise: ExerciseDefinition | None = None
        self._event = SessionEvent.NONE
        self._message = ""
        self._selected_body_id = 0
        self._sideways = False
        self._not_returned = 0

    @property
    def exercise(self) -> ExerciseDefinition | None:
        """The chosen exercise, if any."""
        return self._exercise

    def report(self, event: SessionEvent, message: str) -> None:
        """Set the last event and its sentence for people."""
        self._event = event
        self._message = message

    def add_note(self, note: str) -> None:
        """Append a second sentence to the message of the last event, unless it is empty."""
        if note:
            self._message = f"{self._message}; {note}"

    def note_selection(self, body_id: int) -> None:
        """Report who was selected as the exerciser; 0: chosen automatically."""
        self._selected_body_id = body_id
        who = f"person {body_id} is coached" if body_id else "the person is chosen automatically"
        self.report(SessionEvent.PERSON_SELECTED, who)

    def note_other_side(self, side: Side) -> None:
        """Report that only the other side moved, so that nothing was counted.

        A mirrored picture cannot be recognised as such; an exercise for one side reveals it.
        """
        moved, meant = ("left", "right") if side is Side.LEFT else ("right", "left")
        self.report(
            SessionEvent.OTHER_SIDE,
            f"your {moved} side moved, but this exercise is for the {meant} side; if you did move "
            f"the {meant} side, the camera mirrors its picture: set the parameter mirrored",
        )

    def note_recognised(self) -> None:
        """Report that the exercise was recognised and chosen."""
        self.report(
            SessionEvent.EXERCISE_RECOGNISED,
            f"recognised: {self._title}; repetitions are counted from now on",
        )

    def note_another(self, title: str) -> None:
        """Report that two repetitions were those of another exercise, which has this title."""
        self.report(SessionEvent.ANOTHER_EXERCISE, self.sentence_of_another(title))

    def sentence_of_another(self, title: str) -> str:
        """Return the sentence that this is another exercise, which has this title."""
        return Sentence.ANOTHER_EXERCISE.text(found=title, asked=self._title)

    def note_sideways(self, sentence: str) -> None:
        """Report that the picture is turned, once until the sentence is empty again."""
        if sentence and not self._sideways:
            self.report(SessionEvent.CAMERA_SIDEWAYS, sentence)
        self._sideways = bool(sentence)

    def note_not_returned(self) -> None:
        """Report that a movement was not counted because it did not reach rest.

        The sentence says how many since the last repetition, so that each of them is published.
        """
        self._not_returned += 1
        count = self._not_returned
        some = "a repetition was" if count == 1 else f"{count} repetitions were"
        self.report(
            SessionEvent.NOT_RETURNED,
            f"{some} not counted: go all the way back to the starting position",
        )

    @property
    def _title(self) -> str:
        return self._exercise.title if self._exercise else ""
