"""A small chat backend. slipway migrates its database and launches it.

    DATABASE_URL=postgresql+asyncpg://user@localhost/name slipway run -- uvicorn --app-dir examples/backend app:app

It expects the schema of migrations/, which slipway has applied before it starts this program.
"""

import logging
import pathlib
from typing import Any, Literal, Optional

import asyncpg
import jinja2
from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from database import open_pool
from demo_rows import write_demo_rows

log = logging.getLogger("uvicorn.error")  # uvicorn's own log, so that its lines and ours look alike

app = FastAPI(title="slipway's example backend")
page_template = jinja2.Environment(autoescape=True).from_string(
    pathlib.Path(__file__).with_name("page.html").read_text(encoding="utf-8")
)

USERS = """
    SELECT id, email, username, display_name, bio, avatar_url, timezone, preferences, created_at
    FROM users ORDER BY id LIMIT $1"""

THREADS = """
    SELECT t.id, t.title, t.user_id, u.username, t.created_at, t.updated_at,
           (SELECT count(*) FROM chat_messages m WHERE m.thread_id = t.id) AS messages
    FROM chat_threads t JOIN users u ON u.id = t.user_id
    ORDER BY t.updated_at DESC, t.id LIMIT $1"""

# The newest, in the order they were written.
MESSAGES = """
    SELECT * FROM (
        SELECT m.id, m.thread_id, m.user_id, u.username, u.display_name, m.role, m.content, m.created_at
        FROM chat_messages m LEFT JOIN users u ON u.id = m.user_id
        WHERE m.thread_id = $1 ORDER BY m.id DESC LIMIT $2) newest
    ORDER BY id"""

REVISIONS = "SELECT version_num FROM alembic_version ORDER BY version_num"

Limit = Query(default=50, ge=1, le=200)
Id = 2**63 - 1  # the greatest bigint


class NewMessage(BaseModel):
    content: str = Field(min_length=1, max_length=10_000)
    user_id: Optional[int] = Field(default=None, ge=1, le=Id)
    role: Literal["user", "assistant", "system"] = "user"


@app.on_event("startup")
async def start() -> None:
    app.state.pool = await open_pool()
    if await write_demo_rows(app.state.pool):
        log.info("the tables were empty: wrote the demo rows")


@app.on_event("shutdown")
async def stop() -> None:
    log.info("shutting down: closing the connections to the database")
    await app.state.pool.close()
    log.info("shut down gracefully")


async def rows(query: str, *arguments: Any) -> list[dict]:
    return [dict(row) for row in await app.state.pool.fetch(query, *arguments)]


async def revisions() -> list[str]:
    return [row["version_num"] for row in await rows(REVISIONS)]


@app.get("/livez")
async def livez() -> dict:
    """200 as long as the process itself answers."""
    return {"status": "ok"}


@app.get("/readyz")
@app.get("/healthz")
async def healthz(response: Response) -> dict:
    """200 as long as the database answers, else 503. Never says why, because the reason may name hosts."""
    try:
        return {"status": "ok", "revision": await revisions()}
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        log.warning("not healthy: %s", type(error).__name__)
        response.status_code = 503
        return {"status": "database unavailable"}


@app.get("/api/users")
async def users(limit: int = Limit) -> list[dict]:
    return await rows(USERS, limit)


@app.get("/api/threads")
async def threads(limit: int = Limit) -> list[dict]:
    return await rows(THREADS, limit)


@app.get("/api/threads/{thread_id}/messages")
async def messages(thread_id: int, limit: int = Limit) -> list[dict]:
    await check_thread(thread_id)
    return await rows(MESSAGES, thread_id, limit)


@app.post("/api/threads/{thread_id}/messages", status_code=201)
async def post_message(thread_id: int, message: NewMessage) -> dict:
    await check_thread(thread_id)
    if "\0" in message.content:
        raise HTTPException(422, "the message contains NUL, which PostgreSQL does not accept in text")
    async with app.state.pool.acquire() as connection, connection.transaction():
        try:
            row = await connection.fetchrow(
                "INSERT INTO chat_messages (thread_id, user_id, role, content) VALUES ($1, $2, $3, $4) "
                "RETURNING id, thread_id, user_id, role, content, created_at",
                thread_id, message.user_id, message.role, message.content,
            )  # fmt: skip
        except asyncpg.ForeignKeyViolationError as error:
            raise HTTPException(422, "there is no such user, or the thread has just been deleted") from error
        await connection.execute("UPDATE chat_threads SET updated_at = now() WHERE id = $1", thread_id)
    return dict(row)


async def check_thread(thread_id: int) -> None:
    found = 0 < thread_id <= Id and await rows("SELECT FROM chat_threads WHERE id = $1", thread_id)
    if not found:
        raise HTTPException(404, "there is no such thread")


@app.get("/", response_class=HTMLResponse)
async def page(request: Request) -> str:
    shown = await rows(THREADS, 20)
    for thread in shown:
        thread["shown"] = await rows(MESSAGES, thread["id"], 20)
    return page_template.render(
        title=app.title, users=await rows(USERS, 50), threads=shown, revisions=await revisions()
    )
