"""Small cells that a table must not give away, hidden so that nobody can work them out."""
