#include "flow/result_copy.hpp"

#include "base/crypto.hpp"
#include "base/failpoint.hpp"
#include "base/log.hpp"
#include "domain/names.hpp"
#include "flow/result_link.hpp"
#include "store/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace claimcheck {

namespace {

// A pass ends after as long, and its lease is renewed by then.
constexpr Duration stretch_max = std::chrono::seconds(10);

// Nothing in it leads back to the order: a public link must not open the buyer's page. The day
// comes first, so that old objects are found by their names.
std::string object_of(const OrderInWork& order, std::size_t index, std::string_view content_type) {
  constexpr std::size_t day_digits = 10;  // of "2026-11-29T…"
  const std::string unit =
      fmt::format("result {}/{}", order.tag(index), order.claim.units[index].attempt);
  return fmt::format("{}{}/{}{}", order.context.storage->options().prefix,
                     to_iso(order.context.clock.now()).substr(0, day_digits),
                     sha256_hex(unit).substr(0, 32), file_ending(order.claim.media, content_type));
}

HttpHeaders kept_headers(const Claim& claim, std::size_t index, const std::string& content_type) {
  return {{"content-type", content_type.empty() ? "application/octet-stream" : content_type},
          {"content-disposition",
           fmt::format("inline; filename=\"{}-{}{}\"", name_of(claim.media), video_number(index),
                       file_ending(claim.media, content_type))}};
}

std::int64_t bytes_of(const std::vector<UploadedPart>& parts) {
  std::int64_t bytes = 0;
  for (const UploadedPart& part : parts) bytes += part.bytes;
  return bytes;
}

// All of one size: the last part, which may be smaller, ends the copy.
std::vector<UploadedPart> parts_in(std::string_view etags) {
  std::vector<UploadedPart> parts;
  while (!etags.empty()) {
    const std::size_t end = std::min(etags.find(' '), etags.size());
    parts.push_back({.number = static_cast<int>(parts.size()) + 1,
                     .etag = std::string(etags.substr(0, end)),
                     .bytes = static_cast<std::int64_t>(part_bytes)});
    etags.remove_prefix(std::min(end + 1, etags.size()));
  }
  return parts;
}

std::string etags_of(const std::vector<UploadedPart>& parts) {
  std::string etags;
  for (const UploadedPart& part : parts) etags += (etags.empty() ? "" : " ") + part.etag;
  return etags;
}

// The source's tag begins with its length; -1 = the source did not tell it.
bool is_whole(const ObjectInfo& object, const std::string& source_tag) {
  const auto bytes = number_in<std::int64_t>(source_tag.substr(0, source_tag.find(' ')));
  return object.bytes > 0 && (!bytes || *bytes < 0 || *bytes == object.bytes);
}

// Holds one of the places for copies.
struct CopyPlace {
  explicit CopyPlace(int& under_way) : count(under_way) { ++count; }
  ~CopyPlace() { --count; }
  CopyPlace(const CopyPlace&) = delete;
  CopyPlace& operator=(const CopyPlace&) = delete;
  int& count;
};

Copied unclear(std::string why) {
  return {.result = CopyResult::unclear, .reason = std::move(why)};
}

Copied anew(std::string why) { return {.result = CopyResult::going_on, .reason = std::move(why)}; }

Copied source_unclear(const Error& error) { return unclear("the source: " + error.message); }
Copied storage_unclear(const Error& error) { return unclear("the storage: " + error.message); }

}  // namespace

boost::asio::awaitable<Seen> ResultCopy::copy(std::size_t unit) {
  Context& context = order_.context;
  if (context.copies >= copies_max) co_return Copied{.unit = unit, .result = CopyResult::busy};
  const CopyPlace place(context.copies);
  Copied seen = co_await go_on(unit);
  seen.unit = unit;
  failpoint("copy.after_stretch");
  if (seen.result == CopyResult::unclear) {
    log_warn("copy_put_off", {{"session", order_.id}, {"unit", unit}, {"why", seen.reason}});
  }
  if (seen.result == CopyResult::stored) {
    log_info("result_copied", {{"session", order_.id}, {"unit", unit}, {"bytes", seen.bytes}});
  }
  context.metrics.count(Counter::copies, name_of(seen.result));
  co_return seen;
}

boost::asio::awaitable<Copied> ResultCopy::go_on(std::size_t index) {
  const Unit& unit = order_.claim.units[index];
  Storage* storage = order_.context.storage;
  if (storage == nullptr) co_return unclear("no storage is configured any more");
  Stretch stretch{.upload = {.object = unit.object, .id = unit.upload},
                  .parts = parts_in(unit.upload_parts)};
  Result<ResultSource> source =
      co_await open_source(order_.context.generators, order_.generator_of(unit), unit.source_url,
                           bytes_of(stretch.parts));
  if (!source) co_return source_unclear(source.error());
  if (source->dead) {
    if (!unit.upload.empty()) co_await storage->abandon(stretch.upload);
    co_return Copied{.result = CopyResult::gone};
  }
  if (std::string why = objection(*source); !why.empty()) {
    if (!unit.upload.empty()) co_await storage->abandon(stretch.upload);
    co_return Copied{.result = CopyResult::unfit, .reason = std::move(why)};
  }
  const bool other = !source->ended && source->tag != unit.source_tag;
  if (!unit.upload.empty() && other) {
    co_await storage->abandon(stretch.upload);
    co_return anew("the source is another file than before");
  }
  if (unit.upload.empty()) {
    std::string object = object_of(order_, index, source->content_type);
    Result<Upload> begun = co_await storage->begin(
        std::move(object), kept_headers(order_.claim, index, source->content_type));
    if (!begun) co_return storage_unclear(begun.error());
    stretch.upload = std::move(*begun);
  }
  co_return co_await carry(index, std::move(*source), std::move(stretch));
}

// The storage has no such upload any more: it was completed by a pass that did not live to record
// that, or the storage has dropped it.
boost::asio::awaitable<Copied> ResultCopy::ended_upload(std::size_t index, std::string object,
                                                        std::string source_tag) {
  const Result<ObjectInfo> there = co_await order_.context.storage->find(object);
  if (there && is_whole(*there, source_tag)) co_return stored(index, object, *there);
  const bool none = there || there.error().code == Errc::not_found;
  if (!none) co_return storage_unclear(there.error());
  co_return anew("the storage has no such upload");
}

boost::asio::awaitable<Copied> ResultCopy::carry(std::size_t index, ResultSource source,
                                                 Stretch stretch) {
  const Clock& clock = order_.context.clock;
  Storage& storage = *order_.context.storage;
  const Duration until = clock.steady() + stretch_max;
  // What was sent counts: the next stretch goes on there, at once or, after a fault, a little
  // later.
  const auto pause = [&stretch, tag = source.tag](Copied so_far) {
    so_far.object = stretch.upload.object;
    so_far.upload = stretch.upload.id;
    so_far.upload_parts = etags_of(stretch.parts);
    so_far.source_tag = tag;
    return so_far;
  };
  const Copied later{.result = CopyResult::going_on};
  for (int sent = 0; !source.ended; ++sent) {
    if (sent == stretch_parts || clock.steady() > until) co_return pause(later);
    Result<std::string> part = co_await read_part(source);
    if (!part) co_return pause(sent > 0 ? later : source_unclear(part.error()));
    if (part->empty()) break;
    const int number = static_cast<int>(stretch.parts.size()) + 1;
    Result<UploadedPart> kept = co_await storage.put_part(stretch.upload, number, std::move(*part));
    const bool gone = !kept && kept.error().code == Errc::not_found;
    if (gone) co_return co_await ended_upload(index, stretch.upload.object, source.tag);
    if (!kept) co_return pause(sent > 0 ? later : storage_unclear(kept.error()));
    stretch.parts.push_back(std::move(*kept));
    failpoint("copy.after_part");
    if (bytes_of(stretch.parts) <= storage.options().bytes_max) continue;
    co_await storage.abandon(stretch.upload);
    co_return Copied{.result = CopyResult::unfit, .reason = too_large()};
  }
  co_return co_await complete(index, std::move(source), std::move(stretch));
}

boost::asio::awaitable<Copied> ResultCopy::complete(std::size_t index, ResultSource source,
                                                    Stretch stretch) {
  Storage& storage = *order_.context.storage;
  const std::int64_t bytes = bytes_of(stretch.parts);
  if (bytes == 0) {
    co_await storage.abandon(stretch.upload);
    co_return Copied{.result = CopyResult::gone};
  }
  if (source.bytes && *source.bytes != bytes) {
    co_await storage.abandon(stretch.upload);
    co_return anew("the source has another length than it said");
  }
  const Result<void> joined = co_await storage.complete(stretch.upload, std::move(stretch.parts));
  const bool lost = !joined && joined.error().code == Errc::not_found;
  if (lost) co_return co_await ended_upload(index, stretch.upload.object, source.tag);
  if (!joined && joined.error().code == Errc::invalid) {
    co_await storage.abandon(stretch.upload);
    co_return anew("the storage cannot join the parts: " + joined.error().message);
  }
  if (!joined) co_return storage_unclear(joined.error());
  failpoint("copy.completed");
  const Result<ObjectInfo> there = co_await storage.find(stretch.upload.object);
  if (!there) co_return storage_unclear(there.error());
  if (there->bytes != bytes) co_return unclear("the storage has another length");
  co_return stored(index, stretch.upload.object, *there);
}

Copied ResultCopy::stored(std::size_t index, const std::string& object,
                          const ObjectInfo& info) const {
  const Storage& storage = *order_.context.storage;
  const bool is_public = !storage.options().public_url.empty();
  return {.result = CopyResult::stored,
          .object = object,
          .url = is_public ? storage.link(object)
                           : result_link(order_.context.public_url, order_.id, order_.claim, index,
                                         info.content_type),
          .content_type = info.content_type,
          .bytes = info.bytes};
}

// Why this result must not be kept; empty = it may.
std::string ResultCopy::objection(const ResultSource& source) const {
  // Its header is that of an error: all of the file was read, and accepted, before.
  if (source.ended) return {};
  if (!fits(order_.claim.media, source.content_type)) {
    return fmt::format("it is no {}, but {}", name_of(order_.claim.media), source.content_type);
  }
  const bool large = source.bytes && *source.bytes > order_.context.storage->options().bytes_max;
  return large ? too_large() : "";
}

std::string ResultCopy::too_large() const {
  return fmt::format("it is larger than {} bytes", order_.context.storage->options().bytes_max);
}

}  // namespace claimcheck
