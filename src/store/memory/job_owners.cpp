// The owners of jobs in memory.
#include "store/memory/shared.hpp"
#include "store/roles.hpp"

namespace claimcheck {

namespace {

class MemoryJobOwners final : public InMemory<JobOwners> {
 public:
  using InMemory::InMemory;

  Async<std::string> own_job(std::string job, std::string owner) override {
    // The first owner stays, also for its own repeated call.
    if (const std::string* owns = living(contents_.jobs, job, clock_.now())) co_return *owns;
    put(contents_.jobs, job, owner, clock_.now() + limits_.job_ttl);
    co_return owner;
  }

  Async<std::string> job_owner(std::string job) override {
    const std::string* owner = living(contents_.jobs, job, clock_.now());
    if (owner == nullptr) co_return fail(Errc::not_found, "nobody owns this job");
    co_return *owner;
  }
};

}  // namespace

std::unique_ptr<JobOwners> job_owners_in(MemoryShared& shared) {
  return std::make_unique<MemoryJobOwners>(shared);
}

}  // namespace claimcheck
