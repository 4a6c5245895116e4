#include "database/system_roots.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include <libpq-fe.h>
#include <unistd.h>

#include "database/connection.h"

namespace slipway {
namespace {

constexpr int first_with_system_roots = 160000;

// The bundles of root certificates that the distributions' OpenSSL reads.
constexpr std::array bundles{
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Alpine, Arch, distroless
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // the same, later
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/etc/ssl/cert.pem",                                  // Alpine without its package
};

// The first bundle that exists. If none does, libpq reports the first as missing.
std::string bundle() {
  const char* const named = std::getenv("SSL_CERT_FILE");
  if (named != nullptr && *named != '\0') return named;
  const auto* const found = std::ranges::find_if(bundles, [](const char* file) { return ::access(file, F_OK) == 0; });
  return found == bundles.end() ? bundles.front() : *found;
}

}  // namespace

void name_system_roots(ConnectParameters& parameters) {
  if (value_of(parameters, "sslrootcert") != "system" || PQlibVersion() >= first_with_system_roots) return;
  const std::string mode{value_of(parameters, "sslmode")};
  if (!mode.empty() && mode != "verify-full")
    throw ConnectRefused{{.prospect = Prospect::never,
                          .exit_code = ExitCode::bad_configuration,
                          .reason = "sslrootcert=system with sslmode=" + mode + " would not verify the server",
                          .hint = "set sslmode=verify-full, or unset sslmode and PGSSLMODE"}};
  set(parameters, "sslmode", "verify-full");
  set(parameters, "sslrootcert", bundle());
}

}  // namespace slipway
