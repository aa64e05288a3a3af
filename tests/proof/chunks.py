"""Long work in chunks, on two cores."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any, Final, TypeVar

T = TypeVar("T")

PROCESSES: Final = 2
CHUNK: Final = 500


def run_chunks(
    count: int,
    run: Callable[[int, int], T],
    *,
    begin: Callable[[Any], object] | None = None,
    plan: object = None,
) -> Iterator[T]:
    """Do `count` of something: `run(first, size)` of each chunk, in the order in which they end.

    Each process begins with `begin(plan)`, where there is something to begin with. Chunks that are
    not begun are left undone when nobody asks for more.
    """
    with (
        ProcessPoolExecutor(PROCESSES)
        if begin is None
        else ProcessPoolExecutor(PROCESSES, initializer=begin, initargs=(plan,))
    ) as pool:
        jobs = [
            pool.submit(run, first, min(CHUNK, count - first)) for first in range(0, count, CHUNK)
        ]
        try:
            for job in as_completed(jobs):
                yield job.result()
        finally:
            pool.shutdown(cancel_futures=True)
