"""Learning the weights of name comparison from labelled pairs; never imported by the service."""
