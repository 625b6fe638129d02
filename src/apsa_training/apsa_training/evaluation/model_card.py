"""The model card of the shipped weights."""

from pathlib import Path
from typing import Any

from apsa_perception.apsa.domain import Domain
from apsa_perception.apsa.weights import ApsaModel, DomainLimits, ModelHeader

_COLUMNS = {
    "sequences": "repetitions",
    "incorrect": "incorrect",
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "auc": "AUC",
    "mean_auc": "AUC, mean of exercises",
    "told_correct_of_correct": "correct told correct",
    "told_correct_of_incorrect": "incorrect told correct",
    "judged": "judged",
    "calibration_error": "calibration error",
}
_COUNTS = ("sequences", "incorrect")
_TEXT = """# {name} {version}

Says of one repetition of an exercise whether it is correct: a calibrated probability, or "not
judged" with the reason. {parameters:,} trained parameters, a reference of the correct execution of
each exercise, and a refinement of skeletons that a camera saw ({refinement:,} parameters). Not a
medical device.

## Exercises

{exercises}

Judged from a depth sensor: {depth}.

Judged from a camera: {camera}. How the views were chosen: `docs/quality.md`.

Where the network is not reliable enough (below), the coach's rules give the score.

Both sides of an exercise share one reference, mirrored; the side in a name is the person's own.
A name without a side of a one-sided exercise is judged as the side that is more like it. The arms
do not count in {ignored}: people hold them as they like.

## Data, licence, credit

* IntelliRehabDS: A. Miron, N. Sadawi, W. Ismail, H. Hussain, C. Grosan, "IntelliRehabDS (IRDS) - A
  Dataset of Physical Rehabilitation Movements", Data 2021, 6(5), 46, doi:10.3390/data6050046;
  Zenodo record 4610859. Licence CC BY 4.0. Changes: repetitions with label 3 left out; the side
  taken from the limb that moves; coordinates transformed to the body frame, mirrored to one side,
  resampled, scaled by the torso.
* UI-PRMD: A. Vakanski, H. Jun, D. Paul, R. Baker, "A Data Set of Human Body Movements for Physical
  Rehabilitation Exercises", Data 2018, 3(1), 2, doi:10.3390/data3010002. Open Data Commons Public
  Domain Dedication and License.
* Bodies that were drawn: anny (Apache-2.0, assets CC0).

{recorded} recordings of {people} subjects with a depth sensor, whole and as the coach
cuts them, and {drawn} drawings of them, seen through the pose estimation (`docs/camera.md`).
Among them are squats made from the deep squats of UI-PRMD, by less depth and by constructed errors.
**There is no labelled recording of real people with a camera among them.** What is said of cameras
below was measured on drawn people.

## Figures

Every figure is of people that the network, and the refinement of the skeletons that it judges,
were not trained on: folds by subject, calibrated on the other folds by a slope, which moves no
score across 0.5. "Told correct" counts scores above 0.5 that are given; scores within {band} of 0.5
are not given, nor are scores above 0.5 of movements that deviate more than every correct repetition
in the data, or that are closer to the reference of another exercise. The shipped network was
trained on all subjects with the same settings, so these figures describe the method.

{head}
{rule}
{rows}

AUC by exercise:

{family_head}
{family_rule}
{family_rows}

Mean absolute error of drawn people's skeletons, as the pose estimation sees them and refined:

{refining}

On the one clip of a real person with a reference (four cameras, an odd pose that no exercise has)
the refinement did not help, so the coach's measures do not use it; only the network and the
recogniser of exercises do.

A camera is told from a depth sensor by the name of the skeletons' source, and where that is not
known by the body's proportions ({recognised:.1%} of the training recordings right).

## Limits

* Few subjects: in IRDS nearly all incorrect repetitions are from patients, most of them from a few;
  in UI-PRMD healthy people acted the incorrect ones, several faults at once.
* Drawn people have no real skin, cloth, light or background.
* Only the movement relative to the person's own rest pose is judged. A wrong posture held
  throughout is not detected here; the rules of the exercise check it.
* A repetition must be complete, from rest to rest. Duration and speed are not used.
* The reason for "incorrect" is not recorded in the data.

## Reproduce

    make camera DATA=<folder of the data sets>
    make train DATA=<folder of the data sets>

These weights were trained on every recording, each drawn once, without the drawings of constructed
errors (`--constructed 0`). Fixed seeds, resumable. Settings:
`apsa_training/config/shipped_weights.yaml`.
"""


def write_card(path: Path, header: ModelHeader, model: ApsaModel) -> None:
    """Write the card as Markdown from the header of the weights."""
    training: dict[str, Any] = header.training
    # The header is stored with sorted keys: a card is the same before and after.
    figures: dict[str, dict[str, Any]] = dict(sorted(training["cross_validation"].items()))
    people = [name.partition("-")[0] for name in training["subjects"]]
    titles = ["", *_COLUMNS.values()]
    families = [
        f"| {name.replace('_', ' ')} | "
        + " | ".join(_number(own["auc_of_family"].get(name)) for own in figures.values())
        + " |"
        for name in header.families
    ]
    path.write_text(
        _TEXT.format(
            name=header.name,
            version=header.version,
            parameters=sum(value.numel() for value in model.network.parameters()),
            refinement=sum(value.size for value in model.refinement.tensors.values()),
            exercises=", ".join(header.exercises) + ".",
            depth=_names(header.limits[Domain.DEPTH_SENSOR].judged),
            camera=_seen(header.limits[Domain.CAMERA]),
            ignored=_names(tuple(sorted(header.ignored))),
            recorded=training["recorded"],
            drawn=training["drawn"],
            people=f"{people.count('irds')} (IRDS) and {people.count('ui_prmd')} (UI-PRMD)",
            band=header.uncertain_band,
            head="| " + " | ".join(titles) + " |",
            rule="| " + " | ".join("---" for _ in titles) + " |",
            rows="\n".join(_row(title, own) for title, own in figures.items()),
            family_head="| | " + " | ".join(figures) + " |",
            family_rule="| --- |" + " --- |" * len(figures),
            family_rows="\n".join(families),
            recognised=training["recognised"],
            refining="\n".join(_refining(training["refinement"])),
        ),
        encoding="utf-8",
    )


def _names(families: tuple[str, ...]) -> str:
    return ", ".join(name.replace("_", " ") for name in families)


def _seen(limits: DomainLimits) -> str:
    """Names of what is judged from a camera, with the views if it is not from all."""
    return ", ".join(
        name.replace("_", " ")
        + (f" ({' or '.join(limits.views[name])} view)" if name in limits.views else "")
        for name in limits.judged
    )


def _refining(figures: dict[str, dict[str, float]]) -> list[str]:
    units = {"joint": "mm"}
    rows = [
        f"| {name} | {own['seen']:.1f} | {own['refined']:.1f} | {units.get(name, 'degrees')} |"
        for name, own in sorted(figures.items())
    ]
    return ["| | seen | refined | unit |", "| --- | --- | --- | --- |", *rows]


def _row(title: str, values: dict[str, float]) -> str:
    numbers = " | ".join(
        f"{values[name]:.0f}" if name in _COUNTS else _number(values[name]) for name in _COLUMNS
    )
    return f"| {title} | {numbers} |"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
