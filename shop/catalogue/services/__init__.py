"""What the catalogue can do: take products in, keep pictures, gather lists."""
