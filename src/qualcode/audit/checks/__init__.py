"""The checks: each is a function from what was read to findings."""
