"""CSV for people who open it in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from django.http import HttpResponse, StreamingHttpResponse

# What a spreadsheet takes for the beginning of a formula, the wide signs of East Asian keyboards
# included: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: object) -> str:
    """Return ``value`` as text that no spreadsheet runs as a formula; numbers stay numbers."""
    text = "" if value is None else str(value)
    if isinstance(value, (int, float, Decimal)) or not text.startswith(FORMULA):
        return text
    return f"'{text}"


class _Line:
    """Lets ``csv.writer`` hand each line back."""

    def write(self, line: str) -> str:
        """Return ``line``."""
        return line


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Return rows as lines of CSV (RFC 4180), formulas made harmless, times in ISO 8601."""
    writer = csv.writer(_Line())
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return safe_cell(value)


def streamed_csv(name: str, lines: Iterator[str]) -> StreamingHttpResponse:
    """Return lines of ``csv_lines`` as a file that is sent while it is read.

    Args:
        name: of the file, without its ending.
        lines: its columns' names first.
    """
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


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
