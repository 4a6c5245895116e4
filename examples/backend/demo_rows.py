"""Demo rows for the first start."""

import asyncpg

USERS = [
    ("ada@example.com", "ada", "Ada Lovelace", "Writes programs for machines that do not exist yet.", "Europe/London"),
    ("grace@example.com", "grace", "Grace Hopper", "Finds bugs, and tapes them into the log book.", "America/New_York"),
    ("edsger@example.com", "edsger", "Edsger Dijkstra", "Takes the shortest path.", "Europe/Amsterdam"),
]

# The title of each thread, and its messages with their authors; None is the assistant.
THREADS = [
    (
        "Launch checklist",
        [
            ("ada", "Are all migrations in?"),
            (None, "Yes: the ledger says 002, and that is the head."),
            ("ada", "Then let her slip."),
        ],
    ),
    (
        "Moth in relay 70",
        [
            ("grace", "First actual case of a bug being found."),
            ("edsger", "Testing shows the presence of bugs, never their absence."),
        ],
    ),
]

# If replicas start together, one of them writes the rows. The others wait for it and then find the rows.
LOCK = 7_310_001


async def write_demo_rows(pool: asyncpg.Pool) -> bool:
    """Fills the tables if they are empty, and returns whether they were."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        if await connection.fetchval("SELECT EXISTS (SELECT FROM users)"):
            return False
        ids = {}
        for email, username, display_name, bio, timezone in USERS:
            ids[username] = await connection.fetchval(
                "INSERT INTO users (email, username, display_name, bio, timezone) "
                "VALUES ($1, $2, $3, $4, $5) RETURNING id",
                email, username, display_name, bio, timezone,
            )  # fmt: skip
        for title, messages in THREADS:
            thread = await connection.fetchval(
                "INSERT INTO chat_threads (user_id, title) VALUES ($1, $2) RETURNING id", ids[messages[0][0]], title
            )
            await connection.executemany(
                "INSERT INTO chat_messages (thread_id, user_id, role, content) VALUES ($1, $2, $3, $4)",
                [(thread, ids.get(who), "user" if who else "assistant", text) for who, text in messages],
            )
        return True
