"""How much an importer takes in. Together they keep one import below 256 MB of memory."""

MB = 1024 * 1024

MAX_FILE_BYTES = 40 * MB
"""One file as it comes, packed or not. A caller looks at its size before it reads it."""

MAX_UNPACKED_BYTES = 60 * MB
"""Everything in an archive, unpacked."""

MAX_FILES = 2000
"""In an archive."""

MAX_DIRECTORY_BYTES = MB
"""The list of contents of an archive; what unpacks it reads the whole list at once."""

MAX_PICTURE_BYTES = 10 * MB

MAX_TEXT_BYTES = 2 * MB
"""A GIFT or CSV file."""

MAX_MARKDOWN_BYTES = MB // 2
"""One Markdown file: the parser makes an object of every mark in it."""

MAX_XML_BYTES = 10 * MB
"""One XML part of an office document."""

MAX_MOODLE_BYTES = 30 * MB
"""A Moodle XML file; its pictures stand inside it."""

MAX_ELEMENTS = 300_000
"""Of one XML tree that is held whole."""

MAX_DEPTH = 200

MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_QUESTIONS = 5000
MAX_LESSONS = 2000

MAX_LOSSES = 2000
"""Listed one by one; the rest is counted."""

LESSON_QUESTIONS = 30
"""A bank of questions is cut into lessons of so many."""

LESSON_BYTES = 400 * 1024
"""A little less than a lesson may hold."""

LESSON_BLOCKS = 300
"""The same for blocks."""

MAX_HTML = 100_000
"""Characters of one HTML text."""


def in_mb(size: int) -> str:
    """For people: whole megabytes, or a half."""
    return f"{size / MB:g}"
