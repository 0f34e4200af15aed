"""While the box is with the customer: she is reminded of her days, and may extend them."""
