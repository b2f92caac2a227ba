"""The register of facts: `courses/facts.csv` says which facts lessons may name, and whether they were confirmed.

A lesson names the facts it stands on, so that one correction reaches every lesson that uses it.
"""

import csv
from pathlib import Path

FILE = "facts.csv"


def load(courses: Path) -> dict[str, str] | None:
    """Fact id → mark (`확인` or `상식`); None when there is no register."""
    path = courses / FILE
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["mark"] for row in csv.DictReader(file)}
