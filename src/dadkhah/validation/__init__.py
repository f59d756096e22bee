"""VALIDATE: findings about data, each with file, line, severity and what to do. Reads; never writes data."""
