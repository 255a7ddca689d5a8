// The outbox in memory: the same steps as the scripts of the Redis store.
#include "domain/names.hpp"
#include "store/memory/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

std::string name_of_post(Channel channel, std::string_view id) {
  return fmt::format("{}:{}", name_of(channel), id);
}

class MemoryOutbox final : public InMemory<Outbox> {
 public:
  using InMemory::InMemory;

  Async<void> put_message(OutboxMessage message) override {
    forget_old_posts();
    const Time now = clock_.now();
    message.state = MessageState::waiting;
    message.first_us = to_us(now);
    message.attempts = message.last_us = message.last_status = 0;
    // A second put does nothing: an existing record is kept, also when its message was sent.
    std::string name = name_of_post(message.channel, message.id);
    contents_.posts.try_emplace(std::move(name), Post{.message = std::move(message),
                                                      .due_us = to_us(now),
                                                      .ends = now + limits_.outbox.waiting_life});
    co_return Result<void>();
  }

  Async<std::vector<TakenMessage>> take_messages(Channel channel, std::size_t limit,
                                                 Duration lease) override {
    forget_old_posts();
    const std::int64_t now = to_us(clock_.now());
    std::vector<Post*> due;
    for (auto& [name, post] : contents_.posts) {
      const bool waits =
          post.message.channel == channel && post.message.state == MessageState::waiting;
      if (waits && post.due_us <= now) due.push_back(&post);
    }
    std::ranges::sort(due, {}, &Post::due_us);
    if (due.size() > limit) due.resize(limit);
    std::vector<TakenMessage> taken;
    // Hidden, not removed: a dispatcher that dies loses no message.
    for (Post* post : due) {
      post->due_us = now + lease.count();
      taken.push_back({.message = post->message, .score = static_cast<double>(post->due_us)});
    }
    co_return taken;
  }

  Async<bool> settle_message(TakenMessage taken, AttemptResult end) override {
    forget_old_posts();
    const Time now = clock_.now();
    const auto entry = contents_.posts.find(name_of_post(taken.message.channel, taken.message.id));
    if (entry == contents_.posts.end()) co_return false;
    Post& post = entry->second;
    const bool ours = static_cast<double>(post.due_us) == taken.score;
    const bool waits = post.message.state == MessageState::waiting;
    // A dispatcher whose lease ended may still record that the message was sent, and nothing else.
    if (!waits || (end.state != MessageState::done && !ours)) co_return false;
    post.message.attempts += 1;
    post.message.state = end.state;
    post.message.last_us = to_us(now);
    post.message.last_status = end.status;
    post.message.last_why = end.why;
    // Also for a dead message: the list of dead ones is sorted by this time.
    post.due_us = to_us(now + end.delay);
    const OutboxLimits& limits = limits_.outbox;
    const bool dead = end.state == MessageState::dead;
    post.ends = now + (dead                              ? limits.dead_life
                       : end.state == MessageState::done ? limits.done_life
                                                         : limits.waiting_life);
    co_return true;
  }

  Async<std::vector<OutboxMessage>> messages(MessageState state, std::size_t limit) override {
    forget_old_posts();
    std::vector<Post> found;
    for (const auto& [name, post] : contents_.posts) {
      const bool listed = state != MessageState::done && post.message.state == state;
      if (listed) found.push_back(post);
    }
    std::ranges::sort(found, {}, &Post::due_us);
    if (state == MessageState::dead) std::ranges::reverse(found);
    if (found.size() > limit) found.resize(limit);
    std::vector<OutboxMessage> all;
    for (Post& post : found) all.push_back(std::move(post.message));
    co_return all;
  }

  Async<std::int64_t> dead_messages() override {
    forget_old_posts();
    co_return std::ranges::count_if(contents_.posts, [](const auto& entry) {
      return entry.second.message.state == MessageState::dead;
    });
  }

  Async<std::int64_t> retry_message(std::string id) override {
    forget_old_posts();
    std::int64_t retried = 0;
    for (auto& [name, post] : contents_.posts) {
      if (post.message.id != id || post.message.state != MessageState::dead) continue;
      post.message.state = MessageState::waiting;
      post.message.attempts = 0;
      post.due_us = to_us(clock_.now());
      post.ends = clock_.now() + limits_.outbox.waiting_life;
      ++retried;
    }
    co_return retried;
  }

 private:
  // Called before each operation: Redis removes expired keys by itself.
  void forget_old_posts() {
    std::erase_if(contents_.posts,
                  [&](const auto& entry) { return entry.second.ends <= clock_.now(); });
  }
};

}  // namespace

std::unique_ptr<Outbox> outbox_in(MemoryShared& shared) {
  return std::make_unique<MemoryOutbox>(shared);
}

}  // namespace claimcheck
