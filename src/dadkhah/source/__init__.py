"""AUTHOR: what documenters write. Which files there are, which graph each becomes, and what their Turtle says."""
