// What is printed of texts that others wrote.
#include "base/json.hpp"
#include "base/text.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

TEST_CASE("text: what a terminal obeys, and what turns a line around, is spelled out") {
  struct Row {
    std::string_view text;
    std::string_view shown;
  };
  const Row rows[] = {
      {"plain text, naïve, हिन्दी, עברית, 👩‍👩‍👧 🎬 \\ \"",
       "plain text, naïve, हिन्दी, עברית, 👩‍👩‍👧 🎬 \\ \""},
      {"a\x1b[2J\r\n\tb\x7f", R"(a\u001b[2J\u000d\u000a\u0009b\u007f)"},
      {std::string_view("a\0b", 3), R"(a\u0000b)"},
      {"\u0080\u009b2J\u009f\u00a0", "\\u0080\\u009b2J\\u009f\u00a0"},
      {"\u202egpj.exe\u202c\u2066x\u2069\u200f\u061c",
       R"(\u202egpj.exe\u202c\u2066x\u2069\u200f\u061c)"},
      {"\u2028\u2029\ufeff", R"(\u2028\u2029\ufeff)"},
      {"\U000E0041\U000E007F", R"(\udb40\udc41\udb40\udc7f)"},
      {"\x9b"
       "2J \xc2",
       R"(\ufffd2J \ufffd)"},
      {"\xc0\x9b \xe0\x82\x9b \xed\xa0\x80 \xf4\x90\x80\x80",
       R"(\ufffd\ufffd \ufffd\ufffd\ufffd \ufffd\ufffd\ufffd \ufffd\ufffd\ufffd\ufffd)"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.shown));
    CHECK(printable(row.text) == row.shown);
  }
}

TEST_CASE("text: JSON that is made printable is the same JSON, in one line") {
  const std::string given = "{\r\n\t\"a\":\"\u202ex\u009b\\n\",\n\"\x7f\":\"\U000E0041é\" }";
  const std::string shown = printable_json(given);
  CHECK(shown == "{   \"a\":\"\\u202ex\\u009b\\n\", \"\\u007f\":\"\\udb40\\udc41é\" }");
  CHECK(json::parse(shown).value() == json::parse(given).value());
  CHECK(json::parse(printable_json("\"\x9b\"")).has_value());
}

}  // namespace
}  // namespace claimcheck
