// Outbox: the stored notifications about orders, one record for each notification and channel: its
// receiver, the number of attempts, the last answer. A record never holds a body, an address or a
// secret; those are put together when a message is sent. One of the roles of the store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "store/async.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace claimcheck {

// webhook: to the shop. mail: to the buyer.
enum class Channel { webhook, mail };
BOOST_DESCRIBE_ENUM(Channel, webhook, mail)

// waiting: to be sent. done: accepted or skipped. dead: given up; a person may try it again.
enum class MessageState { waiting, done, dead };
BOOST_DESCRIBE_ENUM(MessageState, waiting, done, dead)

struct OutboxMessage {
  std::string id;  // of the notification (domain/notification.hpp), the same on each channel
  Channel channel = Channel::webhook;
  std::string session;
  std::string news;  // the name of the notification: "delivered"
  MessageState state = MessageState::waiting;
  std::int64_t first_us = 0;     // when it was put into the outbox
  std::int64_t attempts = 0;     // since it was put, or since the last retry_message()
  std::int64_t last_us = 0;      // when the last attempt ended
  std::int64_t last_status = 0;  // of the answer; 0 = no answer came
  std::string last_why;          // why it failed, for people; no address and nothing of the order

  bool operator==(const OutboxMessage&) const = default;
};
// The stored members; id and channel are in the key.
BOOST_DESCRIBE_STRUCT(OutboxMessage, (),
                      (session, news, state, first_us, attempts, last_us, last_status, last_why))

struct TakenMessage {
  OutboxMessage message;
  double score = 0;  // that take_messages() wrote; settle_message() names it
};

// How an attempt ended: done, dead, or waiting for the next attempt after `delay`.
struct AttemptResult {
  MessageState state = MessageState::done;
  std::int64_t status = 0;
  Duration delay{0};
  std::string why = {};
};

struct OutboxLimits {
  Duration waiting_life = std::chrono::days(30);  // of a message that is never sent
  Duration done_life = std::chrono::days(1);      // how long a second put is recognized
  Duration dead_life = std::chrono::days(30);
  std::int64_t dead_kept = 10'000;  // in each partition
};

class Outbox {
 public:
  virtual ~Outbox() = default;

  // Puts a message into the outbox, due now, once for each id and channel. A second call does
  // nothing while the record exists, also after the message was sent. Errors: the store's.
  virtual Async<void> put_message(OutboxMessage message) = 0;
  // Takes up to `limit` due messages of that channel; each is hidden for `lease`. A message of a
  // newer release that this one cannot read is logged and left out. Errors: the store's; what was
  // taken all the same comes back when its lease is over.
  virtual Async<std::vector<TakenMessage>> take_messages(Channel channel, std::size_t limit,
                                                         Duration lease) = 0;
  // Records an attempt and what follows. False = not recorded: the message had ended, or another
  // dispatcher has it by now and the attempt did not send it. Errors: the store's.
  virtual Async<bool> settle_message(TakenMessage taken, AttemptResult end) = 0;
  // The waiting messages by due time, or the dead ones, newest first; done ones are not listed.
  // Errors: the store's.
  virtual Async<std::vector<OutboxMessage>> messages(MessageState state, std::size_t limit) = 0;
  // How many messages are dead. One round trip. Errors: the store's.
  virtual Async<std::int64_t> dead_messages() = 0;
  // The dead messages of that id, on every channel, become due now with all attempts again. Returns
  // how many there were. Errors: the store's; one of the channels may be due again all the same.
  virtual Async<std::int64_t> retry_message(std::string id) = 0;
};

}  // namespace claimcheck
