#pragma once

#include <string>

#include <CLI/Formatter.hpp>

// The layout of `--help`: of slipway itself the commands first, then the settings; of a command its usage, what it is
// for with an example, and its own options.

namespace slipway {

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
};

}  // namespace slipway
