"""What a principal investigator sends away: figures, one page with everything, and its source."""
