"""Adjudication: which answers are in dispute, what is settled of them, and what came of it."""
