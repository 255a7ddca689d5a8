// SessionData: the customer's order and its visible state, the JSON object under session:<id>.
// Described once here: the codec, the documentation and the tests follow this list, so a new member
// is one line. Names and order are those of the original system; members after `timestamp` were
// added. Other writers may add members that we do not know; those stay in the stored bytes, not
// here (store/codec.hpp).
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace claimcheck {

enum class SessionStatus { pending, processing, completed, error };
BOOST_DESCRIBE_ENUM(SessionStatus, pending, processing, completed, error)

// Why a video was not made, as far as it is known: one value for each clause in its `error`, so
// that a page can show it in the reader's language.
enum class SessionReason {
  refused_content,  // the service's rules refused the prompt, or what came of it
  wrong_input,      // the service does not accept what was ordered
  service_fault,    // the service failed by its own fault
  service_away,     // the service took no order for it in time
  too_late          // the service did not finish it in time
};
BOOST_DESCRIBE_ENUM(SessionReason, refused_content, wrong_input, service_fault, service_away,
                    too_late)

// One ordered video, image or audio file as the customer sees it.
struct SessionFile {
  std::optional<std::string> fileId;  // the generator's id, absent until a job exists
  SessionStatus status = SessionStatus::pending;
  std::optional<std::string> url;
  std::optional<std::string> thumbnailUrl;
  std::optional<std::string> error;
  std::optional<std::string> reason;  // a SessionReason; text, as a newer release may know more

  bool operator==(const SessionFile&) const = default;
};
BOOST_DESCRIBE_STRUCT(SessionFile, (), (fileId, status, url, thumbnailUrl, error, reason))

// The money of an order that goes back to the customer.
enum class SessionRefundStatus { pending, refunded };
BOOST_DESCRIBE_ENUM(SessionRefundStatus, pending, refunded)

struct SessionRefund {
  SessionRefundStatus status = SessionRefundStatus::pending;
  std::int64_t amount = 0;  // in the currency's smallest unit
  std::string currency;

  bool operator==(const SessionRefund&) const = default;
};
BOOST_DESCRIBE_STRUCT(SessionRefund, (), (status, amount, currency))

// What was really paid, with discount, tax and shipping.
struct SessionPaid {
  std::int64_t amount = 0;  // in the currency's smallest unit
  std::string currency;

  bool operator==(const SessionPaid&) const = default;
};
BOOST_DESCRIBE_STRUCT(SessionPaid, (), (amount, currency))

// The shop's own data about an order: names and texts, in the sequence in which they were given.
using SessionMetadata = std::vector<std::pair<std::string, std::string>>;

// Why an order is neither simply under way nor done: one value for each text in `message` and
// `error`, so that a page can show it in the reader's language.
enum class SessionNotice {
  payment_delayed,   // the form is complete, the money is under way
  expired,           // never paid in time
  payment_failed,    // a delayed payment did not arrive
  held,              // a person must decide
  refund_under_way,  // a part or all could not be made; its price goes back
  generator_away,    // the generator takes no orders; `waitsUntil` says when its price goes back
  queued,            // others are first at the generator; `waitsUntil` likewise
  made_again,        // a generation failed, and another one was begun
  prompt_refused,    // the buyer may write another prompt; `waitsUntil` says until when
  not_made,          // nothing could be made; `refund` has the refunded sum, if anything was paid
  link_lost          // delivered, but Redis lost its link with all other data
};
BOOST_DESCRIBE_ENUM(SessionNotice, payment_delayed, expired, payment_failed, held, refund_under_way,
                    generator_away, queued, made_again, prompt_refused, not_made, link_lost)

struct SessionData {
  std::string prompt;           // valid UTF-8, any length up to prompt_bytes_max
  std::int64_t videoCount = 1;  // how many videos were ordered
  double duration = 8;          // seconds of one video
  std::string resolution;       // "1280x720"
  std::string style;
  std::string toolSlug;
  std::string toolTitle;
  std::string createdAt;  // ISO 8601, UTC, milliseconds
  SessionStatus status = SessionStatus::pending;
  std::optional<std::string> fileId;  // the first video's id
  std::optional<std::string> error;
  std::optional<std::string> timestamp;   // last write, ISO 8601; set by every write
  std::optional<std::string> message;     // why it is still processing
  std::optional<std::string> notice;      // a SessionNotice; text, as a newer release may know more
  std::optional<std::string> waitsUntil;  // ISO 8601; units not begun by then are refunded
  std::optional<std::vector<SessionFile>> files;
  std::optional<SessionRefund> refund;
  std::optional<SessionPaid> paid;  // absent while nothing was paid
  // What was bought; a page finds the shop's own title by it. Absent until the claim is known.
  std::optional<std::string> priceId;
  // What the files are, a MediaKind; absent = videos. Text, as a newer release may know more.
  std::optional<std::string> media;
  // Of an expired checkout that may be recovered: where a new one like it begins.
  std::optional<std::string> recoveryUrl;
  // Of a recovered checkout: the expired order that it continues, whose prompt it has.
  std::optional<std::string> continues;
  std::optional<std::string> customerEmail;
  std::optional<std::string> reference;     // the shop's own name of the order
  std::optional<SessionMetadata> metadata;  // the shop's own
  std::optional<std::string> locale;        // the buyer's language: "ru", "pt-BR"
  std::optional<std::int64_t> schema;       // absent = 1
  // Not a member of the value: the stored JSON texts of members with half a surrogate pair. The
  // members above have U+FFFD there; code that passes a member on as JSON uses the original from
  // here.
  std::map<std::string, std::string, std::less<>> halves;

  bool operator==(const SessionData&) const = default;
};
BOOST_DESCRIBE_STRUCT(SessionData, (),
                      (prompt, videoCount, duration, resolution, style, toolSlug, toolTitle,
                       createdAt, status, fileId, error, timestamp, message, notice, waitsUntil,
                       files, refund, paid, priceId, media, recoveryUrl, continues, customerEmail,
                       reference, metadata, locale, schema))

inline constexpr std::int64_t session_schema = 1;
// What Stripe takes as client_reference_id and in metadata. A part of its 50 members stays free.
inline constexpr std::size_t reference_characters_max = 200;
inline constexpr std::size_t metadata_members_max = 20;
inline constexpr std::size_t metadata_name_characters_max = 40;
inline constexpr std::size_t metadata_value_characters_max = 500;
inline constexpr std::size_t prompt_bytes_max = 4 * 1024 * 1024;
// Of an order that closes unpaid: a longer prompt is dropped, a shorter one is kept for "Order
// again". Anybody can leave unpaid orders behind, so they must not cost much more than their
// record.
inline constexpr std::size_t unpaid_prompt_bytes_max = 16 * 1024;
inline constexpr std::chrono::seconds session_ttl_default = std::chrono::days(30);

// cs_test_… or cs_live_…, letters and digits, at most 255 characters: safe in keys, paths, logs.
bool is_session_id(std::string_view text);

}  // namespace claimcheck
