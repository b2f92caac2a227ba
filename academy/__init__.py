"""이음 배움터: short modular courses, kept progress and trusted mentors."""
