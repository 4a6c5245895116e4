#include <array>

#include "commands/command.h"

namespace slipway {
namespace {

// In the order of `slipway --help`.
constexpr std::array table{
    Command{"run", "Wait for the database, migrate it, then start the application",
            "Waits for PostgreSQL, applies the pending revisions, and becomes the application's init process. If a\n"
            "step before the launch fails, the application is not started.\n\n"
            "  ENTRYPOINT [\"slipway\", \"run\", \"--\"]\n"
            "  CMD [\"uvicorn\", \"app.main:app\", \"--host\", \"0.0.0.0\"]\n\n"
            "Example: slipway run -- uvicorn app.main:app",
            define_run},
    Command{"wait",
            "Wait until PostgreSQL accepts connections, or until the schema is there",
            "With --for head, waits until another process has brought the database to this folder's heads. Use it\n"
            "for workers and sidecars that need the schema and must not migrate. Never writes to the database.\n\n"
            "Example: slipway wait --wait-timeout 2min && ./seed.sh\n"
            "         slipway wait --for head && exec ./worker",
            define_wait,
            {},
            choices_of_wanted},
    Command{"health",
            "Check that the database answers and has the schema",
            "The exit code is 0 if it does. Otherwise the exit code is 1, and a line on stderr says why. Makes one\n"
            "attempt on one connection, and never waits. Never writes to the database.\n\n"
            "  HEALTHCHECK CMD [\"slipway\", \"health\"]\n\n"
            "Example: slipway health\n"
            "         slipway health --for connection",
            define_health,
            {},
            choices_of_wanted},
    Command{"upgrade", "Apply pending revisions",
            "TARGET is heads (the default), head, a revision or the beginning of its id, +N, or BRANCH@head.\n\n"
            "Example: slipway upgrade\n"
            "         slipway upgrade +1 --dry-run\n"
            "         slipway upgrade 001:head --sql > upgrade.sql",
            define_upgrade},
    Command{"downgrade", "Undo applied revisions",
            "TARGET is -1 (the default), -N, base, or the revision to go back to.\n\n"
            "Example: slipway downgrade\n"
            "         slipway downgrade 003\n"
            "         slipway downgrade head:003 --sql > downgrade.sql",
            define_downgrade},
    Command{"stamp", "Record a revision without running it",
            "Replaces the rows on the branch of the revision with the revision; base empties the version table.\n"
            "The journal records that it was a stamp. Use it if the database got its schema in another way.\n\n"
            "Example: slipway stamp head\n"
            "         slipway stamp --purge core@head billing@head",
            define_stamp},
    Command{"check", "Check the migrations folder and the database",
            "Checks that every file in the folder can be read, that the revisions fit together, that there is one\n"
            "head, and that no script contains statements that can't run in it, such as psql commands, or CREATE\n"
            "INDEX CONCURRENTLY in a transaction. If a database is configured, also checks that no revision was\n"
            "edited, inserted or cut off, and that none is pending. Prints what it finds; the exit code is then 1,\n"
            "or 65 if the folder can't be read. Never writes to the database.\n\n"
            "Does not check the syntax of the SQL. `DATABASE_URL=scratch: slipway upgrade` runs all of it.\n\n"
            "Example: slipway check --offline",
            define_check},
    Command{"current", "Show the revision that the database is at",
            "Prints the tips of the applied revisions, or nothing if no revision is applied. With --check-heads,\n"
            "the exit code is 1 if the database is not at the heads of the folder. Never writes to the database.\n\n"
            "Example: slipway current --check-heads",
            define_current},
    Command{"history",
            "Show all revisions, newest first",
            "Reads only the folder. With -i, or with a range that names current, it also reads the database. Never\n"
            "writes to the database.\n\n"
            "Example: slipway history -i\n"
            "         slipway history -r -3:current\n"
            "         slipway history -i --format html > history.html",
            define_history,
            {},
            choices_of_history},
    Command{"heads", "Show the heads: the revisions that no other revision revises", "Example: slipway heads -v",
            define_heads},
    Command{"branches", "Show the branch points: the revisions that several others revise",
            "Example: slipway branches -v", define_branches},
    Command{"show", "Show revisions in full",
            "REVISION is an id or the beginning of one, a label, head, heads, current, -N, ID-N, or BRANCH@head.\n\n"
            "Example: slipway show head",
            define_show},
    Command{"create", "Create the file of a new revision",
            "The id continues the ids of the folder: a sequence, timestamps or hexadecimal digits. Prints the path\n"
            "of the new file. Never overwrites a file. `slipway revision` is the same command.\n\n"
            "Example: $EDITOR \"$(slipway create 'add invoices')\"\n"
            "         slipway revision -m 'create invoices' --head base --branch-label billing",
            define_create, "revision"},
    Command{"merge", "Create a revision that merges several others",
            "The new revision has no statements unless you write some. Prints the path of the new file.\n\n"
            "Example: slipway merge heads -m 'One line again'",
            define_merge},
    Command{"rebase", "Change a revision's parent",
            "Use it if two revisions were written on the same parent. It changes the line `revises` in the file of\n"
            "one, so that this revision comes after the other. It is refused if the revision has been applied to\n"
            "the configured database.\n\n"
            "Example: slipway rebase 003a --onto 003b --dry-run",
            define_rebase},
    Command{"edit", "Open the file of a revision in your editor",
            "VISUAL or EDITOR names the editor.\n\n"
            "Example: slipway edit head",
            define_edit},
    Command{"ensure-version", "Create the version table and the journal if they are missing",
            "Every command that writes does this by itself. Use this one to set up privileges beforehand.\n\n"
            "Example: slipway ensure-version --role migrator",
            define_ensure_version},
    Command{"accept", "Record an edited or inserted script as it is now",
            "If the script of a revision was edited after it ran, records the present script as the one that ran.\n"
            "If a revision behind the head never ran, records it as applied. Runs no script.\n\n"
            "Example: slipway accept 003",
            define_accept},
    Command{"resolve", "Settle a script without a transaction that was cut off",
            "A script with transaction:false runs statement by statement. If it was cut off at a statement that may\n"
            "not be safe to run twice, slipway stops. Look at the database, then choose --done or --retry.\n\n"
            "Example: slipway resolve 004 --retry",
            define_resolve},
    Command{"config", "Show the settings and where each comes from",
            "Secrets are masked.\n\n"
            "Example: slipway config",
            define_config},
    Command{"version", "Show the version", "Example: slipway version", define_version},
    Command{"manual", "Print a man page", "Example: slipway manual | man -l -", define_manual, {}, choices_of_manual},
    Command{"completion",
            "Print a completion script for a shell",
            "Debian's package installs these scripts. Elsewhere, load the script when your shell starts.\n\n"
            "Example: source <(slipway completion bash)",
            define_completion,
            {},
            choices_of_completion},
};

}  // namespace

std::span<const Command> commands() {
  return table;
}

}  // namespace slipway
