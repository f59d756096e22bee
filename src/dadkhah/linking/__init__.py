"""LINK: names across scripts and spellings, candidates, scores with their explanation, reviewed decisions."""
