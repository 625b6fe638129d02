"""A body and recordings to draw."""

from collections.abc import Callable

import pytest

from apsa_training.camera.body import Body, Phenotype, load_body
from apsa_training.data.packed_files import load_packed
from apsa_training.data.sequences import MotionSequence
from support.paths import ROOT

BODIES = ROOT / "tests" / "data" / "bodies"


@pytest.fixture(scope="session")
def body() -> Body:
    """A body that ships with the tests, so that no body model is needed."""
    return load_body(Phenotype(), BODIES)


@pytest.fixture(scope="session")
def recording() -> Callable[[str], MotionSequence]:
    """A recorded repetition by its name."""
    found = {one.name: one for one in load_packed(ROOT / "tests/data/irds_sample.npz").sequences}
    return found.__getitem__
