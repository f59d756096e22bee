"""Queries on their way: the job, the waiting line, and places for a bounded number."""
