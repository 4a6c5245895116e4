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
    Command{"wait", "Wait until PostgreSQL accepts connections",
            "Example: slipway wait --wait-timeout 2min && ./seed.sh", define_wait},
    Command{"upgrade", "Apply pending revisions",
            "TARGET is heads (the default), head, a revision or what begins its id, +N, or BRANCH@head.\n\n"
            "Example: slipway upgrade\n"
            "         slipway upgrade +1 --dry-run",
            define_upgrade},
    Command{"downgrade", "Undo applied revisions",
            "TARGET is -1 (the default), -N, base, or the revision that stays.\n\n"
            "Example: slipway downgrade\n"
            "         slipway downgrade 003",
            define_downgrade},
    Command{"current", "Show the database's revision",
            "Prints the rows of the version table; nothing where nothing was applied. Never writes.\n\n"
            "Example: slipway current",
            define_current},
    Command{"history", "Show all revisions, newest first",
            "Reads the folder alone; with -i also the database, which it never writes to.\n\n"
            "Example: slipway history -i",
            define_history},
    Command{"create", "Write the file of a new revision",
            "The id goes on as the folder's ids do: a sequence, timestamps or hexadecimal digits. Prints the new\n"
            "file's path. Nothing is ever overwritten.\n\n"
            "Example: $EDITOR \"$(slipway create 'add invoices')\"",
            define_create},
    Command{"accept", "Record an edited or inserted script as it stands",
            "For a revision whose script was edited after it ran: records the script of today as the one that ran.\n"
            "For one behind the head that never ran: records it as applied. No script is run.\n\n"
            "Example: slipway accept 003",
            define_accept},
    Command{"resolve", "Settle a script without a transaction that was cut off",
            "A script with transaction:false runs statement by statement. Where it was cut off at a statement that\n"
            "may not be safe to run twice, a person looks and decides.\n\n"
            "Example: slipway resolve 004 --retry",
            define_resolve},
    Command{"config", "Show the settings and where each comes from", "Secrets are masked.\n\nExample: slipway config",
            define_config},
    Command{"version", "Show the version", "Example: slipway version", define_version},
};

}  // namespace

std::span<const Command> commands() {
  return table;
}

}  // namespace slipway
