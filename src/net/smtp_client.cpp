#include "net/smtp_client.hpp"

#include "base/assert.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <curl/curl.h>

#include <memory>

namespace claimcheck {

namespace asio = boost::asio;

namespace {

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
  ENSURE(curl_easy_setopt(easy, option, value) == CURLE_OK);
}

void set_text(CURL* easy, CURLoption option, const std::string& text) {
  curl_easy_setopt(easy, option, text.c_str());
}

using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

struct List {
  curl_slist* lines = nullptr;
  List() = default;
  ~List() { curl_slist_free_all(lines); }
  List(const List&) = delete;
  List& operator=(const List&) = delete;
  void add(const std::string& line) {
    lines = curl_slist_append(lines, line.c_str());
    ENSURE(lines != nullptr);
  }
};

void add_part(curl_mime* mime, const std::string& body, const char* type) {
  curl_mimepart* part = curl_mime_addpart(mime);
  ENSURE(part != nullptr);
  ENSURE(curl_mime_data(part, body.data(), body.size()) == CURLE_OK);
  ENSURE(curl_mime_type(part, type) == CURLE_OK);
  ENSURE(curl_mime_encoder(part, "quoted-printable") == CURLE_OK);
}

// Asked again and again while a mail is under way; anything but 0 ends it.
int progress(void* stopping, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<std::atomic<bool>*>(stopping)->load() ? 1 : 0;
}

void set_server(CURL* easy, const SmtpServer& server) {
  using std::chrono::milliseconds;
  set_text(easy, CURLOPT_URL, server.url);
  set(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_USE_SSL, static_cast<long>(server.plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  set(easy, CURLOPT_TIMEOUT_MS,
      static_cast<long>(std::chrono::ceil<milliseconds>(server.timeout).count()));
  if (server.user.empty()) return;
  set_text(easy, CURLOPT_USERNAME, server.user);
  set_text(easy, CURLOPT_PASSWORD, server.password.reveal());
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

asio::awaitable<Result<int>> SmtpClient::send(Mail mail) {
  const bool replies = !mail.reply_to || is_mail_address(mail.reply_to->address);
  if (!is_mail_address(mail.to) || !is_mail_address(mail.from.address) || !replies) {
    co_return fail(Errc::invalid, "not an e-mail address");
  }
  co_return co_await asio::co_spawn(threads_, send_on_thread(std::move(mail)), asio::use_awaitable);
}

asio::awaitable<Result<int>> SmtpClient::send_on_thread(Mail mail) {
  const Easy easy(curl_easy_init(), &curl_easy_cleanup);
  ENSURE(easy != nullptr);
  set_server(easy.get(), server_);
  set(easy.get(), CURLOPT_NOPROGRESS, 0L);
  set(easy.get(), CURLOPT_XFERINFOFUNCTION, &progress);
  set(easy.get(), CURLOPT_XFERINFODATA, static_cast<void*>(&stopping_));
  set_text(easy.get(), CURLOPT_MAIL_FROM, mail.from.address);
  List recipients;
  recipients.add(mail.to);
  set(easy.get(), CURLOPT_MAIL_RCPT, recipients.lines);
  List headers;
  headers.add("Content-Type: multipart/alternative");
  for (const std::string& line : header_lines(mail)) headers.add(line);
  set(easy.get(), CURLOPT_HTTPHEADER, headers.lines);
  const std::unique_ptr<curl_mime, decltype(&curl_mime_free)> mime(curl_mime_init(easy.get()),
                                                                   &curl_mime_free);
  ENSURE(mime != nullptr);
  add_part(mime.get(), mail.text, "text/plain; charset=utf-8");
  add_part(mime.get(), mail.html, "text/html; charset=utf-8");
  set(easy.get(), CURLOPT_MIMEPOST, mime.get());

  const CURLcode code = curl_easy_perform(easy.get());
  long reply = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &reply);
  if (code == CURLE_OK || reply >= 400) co_return static_cast<int>(reply);
  const bool nobody = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST;
  co_return fail(nobody ? Errc::not_sent : Errc::ambiguous, curl_easy_strerror(code));
}

}  // namespace claimcheck
