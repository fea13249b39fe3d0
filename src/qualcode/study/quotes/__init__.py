"""Quotes: which answers show a theme, who cleared them, and what of the study may leave it."""
