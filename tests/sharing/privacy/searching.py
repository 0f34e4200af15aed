"""Looks for what should be gone: in each row of each table, in each session, in each file."""

import io
import json
import zipfile
from pathlib import Path

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

TABLES = """
SELECT table_name FROM information_schema.tables
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
"""


def rows_with(marker: str) -> set[str]:
    """Return the tables that hold a word in any column of any row, in any case of it."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall()]
        assert len(names) > 60
        for name in names:
            table = connection.ops.quote_name(name)
            statement = f"SELECT count(*) FROM {table} each WHERE each::text ILIKE %s"
            cursor.execute(statement, [f"%{marker}%"])
            if cursor.fetchone()[0]:
                found.add(name)
    # What a session says is encoded.
    for session in Session.objects.all():
        said = json.dumps(SessionStore().decode(session.session_data), ensure_ascii=False)
        if marker.lower() in said.lower():
            found.add("django_session")
    return found


def files_under(folder: Path) -> dict[str, bytes]:
    """Return every file of private storage; of an archive each file it holds, too."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found[str(path.relative_to(folder))] = data
            if zipfile.is_zipfile(io.BytesIO(data)):
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    for name in archive.namelist():
                        found[f"{path.name}:{name}"] = archive.read(name)
    return found


def files_with(marker: str, folder: Path) -> list[str]:
    """Return the files that hold a word."""
    return [name for name, data in files_under(folder).items() if marker.encode() in data]
