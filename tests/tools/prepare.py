"""What the browser tests need beside Python packages: Chromium and a Korean font.

Installed with the system's package manager when this runs as root on Debian or a relative of it; otherwise it says exactly what to
install and stops.
"""

import os
import shutil
import subprocess
import sys

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")


def chromium() -> str | None:
    """Where Chromium is; None when it is not installed."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def _has_korean_font() -> bool:
    listing = shutil.which("fc-list")
    if listing is None:
        return False
    found = subprocess.run([listing, ":lang=ko"], capture_output=True, check=False)
    return bool(found.stdout.strip())


def main() -> int:
    if chromium() and _has_korean_font():
        return 0
    install = shutil.which("apt-get")
    if install is None or os.geteuid() != 0:
        sys.stderr.write(
            "브라우저 시험에는 Chromium과 한글 글꼴이 필요합니다.\n"
            f"  sudo apt-get update && sudo apt-get install --yes {' '.join(PACKAGES)}\n"
            "를 실행한 뒤 다시 해 주세요. (다른 시스템에서는 같은 이름의 꾸러미를 설치해 주세요.)\n"
            "브라우저 없이 할 수 있는 시험만 하려면 make test-without-browser 를 실행해 주세요.\n"
        )
        return 1
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-qq", "--yes", *PACKAGES]):
        subprocess.run([install, *command], check=True, env=environment)
    return 0 if chromium() else 1


if __name__ == "__main__":
    sys.exit(main())
