#include "net/smtp/client.hpp"

#include "base/assert.hpp"
#include "net/curl_options.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>
#include <string_view>

namespace claimcheck {

namespace asio = boost::asio;

namespace {

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

Easy new_easy() {
  Easy easy(curl_easy_init(), &curl_easy_cleanup);
  ENSURE(easy != nullptr);
  return easy;
}

// The place in the dialogue with the server, by our last command.
struct Dialogue {
  const std::atomic<bool>& stopping;
  bool at_recipient = false;
  bool parting = false;
};

// libcurl calls this with everything that is sent and received. Only two commands matter; nothing
// is kept.
int listen(CURL*, curl_infotype kind, char* data, std::size_t size, void* self) {
  if (kind != CURLINFO_HEADER_OUT) return 0;
  const std::string_view said(data, size);
  auto& dialogue = *static_cast<Dialogue*>(self);
  dialogue.parting = said == "QUIT\r\n";
  if (!dialogue.parting) dialogue.at_recipient = said.starts_with("RCPT TO:");
  return 0;
}

// libcurl calls this again and again while a mail is under way; a result other than 0 ends the
// call. The answer to QUIT has no meaning for us: a server that delays it must not keep us from
// recording that the mail is accepted.
int progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& dialogue = *static_cast<const Dialogue*>(self);
  return dialogue.stopping.load() || dialogue.parting ? 1 : 0;
}

// Mail has CRLF at the end of a line; libcurl would encode a bare LF as if it were text.
std::string with_line_ends(std::string_view text) {
  std::string lines;
  for (const char c : text) {
    if (c == '\n') lines += '\r';
    lines += c;
  }
  return lines;
}

void add_part(curl_mime* mime, std::string_view body, const char* type) {
  curl_mimepart* part = curl_mime_addpart(mime);
  ENSURE(part != nullptr);
  const std::string lines = with_line_ends(body);
  ENSURE(curl_mime_data(part, lines.data(), lines.size()) == CURLE_OK);
  ENSURE(curl_mime_type(part, type) == CURLE_OK);
  ENSURE(curl_mime_encoder(part, "quoted-printable") == CURLE_OK);
}

void set_server(CURL* easy, const SmtpServer& server) {
  using std::chrono::milliseconds;
  set_text(easy, CURLOPT_URL, server.url);
  set_option(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set_option(easy, CURLOPT_NOSIGNAL, 1L);
  const curl_usessl tls = server.plain ? CURLUSESSL_NONE : CURLUSESSL_ALL;
  set_option(easy, CURLOPT_USE_SSL, static_cast<long>(tls));
  const auto timeout = std::chrono::ceil<milliseconds>(server.timeout);
  set_option(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  // Without this the connection is closed when the handle is freed, where our time-out does not
  // apply.
  set_option(easy, CURLOPT_FORBID_REUSE, 1L);
  if (server.user.empty()) return;
  set_text(easy, CURLOPT_USERNAME, server.user);
  set_text(easy, CURLOPT_PASSWORD, server.password.reveal());
}

Result<MailReply> talk(CURL* easy, const SmtpServer& server, const std::atomic<bool>& stopping) {
  Dialogue dialogue{.stopping = stopping};
  set_server(easy, server);
  set_option(easy, CURLOPT_NOPROGRESS, 0L);
  set_option(easy, CURLOPT_XFERINFOFUNCTION, &progress);
  set_option(easy, CURLOPT_XFERINFODATA, static_cast<void*>(&dialogue));
  set_option(easy, CURLOPT_VERBOSE, 1L);  // without it libcurl does not call listen()
  set_option(easy, CURLOPT_DEBUGFUNCTION, &listen);
  set_option(easy, CURLOPT_DEBUGDATA, static_cast<void*>(&dialogue));
  const CURLcode code = curl_easy_perform(easy);
  long reply = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply);
  if (code == CURLE_OK) return MailReply{.code = static_cast<int>(reply)};
  // A refusal is an answer, also when libcurl reports it as a failure.
  if (reply >= 400) {
    return MailReply{.code = static_cast<int>(reply), .to_recipient = dialogue.at_recipient};
  }
  const bool nobody = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST;
  return fail(nobody ? Errc::not_sent : Errc::ambiguous, curl_easy_strerror(code));
}

}  // namespace

SmtpClient::SmtpClient(SmtpServer server) : server_(std::move(server)) {
  ENSURE(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

SmtpClient::~SmtpClient() {
  stopping_ = true;
  threads_.join();
  curl_global_cleanup();
}

asio::awaitable<Result<MailReply>> SmtpClient::send(Mail mail) {
  const bool replies = !mail.reply_to || is_mail_address(mail.reply_to->address);
  const bool received =
      is_mail_address(mail.to) && std::ranges::all_of(mail.also_to, is_mail_address);
  if (!received || !is_mail_address(mail.from.address) || !replies) {
    co_return fail(Errc::invalid, "not an e-mail address");
  }
  co_return co_await on_thread(send_now(std::move(mail)));
}

asio::awaitable<Result<MailReply>> SmtpClient::check() {
  co_return co_await on_thread(check_now());
}

// The work is not cancelled with its caller: cancelling across threads would be a race. stopping_
// ends it.
asio::awaitable<Result<MailReply>> SmtpClient::on_thread(asio::awaitable<Result<MailReply>> work) {
  co_return co_await asio::co_spawn(
      threads_, std::move(work),
      asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable));
}

asio::awaitable<Result<MailReply>> SmtpClient::check_now() {
  const Easy easy = new_easy();
  set_option(easy.get(), CURLOPT_NOBODY, 1L);
  set_option(easy.get(), CURLOPT_CUSTOMREQUEST, "NOOP");
  co_return talk(easy.get(), server_, stopping_);
}

asio::awaitable<Result<MailReply>> SmtpClient::send_now(Mail mail) {
  const Easy easy = new_easy();
  set_text(easy.get(), CURLOPT_MAIL_FROM, mail.from.address);
  CurlList recipients;
  recipients.add(mail.to);
  for (const std::string& one : mail.also_to) recipients.add(one);
  // Its name of libcurl 7, which 8 keeps.
  if (!mail.also_to.empty()) set_option(easy.get(), CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
  set_option(easy.get(), CURLOPT_MAIL_RCPT, recipients.lines());
  CurlList headers;
  headers.add("Content-Type: multipart/alternative");
  for (const std::string& line : header_lines(mail)) headers.add(line);
  set_option(easy.get(), CURLOPT_HTTPHEADER, headers.lines());
  const std::unique_ptr<curl_mime, decltype(&curl_mime_free)> mime(curl_mime_init(easy.get()),
                                                                   &curl_mime_free);
  ENSURE(mime != nullptr);
  // Text before HTML: a mail program shows the last part that it understands.
  add_part(mime.get(), mail.text, "text/plain; charset=utf-8");
  add_part(mime.get(), mail.html, "text/html; charset=utf-8");
  set_option(easy.get(), CURLOPT_MIMEPOST, mime.get());
  co_return talk(easy.get(), server_, stopping_);
}

}  // namespace claimcheck
