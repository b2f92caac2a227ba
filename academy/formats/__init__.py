"""Other systems' formats ↔ Course, one file a format. Pure: bytes in, a course and what it could not hold out.

`registry` is the door; `facts` has what comes out of it. Readers are loaded when a file of their kind comes.
"""
