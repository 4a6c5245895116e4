#pragma once

#include <string>
#include <vector>

#include <CLI/Formatter.hpp>

// The layout of `--help`. `slipway --help` lists the commands, then the settings. The help of a command shows its
// usage, its purpose with an example, and its own options. No line is longer than a hundred columns.

namespace slipway {

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override;
  std::string make_group(std::string group, bool is_positional, std::vector<const CLI::Option*> options) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
};

}  // namespace slipway
