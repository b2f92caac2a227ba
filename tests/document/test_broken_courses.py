"""Whatever a folder holds, reading it ends quickly, in little memory, with every problem named."""

import json
import resource
import subprocess
import sys
from pathlib import Path

# A guard against a reader that never ends, far above what is needed.
_PROCESSOR_SECONDS = 120


def _limit_processor_time() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_SECONDS, _PROCESSOR_SECONDS))


def test_every_broken_course_ends_with_an_error_and_without_an_exception() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.document.broken"],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[2],
        preexec_fn=_limit_processor_time,
    )
    report = json.loads(done.stdout)
    results = report["results"]
    assert len(results) >= 200
    assert {name: result for name, result in results.items() if isinstance(result, str)} == {}
    assert [name for name, result in results.items() if not result] == []
    assert report["peak_megabytes"] < 256
