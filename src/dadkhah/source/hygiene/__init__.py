"""Rules about statements that need no ontology shapes."""
