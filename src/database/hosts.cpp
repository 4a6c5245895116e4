#include "database/hosts.h"

#include <algorithm>
#include <string_view>

namespace slipway {
namespace {

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  if (list.empty()) return parts;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    parts.emplace_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

std::vector<ConnectParameters> each_host(const ConnectParameters& parameters) {
  const auto hosts = split(value_of(parameters, "host"));
  const auto addresses = split(value_of(parameters, "hostaddr"));
  const auto ports = split(value_of(parameters, "port"));
  const std::size_t count = std::max(hosts.size(), addresses.size());
  const auto fits = [count](const std::vector<std::string>& list) { return list.empty() || list.size() == count; };
  if (count <= 1 || !fits(hosts) || !fits(addresses) || !(fits(ports) || ports.size() == 1)) return {parameters};

  std::vector<ConnectParameters> each(count, parameters);
  for (std::size_t i = 0; i < count; ++i) {
    for (auto& [keyword, value] : each[i]) {
      if (keyword == "host") value = hosts[i];
      if (keyword == "hostaddr") value = addresses[i];
      if (keyword == "port") value = ports[ports.size() == 1 ? 0 : i];
    }
  }
  return each;
}

std::string name_to_look_up(const ConnectParameters& host) {
  const std::string_view name = value_of(host, "host");
  // A name that begins with @ is a socket too, in the abstract namespace (libpq: "host").
  const bool is_socket = name.starts_with('/') || name.starts_with('@');
  return is_socket || !value_of(host, "hostaddr").empty() ? std::string{} : std::string{name};
}

std::vector<ConnectParameters> each_address(const ConnectParameters& host, const std::vector<std::string>& addresses) {
  std::vector<ConnectParameters> each(addresses.size(), host);
  for (std::size_t i = 0; i < addresses.size(); ++i)
    set(each[i], "hostaddr", addresses[i]);
  return each;
}

std::string host_name(const ConnectParameters& parameters) {
  const std::string_view host = value_of(parameters, "host");
  const std::string_view address = value_of(parameters, "hostaddr");
  const std::string_view port = value_of(parameters, "port");
  if (host.starts_with('/')) return std::string{host};
  std::string name{host.empty() ? address : host};
  if (name.empty()) name = "the server";
  if (name.find(':') != std::string::npos) name = "[" + name + "]";
  if (!address.empty() && !host.empty() && host != address) name += " (" + std::string{address} + ")";
  return port.empty() ? name : name + ":" + std::string{port};
}

}  // namespace slipway
