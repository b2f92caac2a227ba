"""How much an importer takes in. Together they keep one import below 256 MB of memory."""

MB = 1024 * 1024

MAX_FILE_BYTES = 50 * MB
"""One file as it comes, packed or not. A caller looks at its size before it reads it."""

MAX_UNPACKED_BYTES = 80 * MB
"""Everything in an archive, unpacked."""

MAX_FILES = 2000
"""In an archive."""

MAX_DIRECTORY_BYTES = MB
"""The list of contents of an archive; what unpacks it reads the whole list at once."""

MAX_PICTURE_BYTES = 10 * MB

MAX_TEXT_BYTES = 4 * MB
"""A Markdown, GIFT or CSV file."""

MAX_XML_BYTES = 12 * MB
"""One XML part of an office document."""

MAX_MOODLE_BYTES = 40 * MB
"""A Moodle XML file; its pictures stand inside it."""

MAX_ELEMENTS = 400_000
"""Of one XML tree that is held whole."""

MAX_DEPTH = 200

MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_QUESTIONS = 5000
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
