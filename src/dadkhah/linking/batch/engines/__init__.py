"""Engines that bring names together and score them: DuckDB in this process, Spark beyond it."""
