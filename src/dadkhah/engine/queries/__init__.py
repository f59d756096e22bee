"""The text of queries: tokens, what is accepted, stored queries and their parameters. Evaluates nothing."""
