#include "flow/result_source.hpp"

#include "storage/storage.hpp"
#include "store/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace claimcheck {

namespace {

constexpr std::size_t tag_bytes_max = 200;

std::string header_of(const HttpHeaders& headers, std::string_view name) {
  const std::string* value = find_header(headers, name);
  return value == nullptr ? "" : *value;
}

// Of "bytes 5-99/100", or "bytes */100" of a range after the end.
std::optional<std::int64_t> whole_of(const std::string& range) {
  const std::size_t slash = range.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  return number_in<std::int64_t>(range.substr(slash + 1));
}

std::optional<std::int64_t> first_of(const std::string& range) {
  constexpr std::string_view unit = "bytes ";
  if (!range.starts_with(unit)) return std::nullopt;
  const std::string rest = range.substr(unit.size());
  return number_in<std::int64_t>(rest.substr(0, std::min(rest.find('-'), rest.size())));
}

std::string tag_of(const ResultSource& source) {
  const HttpHeaders& headers = source.download.headers;
  const std::string etag = header_of(headers, "etag");
  const std::string said = etag.empty() ? header_of(headers, "last-modified") : etag;
  return fmt::format("{} {}", source.bytes.value_or(-1), said).substr(0, tag_bytes_max);
}

boost::asio::awaitable<Result<void>> skip(ResultSource& source, std::int64_t bytes) {
  while (bytes > 0) {
    Result<std::string> piece = co_await source.download.read();
    if (!piece) co_return fail(piece);
    if (piece->empty()) co_return fail(Errc::ambiguous, "it is shorter than before");
    const auto size = static_cast<std::int64_t>(piece->size());
    if (size > bytes) source.ahead = piece->substr(static_cast<std::size_t>(bytes));
    bytes -= std::min(size, bytes);
  }
  co_return Result<void>();
}

}  // namespace

boost::asio::awaitable<Result<ResultSource>> open_source(const Generators& generators,
                                                         std::string generator, std::string url,
                                                         std::int64_t from) {
  HttpHeaders headers;
  if (from > 0) headers.push_back({"range", fmt::format("bytes={}-", from)});
  Result<HttpDownload> answer =
      co_await generators.open_result(std::move(generator), std::move(url), std::move(headers));
  if (!answer) co_return fail(answer);
  ResultSource source;
  source.download = std::move(*answer);
  const int status = source.download.status;
  const std::string range = header_of(source.download.headers, "content-range");
  // All of it was read before.
  source.ended = status == 416 && from > 0 && whole_of(range) == from;
  source.dead = !source.ended && is_no_result(status, source.download.headers);
  if (source.dead) co_return source;
  const bool part = status == 206 && from > 0 && first_of(range) == from;
  if (!part && !source.ended && status != 200) {
    co_return fail(Errc::unavailable, fmt::format("it answers {}", status));
  }
  source.bytes = status == 200
                     ? number_in<std::int64_t>(header_of(source.download.headers, "content-length"))
                     : whole_of(range);
  source.content_type = header_of(source.download.headers, "content-type");
  source.tag = tag_of(source);
  if (status != 200) co_return source;
  const Result<void> skipped = co_await skip(source, from);
  if (!skipped) co_return fail(skipped);
  co_return source;
}

boost::asio::awaitable<Result<std::string>> read_part(ResultSource& source) {
  std::string part = std::exchange(source.ahead, {});
  part.reserve(part_bytes);
  while (part.size() < part_bytes) {
    const Result<std::string> piece = co_await source.download.read();
    if (!piece) co_return fail(piece);
    source.ended = piece->empty();
    if (source.ended) break;
    part += *piece;
  }
  if (part.size() > part_bytes) {
    source.ahead = part.substr(part_bytes);
    part.resize(part_bytes);
  }
  co_return part;
}

}  // namespace claimcheck
