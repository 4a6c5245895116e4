"""The way to the database: one pool of connections, made from DATABASE_URL or the file in DATABASE_URL_FILE."""

import json
import os
import pathlib
from urllib.parse import parse_qsl, urlencode, urlsplit

import asyncpg


def dsn(url: str) -> str:
    """The URL as asyncpg takes it.

    SQLAlchemy writes the driver into the scheme (postgresql+asyncpg://) and asyncpg's TLS option as `ssl`; both are
    PostgreSQL's own words after this. The rest, sockets and several hosts too, passes as it is.
    """
    parts = urlsplit(url)
    scheme = parts.scheme.partition("+")[0]
    if scheme not in ("postgresql", "postgres"):
        raise SystemExit("DATABASE_URL must begin with postgresql:// or postgresql+asyncpg://")
    query = [("sslmode" if key == "ssl" else key, value) for key, value in parse_qsl(parts.query)]
    # By hand: urlunsplit leaves out the empty host of postgresql:///name.
    return f"{scheme}://{parts.netloc}{parts.path}" + (f"?{urlencode(query)}" if query else "")


async def open_pool() -> asyncpg.Pool:
    """A few connections that read JSON as Python values. Opened once, at the start."""
    url = os.environ.get("DATABASE_URL")
    if file := os.environ.get("DATABASE_URL_FILE"):  # a secret of Docker's or Kubernetes'
        url = pathlib.Path(file).read_text(encoding="utf-8").strip()
    if not url:
        raise SystemExit("set DATABASE_URL, such as postgresql+asyncpg://user:password@localhost:5432/name")

    async def read_json(connection: asyncpg.Connection) -> None:
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)

    return await asyncpg.create_pool(dsn(url), min_size=1, max_size=5, init=read_json, command_timeout=10)
