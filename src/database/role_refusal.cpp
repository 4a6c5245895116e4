#include "database/role_refusal.h"

#include <string>

namespace slipway {

std::optional<Error> role_refusal(Session& session, const ServerError& error) {
  const bool may_be_the_role = error.sqlstate == sqlstate::insufficient_privilege ||
                               error.sqlstate == sqlstate::undefined_object ||
                               error.sqlstate == sqlstate::invalid_parameter_value;
  if (!session.role() || !may_be_the_role) return std::nullopt;
  // Since PostgreSQL 16, a membership may exclude SET ROLE (PostgreSQL: "GRANT").
  const bool has_set_option = session.server_version() >= 160000;
  const std::string may_set = has_set_option ? "'SET'" : "'MEMBER'";
  const Outcome outcome = session.run(
      "SELECT pg_catalog.quote_ident(session_user), r.oid IS NOT NULL, pg_catalog.pg_has_role(session_user, "
      "r.oid, 'MEMBER'), pg_catalog.pg_has_role(session_user, r.oid, " +
      may_set +
      "), pg_catalog.quote_ident(r.rolname) FROM (SELECT 1) AS one LEFT JOIN pg_catalog.pg_roles r ON "
      "r.rolname = " +
      session.literal(*session.role()));
  if (outcome.end == Outcome::End::lost) throw ConnectionLost{outcome.lost_because};
  if (outcome.end == Outcome::End::failed) return std::nullopt;
  const Rows& answer = outcome.results.back();
  if (!answer.is_true(0, 1))
    return Error{ExitCode::bad_configuration, "the role '" + *session.role() + "' does not exist",
                 "create it, or correct --role (SLIPWAY_ROLE)"};
  if (answer.is_true(0, 3)) return std::nullopt;
  const std::string login = answer.text(0, 0);
  const std::string role = answer.text(0, 4);
  return Error{ExitCode::access_refused, login + " is not allowed to SET ROLE " + role,
               "GRANT " + role + " TO " + login + (answer.is_true(0, 2) ? " WITH SET TRUE" : "") +
                   ", or choose another role with --role"};
}

}  // namespace slipway
