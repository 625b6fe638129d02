"""The model card beside the shipped weights."""

from pathlib import Path

from apsa_perception.apsa.weights import load_weights
from apsa_training.evaluation.model_card import write_card
from apsa_training.shipped_weights import shipped_weights


def test_shipped_card_is_that_of_the_shipped_weights(tmp_path: Path) -> None:
    model, header = load_weights(shipped_weights())
    write_card(tmp_path / "card.md", header, model)
    shipped = shipped_weights().with_suffix(".md")
    assert (tmp_path / "card.md").read_text() == shipped.read_text()
