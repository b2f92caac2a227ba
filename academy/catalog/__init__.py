"""Catalog: courses, immutable revisions, publishing, media and search."""
