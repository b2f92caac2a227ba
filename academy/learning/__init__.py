"""Learning: the player. Course list, course page, lesson, answers, resume, words, search and certificates."""
