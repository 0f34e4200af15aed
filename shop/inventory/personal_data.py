"""Stock says nothing of people."""

from shop.foundation.privacy import not_personal

not_personal("shop.StockReservation", why="Names the order it is for by its number.")
