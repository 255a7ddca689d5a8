// The owners of jobs in Redis: one key for each job.
#include "store/keys.hpp"
#include "store/redis/calls.hpp"
#include "store/redis/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

namespace claimcheck {

namespace {

class RedisJobOwners final : public InRedis<JobOwners> {
 public:
  using InRedis::InRedis;

  Async<std::string> own_job(std::string job, std::string owner) override {
    // With GET the reply is the earlier value, so null means that the job is ours now. One command:
    // two orders that ask at once get the same owner.
    RedisCommand set = {
        "SET", keys::job(job), owner, "NX", "GET", "EX", in_seconds(limits_.job_ttl)};
    Result<RedisReply> before = co_await run_command(acks_, std::move(set));
    if (before && before->null()) co_return owner;
    co_return text_of(std::move(before));
  }

  Async<std::string> job_owner(std::string job) override {
    // Null is not_found: no unit of this Redis owns the job.
    RedisCommand get = {"GET", keys::job(job)};
    co_return text_of(co_await run_command(redis_, std::move(get)));
  }
};

}  // namespace

std::unique_ptr<JobOwners> job_owners_in(RedisShared& shared) {
  return std::make_unique<RedisJobOwners>(shared);
}

}  // namespace claimcheck
