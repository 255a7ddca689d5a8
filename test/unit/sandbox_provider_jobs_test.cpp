#include "sandbox/provider_jobs.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace claimcheck;
using namespace claimcheck::sandbox;
using std::chrono::seconds;

namespace {

struct World {
  boost::asio::io_context context;
  ManualClock real{from_unix_s(1'700'000'000)};
  MovableClock clock{real};
  Tasks tasks{context.get_executor()};
  Agenda agenda{clock, tasks};
  ProviderJobs jobs{clock, agenda, seconds(10)};

  World() { jobs.set_base_url("http://sandbox"); }
  void pass(Duration length) {
    clock.advance(length);
    agenda.run_due();
  }
  JobState state(const std::string& id) { return jobs.find("one", id)->state; }
  HttpResponse get(const std::string& url, HttpHeaders headers = {}) {
    HttpRequest request;
    request.path = url.substr(std::string("http://sandbox").size());
    request.headers = std::move(headers);
    return jobs.media_answer(request);
  }
};

JobOrder order(const std::string& id) {
  return {.provider = "one", .id = id, .model = "m", .input = {{"prompt", "a cat"}}};
}

}  // namespace

TEST_CASE("sandbox jobs: a job waits, runs and ends once, as its task says") {
  World world;
  world.jobs.add(order("good"), "");
  world.jobs.add(order("bad"), "error");
  world.jobs.add(order("refused"), "refused");
  world.jobs.add(order("never"), "never");
  CHECK(world.state("good") == JobState::queued);
  world.pass(seconds(5));
  CHECK(world.state("good") == JobState::running);
  world.pass(seconds(5));
  CHECK(world.state("good") == JobState::done);
  CHECK(world.state("bad") == JobState::failed);
  CHECK(world.state("refused") == JobState::refused);
  world.pass(seconds(100'000));
  CHECK(world.state("never") == JobState::running);
  CHECK(world.jobs.finish("good", JobState::failed));
  CHECK(world.state("good") == JobState::done);
  CHECK_FALSE(world.jobs.finish("unknown", JobState::failed));
}

TEST_CASE(
    "sandbox jobs: a job that was ended early keeps its end, and its provider hears it once") {
  World world;
  int told = 0;
  world.jobs.on_end("one", [&told](const ProviderJob& job) {
    ++told;
    CHECK(job.state == JobState::cancelled);
  });
  world.jobs.add(order("a"), "");
  CHECK(world.jobs.finish("a", JobState::cancelled));
  world.pass(seconds(20));
  CHECK(world.state("a") == JobState::cancelled);
  CHECK(told == 1);
}

TEST_CASE("sandbox jobs: a provider sees its own jobs only") {
  World world;
  world.jobs.add(order("a"), "");
  CHECK(world.jobs.find("one", "a") != nullptr);
  CHECK(world.jobs.find("two", "a") == nullptr);
  CHECK(world.jobs.find("one", "b") == nullptr);
}

TEST_CASE("sandbox jobs: media exist of jobs that are done, in the form of their kind") {
  World world;
  JobOrder sound = order("sound");
  sound.kind = JobKind::audio;
  JobOrder picture = order("picture");
  picture.kind = JobKind::image;
  world.jobs.add(order("film"), "");
  world.jobs.add(std::move(sound), "");
  world.jobs.add(std::move(picture), "");
  world.jobs.add(order("bad"), "error");
  const auto url = [&](const char* id) {
    return world.jobs.media_url(*world.jobs.find("one", id));
  };
  CHECK(world.get(url("film")).status == 404);
  world.pass(seconds(10));
  CHECK(world.get(url("film")).body.substr(4, 4) == "ftyp");
  CHECK(world.get(url("sound")).body.starts_with("RIFF"));
  CHECK(world.get(url("sound")).body.size() > 40'000);
  CHECK(world.get(url("picture")).body.substr(8, 4) == "WEBP");
  CHECK(world.get(url("bad")).status == 404);
  CHECK(world.get("http://sandbox/media/jobs/").status == 404);
}

TEST_CASE("sandbox jobs: media may need a key, or end with time") {
  World world;
  JobOrder locked = order("locked");
  locked.media_key = "Bearer k";
  JobOrder short_lived = order("short");
  short_lived.media_lasts = seconds(60);
  const std::string key_url = world.jobs.media_url(world.jobs.add(std::move(locked), ""));
  const std::string short_url = world.jobs.media_url(world.jobs.add(std::move(short_lived), ""));
  world.pass(seconds(10));
  CHECK(world.get(key_url).status == 401);
  CHECK(world.get(key_url, {{"authorization", "Bearer other"}}).status == 401);
  CHECK(world.get(key_url, {{"authorization", "Bearer k"}}).status == 200);
  world.pass(seconds(59));
  CHECK(world.get(short_url).status == 200);
  world.pass(seconds(1));
  CHECK(world.get(short_url).status == 404);
  CHECK(world.get(key_url, {{"authorization", "Bearer k"}}).status == 200);
}
