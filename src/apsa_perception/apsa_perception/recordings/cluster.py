"""Tasks on a Dask cluster: one on this machine, or the lab's own."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

import dask
from distributed import Client, LocalCluster, as_completed

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")

_CONNECT_S = 10
_PATIENT = {
    "distributed.comm.timeouts.connect": "120s",
    "distributed.comm.timeouts.tcp": "120s",
    "distributed.scheduler.allowed-failures": 2,
}
"""A machine that is busy with the recordings themselves answers late."""

_AT_ONCE = 10_000
"""Tasks that the scheduler knows at a time; each costs it some kilobytes."""


class ClusterError(ValueError):
    """The scheduler cannot be used; one sentence."""


@contextmanager
def cluster(scheduler: str, workers: int) -> Iterator[Client]:
    """Connect to a scheduler, or start a cluster on this machine and end it afterwards.

    Args:
        scheduler: address such as ``tcp://host:8786``; empty: this machine.
        workers: processes on this machine; a scheduler has its own.

    Raises:
        ClusterError: the scheduler does not answer.
    """
    with ExitStack() as stack:
        if not scheduler:
            stack.enter_context(dask.config.set(_PATIENT))
            # With a certificate of its own: any local user could send code to an open port.
            local = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                security=True,
                dashboard_address=None,
                silence_logs=50,
            )
            stack.enter_context(local)
            yield stack.enter_context(Client(local))
            return
        try:
            client = stack.enter_context(Client(scheduler, timeout=_CONNECT_S))
        except (OSError, ValueError) as error:
            raise ClusterError(
                f"SCHEDULER {scheduler} cannot be used ({' '.join(str(error).split())}); expected "
                "the address of a Dask scheduler such as tcp://host:8786"
            ) from error
        yield client


def results_of(
    client: Client, work: Callable[..., R], tasks: Mapping[K, tuple[Any, ...]]
) -> Iterator[tuple[K, R | str]]:
    """Run tasks and yield their results as they are finished.

    Args:
        client: the cluster.
        work: importable function.
        tasks: its arguments by a key.

    Yields:
        Key and result, or one sentence about why there is none: the worker was killed, for
        instance because a file needs more memory than there is.
    """
    waiting = iter(tasks.items())
    keys = {}

    def submit() -> Any:
        for key, arguments in waiting:
            future = client.submit(work, *arguments, pure=False)
            keys[future.key] = key
            return future
        return None

    running = as_completed([f for f in (submit() for _ in range(_AT_ONCE)) if f is not None])
    for future in running:
        key = keys.pop(future.key)
        error = future.exception()
        yield key, _sentence(error) if error is not None else future.result()
        future.release()
        if (following := submit()) is not None:
            running.add(following)


def _sentence(error: BaseException) -> str:
    text = " ".join(str(error).split())
    if type(error).__name__ == "KilledWorker":
        return "its worker process was killed several times, perhaps for lack of memory"
    return f"{type(error).__name__}: {text}"
