// Session values in memory: lua/update.lua, line by line.
#include "store/memory/shared.hpp"
#include "store/roles.hpp"

namespace claimcheck {

namespace {

class MemorySessionValues final : public InMemory<SessionValues> {
 public:
  using InMemory::InMemory;

  Async<SessionBytes> read_session(std::string session_id) override {
    const std::string* bytes = living(contents_.sessions, session_id, clock_.now());
    if (bytes == nullptr) co_return fail(Errc::not_found, "there is no such session");
    co_return SessionBytes(*bytes);
  }

  Async<std::vector<std::string>> read_heads(std::vector<std::string> session_ids,
                                             std::size_t bytes_max) override {
    std::vector<std::string> heads;
    for (const std::string& id : session_ids) {
      const std::string* bytes = living(contents_.sessions, id, clock_.now());
      heads.push_back(bytes == nullptr ? "" : bytes->substr(0, bytes_max));
    }
    co_return heads;
  }

  Async<UpdateResult> write_session(std::string session_id,
                                    std::optional<std::string> expected_digest,
                                    std::string bytes) override {
    const std::string stored = shared_.session_digest(session_id);
    if (expected_digest && *expected_digest != stored) {
      co_return stored.empty() ? UpdateResult::missing : UpdateResult::changed;
    }
    put(contents_.sessions, session_id, std::move(bytes), clock_.now() + limits_.session_ttl);
    co_return UpdateResult::done;
  }
};

}  // namespace

std::unique_ptr<SessionValues> session_values_in(MemoryShared& shared) {
  return std::make_unique<MemorySessionValues>(shared);
}

}  // namespace claimcheck
