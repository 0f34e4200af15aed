"""Rules of trials say nothing of people."""

from shop.foundation.privacy import not_personal

not_personal("trials.Programme", why="The name of a market's rules.")
