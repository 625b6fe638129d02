"""Ratings of sets from and to apsa_msgs."""

from apsa_msgs.msg import SetRating as SetRatingMsg
from apsa_msgs.srv import RateSet

from apsa_perception.assessment.set_ratings import HIGHEST
from apsa_perception.model.codes import RatingState
from apsa_perception.model.results import SetRating

_UNKNOWN = SetRatingMsg.UNKNOWN


def rating_to_msg(rating: SetRating) -> SetRatingMsg:
    """Return a rating as a message."""
    return SetRatingMsg(
        state=int(rating.state),
        session_id=rating.session_id,
        pain=_UNKNOWN if rating.pain is None else rating.pain,
        effort=float(_UNKNOWN if rating.effort is None else rating.effort),
        note=rating.note,
    )


def rating_from_msg(message: SetRatingMsg) -> SetRating:
    """Return a rating message as a rating; what is outside a scale is not answered."""
    return SetRating(
        session_id=message.session_id,
        state=RatingState(message.state),
        pain=message.pain if 0 <= message.pain <= HIGHEST else None,
        effort=message.effort if 0.0 <= message.effort <= HIGHEST else None,
        note=message.note,
    )


def answer_from_msg(request: RateSet.Request) -> SetRating:
    """Return the answer in a request, which may be outside the scales."""
    return SetRating(
        session_id=request.session_id,
        pain=None if request.pain == _UNKNOWN else request.pain,
        effort=None if request.effort == _UNKNOWN else request.effort,
        note=request.note,
    )
