#include "support/storage_servers.hpp"

#include "net/descriptor.hpp"
#include "net/http/client.hpp"
#include "support/http_fixture.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <stdexcept>

namespace claimcheck::test {

namespace {

namespace asio = boost::asio;

constexpr Duration patience = std::chrono::seconds(60);
constexpr int port_attempts = 5;
constexpr int look_every_ms = 20;

std::string in_project(const std::string& path) {
  return std::filesystem::path(CLAIMCHECK_TEST_DATA "/../../" + path).lexically_normal().string();
}

std::string existing(const std::string& path) {
  if (!std::filesystem::exists(path)) throw std::runtime_error("run ./dev deps: no " + path);
  return path;
}

bool listens(std::uint16_t port) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  boost::system::error_code refused;
  socket.connect({asio::ip::address_v4::loopback(), port}, refused);
  return !refused;
}

}  // namespace

StorageServer::StorageServer(StorageProgram program) {
  if (program == StorageProgram::radosgw) make_radosgw_user();
  // Another program may take the port first: then the server ends, and is started on another one.
  for (int attempt = 0; attempt < port_attempts; ++attempt) {
    port_ = unused_port();
    if (program == StorageProgram::s3rver) {
      start_s3rver();
    } else {
      start_radosgw();
    }
    if (answers()) break;
  }
  make_bucket();
}

StorageOptions StorageServer::options() const {
  return {.url = fmt::format("http://127.0.0.1:{}/bucket", port_), .key = key_};
}

void StorageServer::start_s3rver() {
  key_ = {.id = "S3RVER", .secret = Secret("S3RVER"), .region = "us-east-1"};
  const std::string script = existing(in_project("node_modules/s3rver/bin/s3rver.js"));
  run({.path = find_program({"node"}),
       .arguments = {script, "--directory", directory_.path() + "/s3rver", "--address", "127.0.0.1",
                     "--port", fmt::to_string(port_), "--no-vhost-buckets"},
       .input = ""});
}

std::vector<std::string> StorageServer::radosgw_arguments() const {
  const std::string file = directory_.path() + "/ceph.conf";
  std::ofstream(file) << fmt::format(
      "[global]\nlog_file = {0}/log\nadmin_socket =\nrgw_backend_store = dbstore\n"
      "rgw_config_store = dbstore\ndbstore_db_dir = {0}\n"
      "dbstore_config_uri = file:{0}/config.db\nrgw_frontends = beast endpoint=127.0.0.1:{1}\n",
      directory_.path(), port_);
  return {"-c", file, "-n", "client.rgw", "--no-mon-config"};
}

void StorageServer::make_radosgw_user() {
  key_ = {.id = "AKIDSHOP", .secret = Secret("a/secret+of=ours"), .region = "us-east-1"};
  ChildProgram admin{.path = existing(in_project(".deps/storage/radosgw-admin")),
                     .arguments = radosgw_arguments(),
                     .input = ""};
  for (const char* word : {"user", "create", "--uid", "shop", "--display-name", "shop",
                           "--access-key", "AKIDSHOP", "--secret-key", "a/secret+of=ours"}) {
    admin.arguments.emplace_back(word);
  }
  run(admin);
  if (!child_->ended_within(patience)) throw std::runtime_error("radosgw-admin does not end");
  child_.reset();
}

void StorageServer::start_radosgw() {
  ChildProgram server{.path = existing(in_project(".deps/storage/radosgw")),
                      .arguments = radosgw_arguments(),
                      .input = ""};
  server.arguments.emplace_back("-f");
  run(server);
}

void StorageServer::run(const ChildProgram& program) {
  const std::string path = directory_.path() + "/output";
  const Descriptor output(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  ChildProgram logged = program;
  logged.output = output.get();
  auto started = ChildProcess::start(logged, machine_clock);
  if (!started) throw std::runtime_error(started.error().message);
  child_ = std::move(*started);
}

bool StorageServer::answers() const {
  const Duration deadline = machine_clock.steady() + patience;
  while (machine_clock.steady() < deadline && child_->running()) {
    if (listens(port_)) return child_->running();
    poll(nullptr, 0, look_every_ms);
  }
  return false;
}

std::string StorageServer::output() const {
  std::ifstream file(directory_.path() + "/output");
  return {std::istreambuf_iterator(file), {}};
}

void StorageServer::make_bucket() const {
  asio::io_context io;
  CurlClient client(io.get_executor());
  HttpCall call;
  call.method = "PUT";
  call.url = options().url;
  call.signed_with = key_;
  int status = 0;
  asio::co_spawn(io, client.send(std::move(call)), [&](const std::exception_ptr&, const auto& got) {
    status = got ? got->status : 0;
  });
  io.run();
  if (status != 200) {
    throw std::runtime_error(fmt::format("no bucket: {}, output: {}", status, output()));
  }
}

}  // namespace claimcheck::test
