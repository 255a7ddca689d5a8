// Pages: HTML templates with {{names}}. Values are escaped unless they are given as Html, so a
// product's name is always shown as text. A name without a value is a bug and aborts. The templates
// are the files of sandbox/web.
#pragma once

#include "net/http/http.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claimcheck::sandbox {

// Text that is HTML already.
struct Html {
  std::string text;
};
inline Html html_text(std::string_view text) { return {escape_html(text)}; }

using PageValues = std::vector<std::pair<std::string_view, Html>>;
HttpResponse page_answer(int status, std::string_view page, const PageValues& values);

}  // namespace claimcheck::sandbox
