import os
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from index.errors import EvaluationError
from retrieval.evaluation.process_pool import map_in_processes, process_count, usable_cores


@dataclass(frozen=True)
class Opening:
    """Opens what raises a number to a power, and says in which process; or what fails."""

    power: int

    def __call__(self) -> Callable[[int], tuple[int, int]]:
        if self.power < 0:
            raise EvaluationError("no power")
        return lambda number: (number**self.power, os.getpid())


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(jobs: int) -> None:
    found = list(map_in_processes(Opening(2), range(20), jobs))
    assert [square for square, _ in found] == [number**2 for number in range(20)]
    assert (os.getpid() in {process for _, process in found}) == (jobs == 1)
    assert len({process for _, process in found}) <= jobs


@pytest.mark.parametrize("jobs", [1, 2])
def test_errors_of_opening_are_raised(jobs: int) -> None:
    with pytest.raises(EvaluationError, match=r"^no power$"):
        list(map_in_processes(Opening(-1), [1], jobs))


@pytest.mark.parametrize(
    ("items", "most", "expected"), [(0, 8, 1), (99, 8, 1), (100, 8, 2), (1251, 8, 8), (1251, 1, 1)]
)
def test_the_number_of_processes_depends_on_the_number_of_items(items: int, most: int, expected: int) -> None:
    assert process_count(items, most) == expected
    assert process_count(20, 8, per_process=10) == 2


def test_there_is_a_core() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
