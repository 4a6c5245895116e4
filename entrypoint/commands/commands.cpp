#include <array>

#include "commands/command.h"

namespace slipway {
namespace {

// In the order of `slipway --help`.
constexpr std::array table{
    Command{"run", "Wait, migrate, then hand over to the application",
            "Waits for PostgreSQL, applies what is pending, and becomes the application's init.\n"
            "If anything before the launch fails, the application is not started.\n\n"
            "  ENTRYPOINT [\"slipway\", \"run\", \"--\"]\n"
            "  CMD [\"uvicorn\", \"app.main:app\", \"--host\", \"0.0.0.0\"]\n\n"
            "Example: slipway run -- uvicorn app.main:app",
            define_run},
    Command{"wait",
            "Wait until PostgreSQL accepts connections, or has the schema",
            "With --for head it waits until another has brought the database to this folder's heads: for workers\n"
            "and sidecars that need the schema and must not migrate. Never writes.\n\n"
            "Example: slipway wait --wait-timeout 2min && ./seed.sh\n"
            "         slipway wait --for head && exec ./worker",
            define_wait,
            {},
            choices_of_wanted},
    Command{"health",
            "See whether the database answers and has the schema",
            "The exit code is 0 where it does, else 1, and a line says why. One attempt, on one connection: it\n"
            "never waits. Never writes.\n\n"
            "  HEALTHCHECK CMD [\"slipway\", \"health\"]\n\n"
            "Example: slipway health\n"
            "         slipway health --for connection",
            define_health,
            {},
            choices_of_wanted},
    Command{"upgrade", "Apply pending revisions",
            "TARGET is heads (the default), head, a revision or what begins its id, +N, or BRANCH@head.\n\n"
            "Example: slipway upgrade\n"
            "         slipway upgrade +1 --dry-run\n"
            "         slipway upgrade 001:head --sql > upgrade.sql",
            define_upgrade},
    Command{"downgrade", "Undo applied revisions",
            "TARGET is -1 (the default), -N, base, or the revision that stays.\n\n"
            "Example: slipway downgrade\n"
            "         slipway downgrade 003\n"
            "         slipway downgrade head:003 --sql > downgrade.sql",
            define_downgrade},
    Command{"stamp", "Say where the database is, and run nothing",
            "The revision takes the place of the rows on its branch; base empties the table. The journal says\n"
            "that it was a stamp. For a database that got its schema in another way.\n\n"
            "Example: slipway stamp head\n"
            "         slipway stamp --purge core@head billing@head",
            define_stamp},
    Command{"check", "See whether the folder and the database are in order",
            "The folder: every file can be read, all link, every script can be run as it asks to, and there is\n"
            "one head. The database, where one is configured: nothing was edited or inserted, nothing is\n"
            "pending. Prints what it finds; the exit code is then 1, and 65 where the folder can't be read.\n"
            "It does not look at the syntax of the SQL; DATABASE_URL=scratch: slipway upgrade runs everything.\n"
            "Never writes.\n\n"
            "Example: slipway check --offline",
            define_check},
    Command{"current", "Show the database's revision",
            "Prints the tips of what is applied; nothing where nothing is. With --check-heads the exit code is\n"
            "1 where something is pending. Never writes.\n\n"
            "Example: slipway current --check-heads",
            define_current},
    Command{"history",
            "Show all revisions, newest first",
            "Reads the folder alone; with -i, or a range that names current, also the database, which it never\n"
            "writes to.\n\n"
            "Example: slipway history -i\n"
            "         slipway history -r -3:current\n"
            "         slipway history -i --format html > history.html",
            define_history,
            {},
            choices_of_history},
    Command{"heads", "Show the revisions that no other revises", "Example: slipway heads -v", define_heads},
    Command{"branches", "Show where the line forks", "Example: slipway branches -v", define_branches},
    Command{"show", "Show all about a revision",
            "REVISION is an id or what begins it, a label, head, heads, current, -N, ID-N, or BRANCH@head.\n\n"
            "Example: slipway show head",
            define_show},
    Command{"create", "Write the file of a new revision",
            "The id goes on as the folder's ids do: a sequence, timestamps or hexadecimal digits. Prints the\n"
            "new file's path. Nothing is ever overwritten. `slipway revision` is the same command.\n\n"
            "Example: $EDITOR \"$(slipway create 'add invoices')\"\n"
            "         slipway revision -m 'create invoices' --head base --branch-label billing",
            define_create, "revision"},
    Command{"merge", "Write a revision that revises several heads",
            "It has no statements of its own, unless you write some. Prints the new file's path.\n\n"
            "Example: slipway merge heads -m 'One line again'",
            define_merge},
    Command{"rebase", "Let a revision revise another one",
            "For two that were written on the same parent: the line `revises` of one file is changed, so that\n"
            "it comes after the other. Refused where it was applied on the database that is configured.\n\n"
            "Example: slipway rebase 003a --onto 003b --dry-run",
            define_rebase},
    Command{"edit", "Open a revision's file in the editor",
            "VISUAL or EDITOR says which.\n\n"
            "Example: slipway edit head",
            define_edit},
    Command{"ensure-version", "Make the version table and the journal where they are missing",
            "Every command that writes does so by itself; this one is for setting up rights beforehand.\n\n"
            "Example: slipway ensure-version --role migrator",
            define_ensure_version},
    Command{"accept", "Record an edited or inserted script as it stands",
            "For a revision whose script was edited after it ran: records the script of today as the one that\n"
            "ran. For one behind the head that never ran: records it as applied. No script is run.\n\n"
            "Example: slipway accept 003",
            define_accept},
    Command{"resolve", "Settle a script without a transaction that failed or was cut off",
            "A script with transaction:false runs statement by statement. If it failed or was cut off, and\n"
            "slipway can't go on with it, look at what it has done and decide. The revision need not be in the\n"
            "folder any more.\n\n"
            "Example: slipway resolve 004 --retry",
            define_resolve},
    Command{"config", "Show the settings and where each comes from", "Secrets are masked.\n\nExample: slipway config",
            define_config},
    Command{"version", "Show the version", "Example: slipway version", define_version},
    Command{"manual", "Print a man page", "Example: slipway manual | man -l -", define_manual, {}, choices_of_manual},
    Command{"completion",
            "Print a completion script for a shell",
            "Debian's package brings them along; elsewhere a shell reads them when it starts.\n\n"
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
