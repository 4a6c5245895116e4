#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "measure/row.h"

// The rows as people and programs read them.

namespace slipway::bench {

// What the figures were made with.
struct Machine {
  std::string description;  // processors, kernel, system
  std::vector<std::string> versions;

  static Machine look();
};

std::string markdown(const Machine& machine, const std::vector<Row>& rows);
std::string json(const Machine& machine, const std::vector<Row>& rows);

// Puts `text` between the lines `<!-- figures -->` and `<!-- end of figures -->` of a page.
void replace_figures(const std::filesystem::path& page, const std::string& text);

}  // namespace slipway::bench
