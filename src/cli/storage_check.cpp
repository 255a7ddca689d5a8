#include "cli/storage_check.hpp"

#include "base/crypto.hpp"
#include "net/http/client.hpp"
#include "storage/storage.hpp"

#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace claimcheck {

namespace {

constexpr const char* check_bytes = "claimcheck doctor was here, and should have deleted this";

// The step that failed, and what to correct.
Finding wrong(const std::string& step, const Error& error, const std::string& todo) {
  const bool refused =
      error.code == Errc::forbidden || error.code == Errc::not_found || error.code == Errc::invalid;
  return {refused ? Grade::refused : Grade::unreached, "storage",
          fmt::format("cannot {}: {}; {}", step, error.message, todo)};
}

std::string todo_of(const Error& error, const std::string& right) {
  if (error.code == Errc::not_found) return "check the bucket in CLAIMCHECK_STORAGE_URL";
  if (error.code == Errc::forbidden) {
    return fmt::format(
        "check key, CLAIMCHECK_STORAGE_REGION and this machine's clock, and give "
        "the key the right {}",
        right);
  }
  return "check CLAIMCHECK_STORAGE_URL and the network";
}

boost::asio::awaitable<Result<void>> write(Storage& storage, std::string object) {
  Result<Upload> upload = co_await storage.begin(object, {{"content-type", "text/plain"}});
  if (!upload) co_return fail(upload);
  const Result<UploadedPart> part = co_await storage.put_part(*upload, 1, check_bytes);
  if (!part) {
    co_await storage.abandon(*upload);
    co_return fail(part);
  }
  std::vector<UploadedPart> parts = {*part};
  co_return co_await storage.complete(std::move(*upload), std::move(parts));
}

// As a buyer's browser does it, without the key.
boost::asio::awaitable<Finding> read_by_link(HttpClient& http, const Storage& storage,
                                             std::string object) {
  const bool is_public = !storage.options().public_url.empty();
  HttpCall call;
  call.url = storage.link(object);
  const Result<HttpResponse> answer = co_await http.send(std::move(call));
  const std::string what = is_public ? "its public address" : "a signed link";
  if (!answer) {
    co_return Finding{Grade::unreached, "storage",
                      fmt::format("{} cannot be read: {}", what, answer.error().message)};
  }
  if (answer->status == 200 && answer->body == check_bytes) {
    co_return Finding{Grade::good, "storage", "keeps results, and buyers read them by " + what};
  }
  const std::string todo = is_public ? "check CLAIMCHECK_STORAGE_PUBLIC_URL, and that everybody "
                                       "may read the bucket"
                                     : "give the key the right s3:GetObject";
  co_return Finding{Grade::refused, "storage",
                    fmt::format("{} cannot be read ({}): {}", what, answer->status, todo)};
}

boost::asio::awaitable<Finding> list(Storage& storage, std::string object) {
  const std::string begin = object.substr(storage.options().prefix.size());
  const Result<ObjectPage> page = co_await storage.list(begin, {});
  if (!page) co_return wrong("list", page.error(), todo_of(page.error(), "s3:ListBucket"));
  if (std::ranges::find(page->objects, object) != page->objects.end()) {
    co_return Finding{Grade::good, "storage", "lists what it keeps"};
  }
  co_return Finding{Grade::doubtful, "storage", "does not list what was just written"};
}

}  // namespace

boost::asio::awaitable<std::vector<Finding>> check_storage(const Config& config,
                                                           const Clock& clock) {
  std::vector<Finding> findings;
  if (config.storage.url.empty()) co_return findings;
  CurlClient http(co_await boost::asio::this_coro::executor);
  Storage storage(http, clock, config.storage);
  // No day in its name: it is never taken for a result.
  const std::string object = config.storage.prefix + "doctor/" + random_hex(8) + ".txt";
  const Result<void> written = co_await write(storage, object);
  if (!written) {
    findings.push_back(wrong("write", written.error(), todo_of(written.error(), "s3:PutObject")));
    co_return findings;
  }
  findings.push_back(co_await read_by_link(http, storage, object));
  findings.push_back(co_await list(storage, object));
  const Result<void> removed = co_await storage.remove(object);
  if (!removed) {
    findings.push_back(
        wrong("delete", removed.error(), todo_of(removed.error(), "s3:DeleteObject")));
  }
  co_return findings;
}

}  // namespace claimcheck
