"""Things done by several people, or several tabs, at the same moment."""

from collections.abc import Callable
from threading import Barrier, Thread


def at_once(*steps: Callable[[], object]) -> list[object]:
    """What each step gave, or the exception it raised, when all begin together."""
    found: list[object] = [None] * len(steps)
    start = Barrier(len(steps))

    def run(index: int) -> None:
        start.wait()
        try:
            found[index] = steps[index]()
        except Exception as problem:  # noqa: BLE001  a thread has nobody to raise to
            found[index] = problem

    threads = [Thread(target=run, args=(index,)) for index in range(len(steps))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
