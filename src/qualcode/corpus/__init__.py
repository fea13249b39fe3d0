"""Scoring a corpus beyond a study: Parquet in, Parquet out, on this machine or on a cluster.

A corpus is cut into pieces (`pieces`). Two functions of one piece (`tasks`) check it and score it;
whatever runs them (`engines`) gives the same rows. Only this package knows Parquet and Dask.
"""
