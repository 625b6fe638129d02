"""The model card that lies beside the shipped weights."""

from pathlib import Path
from typing import Any

from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.weights import ModelHeader

_HEAD = (
    "| | sequences | incorrect | accuracy | macro F1 | balanced accuracy | AUC "
    "| F1 of incorrect | calibration error |"
)
_FIGURES = ("accuracy", "macro_f1", "balanced_accuracy", "auc", "f1_incorrect", "calibration_error")
_TEXT = """# {name} {version}

Judges whether one repetition of an exercise was done correctly: a calibrated probability, or no
answer with the reason. {parameters:,} trained parameters and a reference of how each exercise looks
when done right. Not a medical device.

## Exercises

{exercises}

The side in a name is the person's own moving side. IntelliRehabDS has the sides of its gesture
names exchanged (its "left" gestures move the joints called Right); here that is put right. Both
sides of an exercise are judged by one reference, mirrored.

## Data, licence, credit

IntelliRehabDS: A. Miron, N. Sadawi, W. Ismail, H. Hussain, C. Grosan, "IntelliRehabDS (IRDS) - A
Dataset of Physical Rehabilitation Movements", Data 2021, 6(5), 46, doi:10.3390/data6050046; Zenodo
record 4610859. Licence CC BY 4.0. Changes: repetitions with label 3 left out; coordinates turned
to the body frame, mirrored to one side, resampled, scaled by the torso. No other data went into
these weights.

{sequences} repetitions of {people} subjects: {subjects}.

## Figures

Five folds by subject (fixed, published with the data's reference figures); every repetition is
judged by a network that never saw the person, and calibrated on the other folds: by a slope, which
moves no score across 0.5. The shipped network has learned from all subjects by the same recipe, so
these figures describe the recipe.

{head}
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
{rows}

Always answering "correct" has an accuracy of {majority:.3f}. Scores within {band} of 0.5 are not
given as an answer: {judged:.1%} are judged, {right:.1%} of those rightly. A score above 0.5 is not
given either for a movement that deviates more than every correct repetition in the data, nor for
one that is nearer to the reference of another exercise than to that of its own: that may be the
other exercise, done right.

## Limits

* Few people: nearly all incorrect repetitions come from {patients} patients, most of them from a
  handful. Expect worse on people who move unlike all of them.
* Skeletons of one depth camera (Kinect v2, about 30/s, frontal). Training imitates other sources
  (noise, view angle, hidden and swapped joints, other joint definitions), but there is no labelled
  RGB data to measure that on.
* What is judged is the way from the person's own rest and back. A posture that is held wrong
  from beginning to end is not seen here; the rules of the exercise look at that.
* A repetition has to be cut out as a whole, from rest to rest. Duration and speed do not
  enter: in this data they tell patients from controls.
* Labels are one team's; what exactly made a repetition incorrect is not recorded.

## Train it again

    make train DATA=<folder with irds/irds.npz>

or `python -m apsa_training.train --data <folder> --out models/`; fixed seeds, resumable.
"""


def write_card(path: Path, header: ModelHeader, model: ApsaNetwork) -> None:
    """Write the card as Markdown from what the header of the weights says."""
    training: dict[str, Any] = header.training
    report = training["cross_validation"]
    rows = [_row("all", report["all"]), _row("patients only", report["patients"])]
    rows += [
        _row(f"fold {k}: {' '.join(fold['subjects'])}", fold)
        for k, fold in enumerate(report["folds"], start=1)
    ]
    subjects = training["subjects"]
    whole = report["all"]
    path.write_text(
        _TEXT.format(
            name=header.name,
            version=header.version,
            parameters=sum(value.numel() for value in model.parameters()),
            exercises=", ".join(header.exercises) + ".",
            sequences=training["sequences"],
            people=len(subjects),
            subjects=", ".join(subjects),
            head=_HEAD,
            rows="\n".join(rows),
            majority=1 - whole["incorrect"] / whole["sequences"],
            band=header.uncertain_band,
            judged=report["abstention"]["share_judged"],
            right=report["abstention"]["accuracy_judged"],
            patients=sum(subject.startswith("2") for subject in subjects),
        ),
        encoding="utf-8",
    )


def _row(title: str, values: dict[str, float]) -> str:
    numbers = " | ".join(f"{values[name]:.3f}" for name in _FIGURES)
    return f"| {title} | {values['sequences']:.0f} | {values['incorrect']:.0f} | {numbers} |"
