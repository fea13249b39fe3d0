"""Whole studies, played by a team from the survey file to the last table."""
