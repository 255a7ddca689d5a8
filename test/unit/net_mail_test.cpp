// Mails as data: addresses, headers that no text can break out of, and words that all readers read.
#include "net/smtp/mail.hpp"
#include "support/data.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace claimcheck {
namespace {

Mail mail() {
  Mail one;
  one.from = {.name = "Cat videos", .address = "orders@shop.example"};
  one.to = "buyer@example.com";
  one.subject = "Your order is ready";
  one.language = "en";
  one.message_id = "msg_1@shop.example";
  one.date = from_unix_s(1'790'000'000);
  return one;
}

std::string line_of(const Mail& one, const std::string& name) {
  for (const std::string& line : header_lines(one)) {
    if (line.starts_with(name + ": ")) return line.substr(name.size() + 2);
  }
  return "absent";
}

// The text that encoded words stand for, each of which must be whole.
std::string decoded(std::string words) {
  constexpr std::string_view open = "=?UTF-8?B?";
  std::string text;
  while (!words.empty()) {
    REQUIRE(words.starts_with(open));
    const std::size_t end = words.find("?=");
    CHECK(end + 2 <= 75);
    text += test::base64_decode(words.substr(open.size(), end - open.size()));
    words.erase(0, end + 2);
    if (words.starts_with("\r\n ")) words.erase(0, 3);
  }
  return text;
}

TEST_CASE("mail: addresses are plain ones, and end no line and no bracket") {
  for (const char* good : {"a@b", "a.b+c@mail.example.com", "o'neil@example.com"}) {
    CHECK_MESSAGE(is_mail_address(good), good);
  }
  for (const std::string& bad :
       {std::string(""), std::string("a"), std::string("@b"), std::string("a@"),
        std::string("a@b\r\nBcc: c@d"), std::string("a@b>"), std::string("<a@b"),
        std::string("a b@c"), std::string("a@b c"), std::string("a@b,c@d"), std::string("a@b@c"),
        std::string("a\0@b", 4), std::string("-x@b"), std::string("ä@b"), std::string("a@.b"),
        std::string(250, 'a') + "@b.cd"}) {
    CHECK_FALSE_MESSAGE(is_mail_address(bad), bad);
  }
  CHECK(read_mail_address("a@b") == MailAddress{"", "a@b"});
  CHECK(read_mail_address("Cat <a@b>") == MailAddress{"Cat", "a@b"});
  for (const char* bad : {"Cat", "Cat <a@b", "Cat\r\nBcc: <a@b>", "Cat <a@b> x", "<>"}) {
    CHECK_FALSE_MESSAGE(read_mail_address(bad), bad);
  }
}

TEST_CASE("mail: what no ASCII can say goes as encoded words of whole characters") {
  CHECK(encoded_words("plain text") == "plain text");
  for (const std::string text : {"Ваш заказ готов и ещё много слов, чтобы строка стала длинной",
                                 "आपका ऑर्डर तैयार है", "é", "=?forged?=", "two\r\nBcc: lines"}) {
    const std::string words = encoded_words(text);
    CHECK(decoded(words) == text);
    CHECK(words.find("Bcc") == std::string::npos);
  }
  // No word ends within a character.
  const std::string words = encoded_words(std::string(38, 'a') + "ж" + std::string(38, 'a') + "ж");
  const std::string first = words.substr(0, words.find("?=") + 2);
  CHECK(decoded(first) == std::string(38, 'a'));
}

TEST_CASE("mail: its header lines") {
  Mail one = mail();
  CHECK(line_of(one, "Date") == "Mon, 21 Sep 2026 14:13:20 +0000");
  CHECK(line_of(one, "From") == "\"Cat videos\" <orders@shop.example>");
  CHECK(line_of(one, "To") == "<buyer@example.com>");
  CHECK(line_of(one, "Message-ID") == "<msg_1@shop.example>");
  CHECK(line_of(one, "Reply-To") == "absent");
  one.also_to = {"second@example.com", "third@example.com"};
  CHECK(line_of(one, "To") ==
        "<buyer@example.com>,\r\n <second@example.com>,\r\n <third@example.com>");
  one.from.name = "Котики";
  one.reply_to = MailAddress{"", "help@shop.example"};
  CHECK(line_of(one, "From") == encoded_words("Котики") + "\r\n <orders@shop.example>");
  CHECK(line_of(one, "Reply-To") == "help@shop.example");
  one.from.name = "a\" <evil@x>";
  CHECK(line_of(one, "From").find("evil") == std::string::npos);
}

TEST_CASE("mail: no header line is longer than encoded words may make it") {
  Mail one = mail();
  for (std::size_t length = 1; length < 120; ++length) {
    one.subject = one.from.name = std::string(length, 'a') + "é";
    one.reply_to = one.from;
    for (const std::string& line : header_lines(one)) {
      for (std::size_t at = 0; at < line.size();) {
        const std::size_t end = std::min(line.find("\r\n", at), line.size());
        CHECK(end - at <= 76);
        at = end + 2;
      }
    }
  }
}

}  // namespace
}  // namespace claimcheck
