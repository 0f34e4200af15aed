"""What must stand before settings are read: tests use services of their own."""

import os

os.environ["LORGNETTE_TESTING"] = "1"
