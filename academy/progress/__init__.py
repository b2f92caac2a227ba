"""Progress: attempts, lesson states, completions and certificates. Knows keys, never course content."""
