#include "settings/socket_files.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace slipway {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view file_name = "/.s.PGSQL.";

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts(1);
  for (const char character : list) {
    if (character == ',')
      parts.emplace_back();
    else
      parts.back() += character;
  }
  return parts;
}

// Where the file's name begins; npos in anything else.
std::size_t find_file_name(std::string_view host) {
  const auto begin = host.rfind(file_name);
  if (!host.starts_with('/') || begin == std::string_view::npos) return std::string_view::npos;
  const std::string_view port = host.substr(begin + file_name.size());
  return !port.empty() && std::ranges::all_of(port, is_digit) ? begin : std::string_view::npos;
}

}  // namespace

void split_socket_files(Parameters& parameters) {
  const auto find = [&](std::string_view keyword) {
    return std::ranges::find(parameters, keyword, &Parameters::value_type::first);
  };
  const auto host = find("host");
  if (host == parameters.end() || host->second.find(file_name) == std::string::npos) return;
  std::vector<std::string> hosts = split(host->second);
  auto port = find("port");
  std::vector<std::string> ports = port == parameters.end() ? std::vector<std::string>{} : split(port->second);
  if (ports.size() <= 1) ports.assign(hosts.size(), ports.empty() ? "" : ports.front());
  if (ports.size() != hosts.size()) return;  // another check reports lists that don't match
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const std::size_t begin = find_file_name(hosts[i]);
    if (begin == std::string::npos) continue;
    ports[i] = hosts[i].substr(begin + file_name.size());
    hosts[i].resize(begin);
    if (hosts[i].empty()) hosts[i] = "/";
  }
  host->second = join(hosts, ",");
  if (port == parameters.end())
    parameters.emplace_back("port", join(ports, ","));
  else
    port->second = join(ports, ",");
}

}  // namespace slipway
