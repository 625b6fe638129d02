"""Goals, feedback and results of the action RunExercise."""

from apsa_msgs.action import RunExercise
from apsa_msgs.msg import ErrorCount

from apsa_perception.assessment.goal_progress import Progress, Summary
from apsa_perception.model.codes import RequestErrorCode
from apsa_perception.programmes.goal import ExerciseGoal
from apsa_perception.ros.conversion import header


def goal_from_msg(message: RunExercise.Goal) -> ExerciseGoal:
    """Return what a goal message asks for."""
    return ExerciseGoal(
        exercise=message.exercise,
        programme=message.programme,
        repetitions=message.repetitions,
        seconds=message.seconds,
        body_id=message.body_id,
    )


def progress_to_msg(progress: Progress, stamp_ns: int, frame_id: str) -> RunExercise.Feedback:
    """Return the present moment as a feedback message."""
    return RunExercise.Feedback(
        header=header(stamp_ns, frame_id),
        session_id=progress.session_id,
        state=int(progress.state),
        exercise=progress.exercise,
        exercise_number=progress.exercise_number,
        set_number=progress.set_number,
        repetitions=progress.repetitions,
        held=progress.held_s,
        seconds_left=progress.seconds_left,
        phase=int(progress.phase),
        errors=list(progress.errors),
    )


def summary_to_msg(
    summary: Summary, success: bool, code: RequestErrorCode, message: str
) -> RunExercise.Result:
    """Return what was done, and how it ended, as a result message."""
    return RunExercise.Result(
        success=success,
        error_code=int(code),
        message=message,
        session_id=summary.session_id,
        repetitions=summary.repetitions,
        repetitions_judged=summary.judged,
        repetitions_good=summary.good,
        mean_score=summary.mean_score,
        holds=summary.holds,
        held_best=summary.held_best_s,
        held_total=summary.held_total_s,
        errors=[
            ErrorCount(code=int(error), name=error.name.lower(), count=count)
            for error, count in summary.errors
        ],
    )
