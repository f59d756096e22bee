"""HTTP itself: connections, requests and responses, headers, codings, negotiation, errors. Knows no address."""
