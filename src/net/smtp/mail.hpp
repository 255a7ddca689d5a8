// Mail: one e-mail as plain data, in text and HTML, and SendMail, the seam to the mail server
// (client.hpp; the other implementation answers inside the process). An address or a header's text
// can never begin a header line of its own: it is refused, or encoded (RFC 2047).
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

// "Cat videos <orders@shop.example>"; the name may be empty.
struct MailAddress {
  std::string name;
  std::string address;
  bool operator==(const MailAddress&) const = default;
};

struct Mail {
  MailAddress from;
  std::optional<MailAddress> reply_to;
  std::string to;  // an address alone
  // Further receivers of the same mail; one that the server refuses does not stop the others.
  std::vector<std::string> also_to = {};
  std::string subject;
  std::string language;    // "ru"
  std::string message_id;  // without the brackets: "msg_1@shop.example"
  Time date;
  std::string text;
  std::string html;
};

// The last answer of the server; a refusal is an answer too.
struct MailReply {
  int code = 0;
  bool to_recipient =
      false;  // it was about the recipient's address, not about us, the sender or the mail

  bool operator==(const MailReply&) const = default;
};

// Errors: invalid when an address is not one; not_sent or ambiguous when the server's answer is
// missing.
using SendMail = std::function<boost::asio::awaitable<Result<MailReply>>(Mail)>;

// local@domain in ASCII, nothing that could end a line or a bracket, at most 254 bytes.
bool is_mail_address(std::string_view text);
// "Name <a@b>" or "a@b"; nothing when it is neither.
std::optional<MailAddress> read_mail_address(std::string_view text);
// A header's text: as it is when printable ASCII, else as encoded words of whole characters.
std::string encoded_words(std::string_view text);
// All header lines of the mail, without line ends.
std::vector<std::string> header_lines(const Mail& mail);

}  // namespace claimcheck
