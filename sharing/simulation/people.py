"""What the people of a simulation are called."""

FIRST = (
    "Johanna", "Emre", "Lena", "Jakub", "Sofia", "Paul", "Ayla", "Felix", "Greta", "Matteo",
    "Hanna", "Yusuf", "Clara", "Anton", "Zofia", "Moritz", "Nele", "Luca", "Ida", "Konstantin",
    "Elif", "Theo", "Marta", "Jonas", "Amira", "Hannes", "Lucie", "Oskar", "Ines", "David",
    "Franka",
)  # fmt: skip
LAST = (
    "Albrecht", "Yilmaz", "Brandt", "Kowalski", "Conti", "Dietz", "Engel", "Haddad", "Frank",
    "Graf", "Novak", "Hartmann", "Kaya", "Jansen", "Keller", "Lindner", "Rossi", "Maurer",
    "Neumann", "Otto", "Pohl", "Richter", "Demir", "Schuster", "Thiel", "Ullrich", "Vogel",
    "Winter", "Zimmer",
)  # fmt: skip


def name_of(number: int) -> str:
    """Return what the customer of a number is called; no two of 899 in a row are alike."""
    # The lengths have no common divisor, so both going round together meets every pair.
    return f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
