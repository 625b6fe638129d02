"""Train a quality network from rows of a data set and predict other rows."""

from dataclasses import asdict

from apsa_perception.apsa.network import ApsaNetwork
from apsa_perception.apsa.network_config import NetworkConfig
from apsa_perception.model.skeleton import FloatArray
from apsa_training.data.window_set import Rows, WindowSet
from apsa_training.fitting.calibration import calibrated
from apsa_training.fitting.network_fit import FitConfig, Pool, build_pool, fit, logits


class Trainer:
    """Trains networks and keeps the augmented copies of the last training rows.

    Networks of different shape in one fold share the copies and their soft targets, which take
    about as long as the training itself.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._key: tuple[object, ...] = ()
        self._pool: Pool | None = None

    def fit(
        self, data: WindowSet, rows: Rows, network: NetworkConfig, config: FitConfig
    ) -> ApsaNetwork:
        """Train a network on some rows of the data."""
        made_of = (
            config.augment,
            config.copies,
            config.exchanged_errors,
            config.smoothing,
            config.soft_target_share,
            network.posture,
        )
        key = (id(data), rows.tobytes(), *made_of)
        if self._pool is None or key != self._key:
            self._pool, self._key = build_pool(data, rows, network, config, self._seed), key
        return fit(data, rows, self._pool, network, config, self._seed)

    def predict(
        self,
        data: WindowSet,
        learn: Rows,
        test: Rows,
        network: NetworkConfig,
        config: FitConfig,
    ) -> FloatArray:
        """P(correct) of the test rows by a network trained on the other rows."""
        return calibrated(logits(self.fit(data, learn, network, config), data, test))


def recipe_of(network: NetworkConfig, config: FitConfig, seed: int) -> dict[str, object]:
    """All settings that determine a trained network, as plain values."""
    shape, how = asdict(network), asdict(config)
    return {"network": shape, "reads": list(network.readings), "fit": how, "seed": seed}
