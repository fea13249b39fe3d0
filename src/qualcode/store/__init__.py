"""The study file: the only part of qualcode that speaks SQL."""
