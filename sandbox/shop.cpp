#include "sandbox/shop.hpp"

#include "sandbox/pages.hpp"
#include "sandbox/payments.hpp"
#include "sandbox/web_files.hpp"

namespace claimcheck::sandbox {

namespace {

// JSON for the inside of a script element: it can contain no "</script>".
std::string for_script(const Value& value) {
  std::string safe;
  for (const char c : compact(value)) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

}  // namespace

HttpResponse Shop::page() const {
  Array prices;
  for (const Object& price : state_.prices.all()) {
    prices.push_back(
        Object{{"id", price.at("id")},
               {"name", price.at("nickname")},
               {"amount", money_text(integer_of(price, "unit_amount"), text_of(price, "currency"))},
               {"unit", integer_of(price, "unit_amount")},
               {"currency", price.at("currency")}});
  }
  const Object shop{{"api", api_}, {"prices", std::move(prices)}};
  return page_answer(200, web_file("shop.html"), {{"shop", {for_script(shop)}}});
}

HttpResponse Shop::thanks(const std::string& query) const {
  return page_answer(200, web_file("thanks.html"),
                     {{"api", html_text(api_)},
                      {"session", html_text(form_value(query, "session").value_or(""))}});
}

}  // namespace claimcheck::sandbox
