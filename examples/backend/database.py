"""One pool of connections to the database that DATABASE_URL, or the file in DATABASE_URL_FILE, names."""

import json
import os
import pathlib
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg


def dsn(url: str) -> str:
    """Returns the URL in the form that asyncpg accepts.

    SQLAlchemy writes the driver into the scheme (postgresql+asyncpg://), and asyncpg's TLS option as `ssl`. This replaces
    both by PostgreSQL's own words, and keeps the rest, such as sockets and several hosts.
    """
    parts = urlsplit(url)
    scheme = parts.scheme.partition("+")[0]
    if scheme not in ("postgresql", "postgres"):
        raise SystemExit("DATABASE_URL must begin with postgresql:// or postgresql+asyncpg://")
    query = [("sslmode" if key == "ssl" else key, value) for key, value in parse_qsl(parts.query)]
    # Not by urlunsplit, which leaves out the empty host of postgresql:///name.
    return f"{scheme}://{parts.netloc}{parts.path}" + (f"?{urlencode(query)}" if query else "")


async def open_pool() -> asyncpg.Pool:
    """Opens a few connections, which read JSON as Python values. Called once, at the start."""
    url = os.environ.get("DATABASE_URL")
    if file := os.environ.get("DATABASE_URL_FILE"):  # a secret of Docker's or Kubernetes'
        url = pathlib.Path(file).read_text(encoding="utf-8").strip()
    if not url:
        raise SystemExit("set DATABASE_URL, such as postgresql+asyncpg://user:password@localhost:5432/name")

    async def read_json(connection: asyncpg.Connection) -> None:
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)

    return await asyncpg.create_pool(dsn(url), min_size=1, max_size=5, init=read_json, command_timeout=10)
