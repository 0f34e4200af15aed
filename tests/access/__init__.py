"""Who may open which address: every route of the shop, asked by everybody."""
