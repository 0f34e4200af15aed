"""Demo frames say nothing of people."""

from shop.foundation.privacy import not_personal

not_personal("trials.TrialUnit", why="Barcode and shelf of a demo frame.")
