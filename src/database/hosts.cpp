#include "database/hosts.h"

#include <algorithm>
#include <string_view>

namespace slipway {
namespace {

std::string_view find(const ConnectParameters& parameters, std::string_view keyword) {
  const auto found = std::ranges::find(parameters, keyword, &ConnectParameters::value_type::first);
  return found == parameters.end() ? std::string_view{} : std::string_view{found->second};
}

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
  const auto hosts = split(find(parameters, "host"));
  const auto addresses = split(find(parameters, "hostaddr"));
  const auto ports = split(find(parameters, "port"));
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
  const std::string_view name = find(host, "host");
  // A name that begins with @ is a socket too, in the abstract namespace (libpq: "host").
  const bool is_socket = name.starts_with('/') || name.starts_with('@');
  return is_socket || !find(host, "hostaddr").empty() ? std::string{} : std::string{name};
}

ConnectParameters with_addresses(ConnectParameters host, const std::vector<std::string>& addresses) {
  const auto repeated = [&](std::string_view word) {
    std::string list{word};
    for (std::size_t i = 1; i < addresses.size(); ++i)
      list.append(",").append(word);
    return list;
  };
  std::string list;
  for (const std::string& address : addresses)
    list += (list.empty() ? "" : ",") + address;
  for (auto& [keyword, value] : host)
    if (keyword == "host") value = repeated(value);
  host.emplace_back("hostaddr", list);
  return host;
}

std::string host_name(const ConnectParameters& parameters) {
  const std::string_view host = find(parameters, "host");
  const std::string_view address = find(parameters, "hostaddr");
  const std::string_view port = find(parameters, "port");
  std::string name{host.empty() ? address : host};
  if (name.empty()) name = "the server";
  if (!port.empty() && !name.starts_with('/')) name += ":" + std::string{port};
  return name;
}

}  // namespace slipway
