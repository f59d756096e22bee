"""Reconciliation apart from any protocol: what is asked, what is found, and how evidence adds up."""
