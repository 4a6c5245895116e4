#include "measure/chart.h"

#include <algorithm>

#include "measure/number.h"

namespace slipway::bench {
namespace {

constexpr double text_width = 620;
constexpr double bar_width = 330;
constexpr double row_height = 26;
constexpr double top = 46;
constexpr double most = 1.5;  // longer bars are cut off there

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c != '`')
      result += c;
  }
  return result;
}

double place(double ratio) {
  return text_width + bar_width * std::min(ratio, most) / most;
}

std::string text(double x, double y, const std::string& kind, const std::string& words) {
  return "<text x=\"" + rounded(x) + "\" y=\"" + rounded(y) + "\" class=\"" + kind + "\">" + escaped(words) +
         "</text>\n";
}

std::string line(double x, double y, double height, const std::string& kind) {
  return "<line x1=\"" + rounded(x) + "\" x2=\"" + rounded(x) + "\" y1=\"" + rounded(y) + "\" y2=\"" +
         rounded(y + height) + "\" class=\"" + kind + "\"/>\n";
}

bool has_ratio(const Row& row) {
  return !row.goal || row.goal->of == Goal::Of::ratio;
}

std::string bar(const Row& row, double y) {
  const double ratio = row.value();
  std::string svg = text(text_width - 10, y + 16, "name", row.subject + " · " + row.other.name);
  svg += "<rect x=\"" + rounded(text_width) + "\" y=\"" + rounded(y + 4) + "\" width=\"" +
         rounded(std::max(place(ratio) - text_width, 1.0)) + "\" height=\"" + rounded(row_height - 10) + "\" class=\"" +
         (row.met().value_or(true) ? "met" : "missed") + "\"/>\n";
  if (row.goal) svg += line(place(row.goal->at_most), y + 1, row_height - 4, "goal");
  return svg + text(place(ratio) + 8, y + 16, "value", rounded(ratio));
}

}  // namespace

std::string chart(const std::vector<Row>& rows) {
  const auto bars = static_cast<double>(std::ranges::count_if(rows, has_ratio));
  const double height = top + bars * row_height + 10;
  const double width = text_width + bar_width + 60;
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + rounded(width) + " " +
                    rounded(height) + "\" role=\"img\">\n<title>What slipway takes, of what the other takes</title>\n" +
                    "<style>text{font:12px sans-serif;fill:#57606a}.name{text-anchor:end}.middle{text-anchor:middle}"
                    ".met{fill:#2f81f7}.missed{fill:#bc4c00}.goal{stroke:#57606a;stroke-width:2}"
                    ".one{stroke:#8c959f;stroke-dasharray:3 3}"
                    "@media(prefers-color-scheme:dark){text{fill:#9198a1}.goal{stroke:#9198a1}}</style>\n";
  svg += text(place(0), 18, "value", "time or memory of slipway, of the other's; the mark is the goal");
  svg += text(place(1), 38, "middle", "as much");
  svg += line(place(1), top - 2, height - top, "one");
  double y = top;
  for (const Row& row : rows) {
    if (!has_ratio(row)) continue;
    svg += bar(row, y);
    y += row_height;
  }
  return svg + "</svg>\n";
}

}  // namespace slipway::bench
