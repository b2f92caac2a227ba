"""The media store: files named by the hash of their bytes, in one folder of the instance.

A file is written beside and moved into place, so that a reader never sees half of one; writing it again changes nothing.
"""

import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

CONTENT_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".mp4": "video/mp4",
    ".vtt": "text/vtt",
    ".pdf": "application/pdf",
}


@dataclass(frozen=True)
class MediaStore:
    folder: Path

    def put(self, content: bytes) -> str:
        """Keep these bytes; their SHA-256 in hex."""
        name = sha256(content).hexdigest()
        path = self._path(name)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".{name}.{secrets.token_hex(4)}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
        return name

    def path(self, name: str) -> Path | None:
        """Where the bytes with this hash lie; None when there are none."""
        path = self._path(name)
        return path if path.is_file() else None

    def _path(self, name: str) -> Path:
        return self.folder / name[:2] / name
