"""How large a course may be. A reader of folders or uploads refuses more before it takes it in."""

MAX_YAML_BYTES = 256 * 1024
"""One YAML file, or the front matter of one lesson."""

MAX_LESSON_BYTES = 2 * 1024 * 1024
"""One Markdown file. What the model allows for a lesson (LESSON_SIZE) always fits."""

MAX_MEDIA_BYTES = 50 * 1024 * 1024
"""One picture, sound, film or paper."""

MAX_SVG_BYTES = 1024 * 1024

MAX_FILES = 5000
MAX_TOTAL_BYTES = 128 * 1024 * 1024
"""All files together: a reader holds them in memory at once."""

MAX_YAML_DEPTH = 2
"""A mapping, and lists inside it."""

LESSON_SIZE = 512 * 1024
"""The blocks of one lesson in one language, as bytes of JSON."""

LINE_LENGTH = 500
MARKDOWN_LENGTH = 50_000

BLOCKS = 400
"""In one lesson; what comes after is not read."""

PROBLEMS_PER_FILE = 100
"""After so many a file is not worth reading on."""
