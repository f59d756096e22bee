"""What every route gets, and what every answer of a route gets."""
