#include "sandbox/pages.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace claimcheck::sandbox {

HttpResponse page_answer(int status, std::string_view page, const PageValues& values) {
  std::string text;
  while (true) {
    const std::size_t open = page.find("{{");
    text += page.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = page.find("}}", open);
    ENSURE(close != std::string_view::npos);
    const std::string_view name = page.substr(open + 2, close - open - 2);
    const auto value =
        std::ranges::find(values, name, [](const auto& given) { return given.first; });
    ENSURE(value != values.end());
    text += value->second.text;
    page.remove_prefix(close + 2);
  }
  return {status,
          {{"content-type", "text/html; charset=utf-8"},
           {"cache-control", "no-store"},
           {"referrer-policy", "no-referrer"}},
          std::move(text)};
}

}  // namespace claimcheck::sandbox
