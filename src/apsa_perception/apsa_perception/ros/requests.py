"""Requests of services, as the assessment takes them."""

from apsa_msgs.srv import RateSet, SelectPerson

from apsa_perception.assessment.subject_chooser import Selection
from apsa_perception.model.codes import RequestError, RequestErrorCode
from apsa_perception.model.results import SetRating


def selection_from_msg(request: SelectPerson.Request) -> Selection:
    """Return who is to be the exerciser.

    Raises:
        RequestError: there is no such method.
    """
    match request.method:
        case SelectPerson.Request.AUTOMATIC:
            return Selection()
        case SelectPerson.Request.BY_ID:
            return Selection(body_id=request.body_id)
        case SelectPerson.Request.BY_POINT:
            return Selection(point=(request.x, request.y))
    raise RequestError(
        RequestErrorCode.OUT_OF_RANGE,
        f"method is {request.method}; expected AUTOMATIC (0), BY_ID (1) or BY_POINT (2)",
    )


def answer_from_msg(request: RateSet.Request) -> SetRating:
    """Return the answer in a request, which may be outside the scales."""
    return SetRating(
        session_id=request.session_id,
        pain=None if request.pain == RateSet.Request.UNKNOWN else request.pain,
        effort=None if request.effort == RateSet.Request.UNKNOWN else request.effort,
        note=request.note,
    )
