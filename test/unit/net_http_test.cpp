#include "base/text.hpp"
#include "net/http/http.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

TEST_CASE("http: headers are found by name, the first one, and counted") {
  const HttpHeaders headers = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
  REQUIRE(find_header(headers, "a") != nullptr);
  CHECK(*find_header(headers, "a") == "1");
  CHECK(find_header(headers, "c") == nullptr);
  CHECK(count_headers(headers, "a") == 2);
  CHECK(count_headers(headers, "c") == 0);
  CHECK(lowercase("Content-TYPE_ÄZ") == "content-type_Äz");
}

TEST_CASE("http: url_encode keeps the unreserved and escapes every other byte") {
  CHECK(url_encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(url_encode(" +&=/?%") == "%20%2B%26%3D%2F%3F%25");
  CHECK(url_encode("[]{}'()*!") == "%5B%5D%7B%7D%27%28%29%2A%21");
  CHECK(url_encode("é🎬") == "%C3%A9%F0%9F%8E%AC");
  CHECK(url_encode(std::string_view("\0\x7f\xff", 3)) == "%00%7F%FF");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK(url_decode(url_encode(all), false) == all);
  CHECK(url_decode(url_encode(all), true) == all);
}

TEST_CASE("http: url_decode reads both cases and leaves what is no escape") {
  CHECK(url_decode("a%2fb%2Fc", false) == "a/b/c");
  CHECK(url_decode("a+b", true) == "a b");
  CHECK(url_decode("a+b", false) == "a+b");
  CHECK(url_decode("%", false) == "%");
  CHECK(url_decode("%4", false) == "%4");
  CHECK(url_decode("%zz%41", false) == "%zzA");
  CHECK(url_decode("100%", false) == "100%");
}

TEST_CASE("http: form_value decodes the first parameter of that name") {
  const std::string_view form = "a=1&b=x+y%26z&empty=&flag&a=2&%6B=v=w";
  CHECK(form_value(form, "a") == "1");
  CHECK(form_value(form, "b") == "x y&z");
  CHECK(form_value(form, "empty") == "");
  CHECK(form_value(form, "flag") == "");
  CHECK(form_value(form, "k") == "v=w");
  CHECK_FALSE(form_value(form, "c").has_value());
  CHECK_FALSE(form_value("", "a").has_value());
  CHECK_FALSE(form_value("&&", "a").has_value());
}

}  // namespace
}  // namespace claimcheck
