"""What follows from the statements: written by the build into one graph, never edited, never attributed to a voice."""
