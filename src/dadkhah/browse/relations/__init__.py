"""How records are connected: links, neighbourhoods and the shortest paths between two of them."""
