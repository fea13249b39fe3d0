"""Suggestions of a study: what a model learns from it, what it writes, and how good it is.

Nothing here codes. What a coder takes over is a coding of that coder, and the journal says that
it was suggested.
"""
