"""Reader processes and the near side of each: started, asked, bounded, ended."""
