"""Search by name, with the reason for each hit, and what the hits have in common."""
