"""Who one may log in as in the demo; needs no Django, so that whoever starts it can say so."""

# Shown by every demo on purpose: role, address, password. Never made in a served installation.
LOGINS = [
    ("customer", "mia@lorgnette.example", "five frames five days"),
    ("ops", "ola@lorgnette.example", "pick pack and post"),
    ("manager", "max@lorgnette.example", "figures and frames"),
]
