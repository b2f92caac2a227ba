"""The only room that knows every other: it wires them into one application."""
