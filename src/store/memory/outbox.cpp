// The outbox in memory: what the scripts of the Redis store do, step by step.
#include "domain/names.hpp"
#include "store/memory/shared.hpp"
#include "store/roles.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace claimcheck {

namespace {

std::string name_of_post(LetterWay way, std::string_view id) {
  return fmt::format("{}:{}", name_of(way), id);
}

class MemoryOutbox final : public InMemory<Outbox> {
 public:
  using InMemory::InMemory;

  Async<void> put_letter(Letter letter) override {
    forget_old_posts();
    const Time now = clock_.now();
    letter.state = LetterState::waiting;
    letter.first_us = to_us(now);
    letter.attempts = letter.last_us = letter.last_status = 0;
    // Again is nothing: the record that is there stands, also when it has ended.
    std::string name = name_of_post(letter.way, letter.id);
    contents_.posts.try_emplace(std::move(name), Post{.letter = std::move(letter),
                                                      .due_us = to_us(now),
                                                      .ends = now + limits_.outbox.waiting_life});
    co_return Result<void>();
  }

  Async<std::vector<TakenLetter>> take_letters(LetterWay way, std::size_t limit,
                                               Duration lease) override {
    forget_old_posts();
    const std::int64_t now = to_us(clock_.now());
    std::vector<Post*> due;
    for (auto& [name, post] : contents_.posts) {
      const bool waits = post.letter.way == way && post.letter.state == LetterState::waiting;
      if (waits && post.due_us <= now) due.push_back(&post);
    }
    std::ranges::sort(due, {}, &Post::due_us);
    if (due.size() > limit) due.resize(limit);
    std::vector<TakenLetter> taken;
    for (Post* post : due) {
      post->due_us = now + lease.count();
      taken.push_back({.letter = post->letter, .score = static_cast<double>(post->due_us)});
    }
    co_return taken;
  }

  Async<bool> settle_letter(TakenLetter taken, LetterEnd end) override {
    forget_old_posts();
    const Time now = clock_.now();
    const auto entry = contents_.posts.find(name_of_post(taken.letter.way, taken.letter.id));
    if (entry == contents_.posts.end()) co_return false;
    Post& post = entry->second;
    const bool ours = static_cast<double>(post.due_us) == taken.score;
    const bool waits = post.letter.state == LetterState::waiting;
    // Who lost the letter meanwhile may still tell that it arrived, and nothing else.
    if (!waits || (end.state != LetterState::done && !ours)) co_return false;
    post.letter.attempts += 1;
    post.letter.state = end.state;
    post.letter.last_us = to_us(now);
    post.letter.last_status = end.status;
    post.letter.last_why = end.why;
    post.due_us = to_us(now + end.delay);
    const OutboxLimits& limits = limits_.outbox;
    const bool dead = end.state == LetterState::dead;
    post.ends = now + (dead                             ? limits.dead_life
                       : end.state == LetterState::done ? limits.done_life
                                                        : limits.waiting_life);
    co_return true;
  }

  Async<std::vector<Letter>> letters(LetterState state, std::size_t limit) override {
    forget_old_posts();
    std::vector<Post> found;
    for (const auto& [name, post] : contents_.posts) {
      const bool listed = state != LetterState::done && post.letter.state == state;
      if (listed) found.push_back(post);
    }
    std::ranges::sort(found, {}, &Post::due_us);
    if (state == LetterState::dead) std::ranges::reverse(found);
    if (found.size() > limit) found.resize(limit);
    std::vector<Letter> all;
    for (Post& post : found) all.push_back(std::move(post.letter));
    co_return all;
  }

  Async<std::int64_t> retry_letter(std::string id) override {
    forget_old_posts();
    std::int64_t retried = 0;
    for (auto& [name, post] : contents_.posts) {
      if (post.letter.id != id || post.letter.state != LetterState::dead) continue;
      post.letter.state = LetterState::waiting;
      post.letter.attempts = 0;
      post.due_us = to_us(clock_.now());
      post.ends = clock_.now() + limits_.outbox.waiting_life;
      ++retried;
    }
    co_return retried;
  }

 private:
  // Before each operation, as Redis forgets keys whose life is over.
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
