"""How dates are written where Django's own way is not the shop's, one package a language."""
