#include "with_session.h"

#include "error/error.h"
#include "graph/selector.h"

namespace slipway {

RevisionId one_revision(const Graph& graph, const std::string& selector) {
  const auto position = resolve_revision(graph, Selector::parse(selector));
  if (!position)
    throw Error{ExitCode::usage, "'" + selector + "' names no revision", "`slipway history` lists the revisions"};
  return graph[*position].id;
}

void with_session(Context& context, const std::function<void(Session&)>& work) {
  Session session = wait_until_ready(context.connection(Access::read_write),
                                     context.wait_policy(WaitsByDefault::without_terminal), context.signals());
  try {
    work(session);
  } catch (const ConnectionLost& lost) {
    throw Error{ExitCode::unavailable, "the connection was lost: " + lost.reason,
                "run `slipway current` to see what was done, then try again"};
  }
}

}  // namespace slipway
