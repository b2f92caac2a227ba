"""The one source of truth for what a course is: model, codec, check, grade, render. Pure."""
