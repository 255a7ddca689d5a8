// Orders: the claims, each with its history, and with the session value in the same write. The
// version of a claim is the fence: a write that was decided on another version is rejected. The
// claim decides; all indexes beside it are hints. One of the roles of the store (store.hpp).
#pragma once

#include "base/clock.hpp"
#include "domain/claim.hpp"
#include "store/async.hpp"

#include <boost/describe/enum.hpp>

#include <optional>
#include <string>
#include <vector>

namespace claimcheck {

struct HistoryLine {
  Time when;
  std::string from;
  std::string to;
  std::string why;
};

// A new order. The work queue must be able to find it before the claim exists: schedule() first.
struct NewOrder {
  std::string session_id;
  Claim claim;                         // version 0; stored as version 1
  std::optional<std::string> session;  // the session value; not written if one is there
  HistoryLine line;
};

// The session value that a commit writes, or that must be unchanged.
struct ViewWrite {
  std::string digest;                // of the value the commit was decided on; "" = absent
  std::optional<std::string> bytes;  // to write instead; nothing = it stays
  bool guarded = false;              // refuse the commit if the digest differs
};

struct Commit {
  std::string session_id;
  Claim claim;  // as it shall be; its version is the one that was loaded
  std::vector<HistoryLine> lines;
  std::optional<ViewWrite> view;
};

enum class CommitResult {
  done,        // claim (and view, if any) written; the stored version is claim.version + 1
  view_stale,  // claim written with view_dirty set: the session value was not as expected
  refused,     // nothing written: another version is stored, or a guarded session value changed
};
BOOST_DESCRIBE_ENUM(CommitResult, done, view_stale, refused)

// A page of the orders that have a claim. `next` is the cursor of the next page; empty = the last.
struct ClaimPage {
  std::vector<std::string> session_ids;  // some may come twice
  std::string next;
};

class Orders {
 public:
  virtual ~Orders() = default;

  // True = created now, false = the claim was there already and nothing was written.
  // Errors: the store's.
  virtual Async<bool> create(NewOrder order) = 0;
  // Errors: the store's; not_found; unreadable, also for a claim of a newer release.
  virtual Async<Claim> load(std::string session_id) = 0;
  // The claims of several orders in one round trip, in that order; each with load's errors of its
  // own. Errors: the store's, when none could be read.
  virtual Async<std::vector<Result<Claim>>> load_all(std::vector<std::string> session_ids) = 0;
  // Claim, history and view in one write, or none of them. Errors: the store's.
  virtual Async<CommitResult> commit(Commit change) = 0;
  // The lines, oldest first; empty for an order without a claim. Errors: the store's.
  virtual Async<std::vector<HistoryLine>> history(std::string session_id) = 0;
  // All claims, page by page; the first cursor is empty. Slow: not for requests.
  // Errors: the store's.
  virtual Async<ClaimPage> claims(std::string cursor) = 0;

  // Records when the buyer first opened a delivered order, for the life of a paid claim. A hint:
  // the call waits for no disk and no replica. Errors: the store's.
  virtual Async<void> mark_opened(std::string session_id, Time when) = 0;
  // Errors: the store's; not_found = the buyer has not opened it.
  virtual Async<Time> opened(std::string session_id) = 0;
};

}  // namespace claimcheck
