"""Addresses that are neither records nor pages: stored queries, validation, operations."""
