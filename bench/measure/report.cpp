#include "measure/report.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <nlohmann/json.hpp>
#include <sys/utsname.h>

#include "fixture/temp_folder.h"
#include "measure/number.h"
#include "measure/peers.h"

namespace slipway::bench {
namespace {

std::string value_of(const std::string& file, const std::string& key) {
  std::ifstream lines{file};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key))
      if (const auto at = line.find_first_of(":="); at != std::string::npos) {
        std::string value = line.substr(line.find_first_not_of(" \t\"", at + 1));
        std::erase(value, '"');
        return value;
      }
  return "unknown";
}

std::string goal_text(const Row& row) {
  if (!row.goal) return "";
  return row.goal->of == Goal::Of::ratio        ? rounded(row.goal->at_most)
         : row.goal->of == Goal::Of::difference ? "+" + rounded(row.goal->at_most) + " " + row.unit
                                                : rounded(row.goal->at_most) + " " + row.unit;
}

std::string value_text(const Row& row) {
  if (!row.goal || row.goal->of == Goal::Of::ratio) return rounded(row.value());
  return (row.goal->of == Goal::Of::difference && row.value() >= 0 ? "+" : "") + rounded(row.value()) + " " + row.unit;
}

nlohmann::ordered_json as_json(const Figures& figures) {
  return {{"name", figures.name},
          {"median", figures.median()},
          {"quartiles", {figures.quantile(0.25), figures.quantile(0.75)}},
          {"least", figures.quantile(0)},
          {"most", figures.quantile(1)},
          {"samples", figures.samples.size()}};
}

}  // namespace

Machine Machine::look() {
  Machine machine;
  utsname system{};
  ::uname(&system);
  machine.description = std::to_string(std::thread::hardware_concurrency()) + " processors (" +
                        value_of("/proc/cpuinfo", "model name") + "), Linux " + system.release + ", " +
                        value_of("/etc/os-release", "PRETTY_NAME");
  for (const Peer& peer : all_peers())
    machine.versions.push_back(peer.name + ": " + peer.version);
  return machine;
}

std::string markdown(const Machine& machine, const std::vector<Row>& rows) {
  std::string text = "| | slipway | beside | | ratio | goal | met |\n| --- | ---: | --- | ---: | ---: | ---: | --- |\n";
  std::string last;
  for (const Row& row : rows) {
    const std::string slipway = rounded(row.slipway.median()) + " " + row.unit;
    text += "| " + (row.subject == last ? "" : row.subject) + " | " + slipway + " | " + row.other.name + " | " +
            rounded(row.other.median()) + " " + row.unit + " | " + value_text(row) + " | " + goal_text(row) + " | " +
            (row.met() ? *row.met() ? "yes" : "**no**" : "") + (row.noisy ? " (noisy)" : "") + " |\n";
    last = row.subject;
  }
  const auto noisy = std::ranges::count_if(rows, &Row::noisy);
  text += "\nMedians, of " + machine.description + ".";
  text += noisy == 0 ? " The machine was quiet.\n" : " The machine had other things to do where it says noisy.\n";
  for (const std::string& version : machine.versions)
    text += "\n- " + version;
  return text + "\n";
}

std::string json(const Machine& machine, const std::vector<Row>& rows) {
  nlohmann::ordered_json document{
      {"machine", machine.description}, {"versions", machine.versions}, {"rows", nlohmann::ordered_json::array()}};
  for (const Row& row : rows) {
    nlohmann::ordered_json line{
        {"subject", row.subject},       {"unit", row.unit},     {"slipway", as_json(row.slipway)},
        {"beside", as_json(row.other)}, {"value", row.value()}, {"noisy", row.noisy}};
    if (row.goal) {
      constexpr std::array words{"ratio", "difference", "most"};
      line["goal"] = {{"of", words.at(static_cast<std::size_t>(row.goal->of))},
                      {"at_most", row.goal->at_most},
                      {"met", *row.met()}};
    }
    document["rows"].push_back(std::move(line));
  }
  return document.dump(2) + "\n";
}

void replace_figures(const std::filesystem::path& page, const std::string& text) {
  constexpr std::string_view begin = "<!-- figures -->\n";
  constexpr std::string_view end = "<!-- end of figures -->\n";
  std::string content = fixture::read_file(page);
  const auto first = content.find(begin);
  const auto last = content.find(end);
  if (first == std::string::npos || last == std::string::npos)
    throw std::runtime_error{page.string() + " has no place for the figures"};
  content.replace(first + begin.size(), last - first - begin.size(), "\n" + text + "\n");
  std::ofstream{page} << content;
}

}  // namespace slipway::bench
