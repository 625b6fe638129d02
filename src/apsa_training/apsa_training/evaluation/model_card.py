"""The model card of the shipped weights."""

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

Classifies one repetition of an exercise as correct or incorrect: a calibrated probability, or "not
judged" with the reason. {parameters:,} trained parameters, and a reference of the correct execution
of each exercise. Not a medical device.

## Exercises

{exercises}

The side in a name is the person's own moving side. IntelliRehabDS exchanges the sides in its
gesture names (its "left" gestures move the joints called Right); this is corrected here. Both sides
of an exercise share one reference, mirrored.

## Data, licence, credit

IntelliRehabDS: A. Miron, N. Sadawi, W. Ismail, H. Hussain, C. Grosan, "IntelliRehabDS (IRDS) - A
Dataset of Physical Rehabilitation Movements", Data 2021, 6(5), 46, doi:10.3390/data6050046; Zenodo
record 4610859. Licence CC BY 4.0. Changes: repetitions with label 3 left out; coordinates
transformed to the body frame, mirrored to one side, resampled, scaled by the torso. No other data
was used.

{sequences} repetitions of {people} subjects: {subjects}.

## Figures

Out-of-fold predictions in five folds by subject (fixed, published with the reference figures of the
data), calibrated on the other folds by a slope, which moves no score across 0.5. The shipped
network was trained on all subjects with the same settings, so these figures describe the method,
not the shipped weights themselves.

{head}
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
{rows}

Predicting "correct" for every repetition has an accuracy of {majority:.3f}. Scores within {band} of
0.5 are not judged: {judged:.1%} of the repetitions are judged, with an accuracy of {right:.1%}. Two
other cases are not judged although the score is above 0.5: a movement that deviates more than every
correct repetition in the data, and one that is closer to the reference of another exercise than to
its own.

## Limits

* Few subjects: nearly all incorrect repetitions are from {patients} patients, most of them from a
  few. Expect lower accuracy for people who move differently.
* Skeletons of one depth camera (Kinect v2, about 30/s, frontal). Augmentation simulates other
  sources (noise, view angle, occluded and swapped joints, other joint definitions); there is no
  labelled RGB data to measure its effect.
* Only the movement relative to the person's own rest pose is judged. A wrong posture held
  throughout is not detected here; the rules of the exercise check it.
* A repetition must be complete, from rest to rest. Duration and speed are not used: in this data
  they separate patients from controls.
* The labels are from one team; the reason for "incorrect" is not recorded.

## Reproduce

    make train DATA=<folder with irds/irds.npz>

or `python -m apsa_training.train --data <folder> --out <folder>`; fixed seeds, resumable. Settings:
`apsa_training/config/shipped_weights.yaml`.
"""


def write_card(path: Path, header: ModelHeader, model: ApsaNetwork) -> None:
    """Write the card as Markdown from the header of the weights."""
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
