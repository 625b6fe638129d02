"""Garbage collection while a process starts."""

import gc

import pytest

from apsa_perception.model.garbage import lasting_objects


def test_what_is_created_meanwhile_is_left_out_of_collections() -> None:
    before = gc.get_freeze_count()
    with lasting_objects():
        assert not gc.isenabled()
        lasting = [[] for _ in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(lasting)
    gc.unfreeze()


def test_a_failed_import_does_not_leave_the_collector_off() -> None:
    with pytest.raises(ImportError), lasting_objects():
        raise ImportError
    assert gc.isenabled()
    gc.unfreeze()
