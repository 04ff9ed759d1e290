"""Who may ask: hosts, origins, tokens, rates, and the headers of every answer."""
