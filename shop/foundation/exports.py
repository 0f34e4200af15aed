"""CSV for people who open it in a spreadsheet."""

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.http import HttpResponse

# What a spreadsheet takes for the beginning of a formula, the wide signs of East Asian keyboards
# included: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: object) -> str:
    """Return ``value`` as text that no spreadsheet runs as a formula; numbers stay numbers."""
    text = "" if value is None else str(value)
    if isinstance(value, (int, float, Decimal)) or not text.startswith(FORMULA):
        return text
    return f"'{text}"


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Return rows as a CSV file to be saved.

    Args:
        name: of the file, without its ending.
        head: names of the columns.
        rows: cells; formulas in them are neutralised.
    """
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    writer = csv.writer(response)
    writer.writerow(head)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return response
