"""Privacy: see, take along or erase everything held about one person, across all rooms."""
