#include "support/http_fixture.hpp"

#include <boost/asio/post.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <arpa/inet.h>
#include <cstring>
#include <future>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace claimcheck::test {

namespace {

constexpr Duration patience = std::chrono::seconds(20);

int new_socket() {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) throw std::runtime_error("no socket");
  return made;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

const sockaddr* plain(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

std::uint16_t port_of(int socket) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

bool wait_readable(int socket, Duration within) {
  pollfd wanted{.fd = socket, .events = POLLIN, .revents = 0};
  return ::poll(&wanted, 1, static_cast<int>(within.count() / 1000)) > 0;
}

}  // namespace

LocalServer::LocalServer(HttpHandler handler, HttpServerLimits limits) {
  auto server = HttpServer::listen(io_.get_executor(), clock_, "127.0.0.1:0");
  if (!server) throw std::runtime_error(server.error().message);
  server_ = std::move(*server);
  port_ = server_->port();
  server_->serve(std::move(limits), std::move(handler));
  thread_ = std::jthread([this] {
    const auto open = boost::asio::make_work_guard(io_);
    io_.run();
  });
}

LocalServer::~LocalServer() {
  io_.stop();
  thread_.join();
}

std::string LocalServer::url(const std::string& path) const {
  return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::size_t LocalServer::ask(std::function<std::size_t(HttpServer&)> question) {
  std::promise<std::size_t> answer;
  boost::asio::post(io_, [&] { answer.set_value(question(*server_)); });
  return answer.get_future().get();
}

void LocalServer::stop_accepting() {
  ask([](HttpServer& server) {
    server.stop_accepting();
    return std::size_t{0};
  });
}

void LocalServer::stop_accepting_soon() {
  boost::asio::post(io_, [this] { server_->stop_accepting(); });
}

bool LocalServer::has_connections(std::size_t count) {
  return eventually([this, count] {
    return ask([](HttpServer& server) { return server.connections(); }) == count;
  });
}

RawPeer::RawPeer(std::uint16_t port) : socket_(new_socket()) {
  const sockaddr_in address = loopback(port);
  if (::connect(socket_, plain(address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error("cannot connect");
  }
}

RawPeer::RawPeer(int accepted_socket) : socket_(accepted_socket) {}

RawPeer::~RawPeer() { ::close(socket_); }

void RawPeer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the other end is gone; what it said before can still be read
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void RawPeer::end_sending() { ::shutdown(socket_, SHUT_WR); }

bool RawPeer::readable(Duration within) { return wait_readable(socket_, within); }

bool RawPeer::read_more() {
  if (!readable(patience)) throw std::runtime_error("nothing came, having read: " + read_);
  char chunk[4096];
  const ssize_t got = ::recv(socket_, chunk, sizeof chunk, 0);
  was_reset_ = got < 0;
  if (got <= 0) return false;
  read_.append(chunk, static_cast<std::size_t>(got));
  return true;
}

std::string RawPeer::read_until(std::string_view mark) {
  std::size_t found = 0;
  while ((found = read_.find(mark)) == std::string::npos) {
    if (!read_more()) throw std::runtime_error("closed, having read: " + read_);
  }
  std::string front = read_.substr(0, found + mark.size());
  read_.erase(0, front.size());
  return front;
}

std::string RawPeer::read_answer() {
  std::string answer = read_until("\r\n\r\n");
  const std::size_t length_at = answer.find("content-length: ");
  if (length_at == std::string::npos) return answer;
  const std::size_t length = std::stoul(answer.substr(length_at + std::strlen("content-length: ")));
  while (read_.size() < length) {
    if (!read_more()) throw std::runtime_error("closed within a body");
  }
  answer += read_.substr(0, length);
  read_.erase(0, length);
  return answer;
}

std::string RawPeer::read_all() {
  while (read_more()) {
  }
  return std::exchange(read_, std::string());
}

bool RawPeer::closed() { return read_all().empty(); }

RawServer::RawServer(std::function<void(RawPeer&, int)> script) : listener_(new_socket()) {
  const sockaddr_in address = loopback(0);
  if (::bind(listener_, plain(address), sizeof address) != 0 || ::listen(listener_, 16) != 0) {
    throw std::runtime_error("cannot listen");
  }
  port_ = port_of(listener_);
  thread_ = std::jthread([this, script = std::move(script)] {
    while (true) {
      const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (accepted < 0) return;
      RawPeer peer(accepted);
      try {
        script(peer, ++connections_);
      } catch (const std::runtime_error&) {  // the client hung up; the test judges its own end
      }
    }
  });
}

RawServer::~RawServer() {
  ::shutdown(listener_, SHUT_RDWR);  // ends the accept
  thread_.join();
  ::close(listener_);
}

std::string RawServer::url(const std::string& path, const std::string& scheme) const {
  return fmt::format("{}://127.0.0.1:{}{}", scheme, port_, path);
}

bool eventually(const std::function<bool()>& question) {
  const RealClock clock;
  const Duration deadline = clock.steady() + patience;
  while (clock.steady() < deadline) {
    if (question()) return true;
    std::this_thread::yield();
  }
  return false;
}

std::uint16_t unused_port() {
  const int taken = new_socket();
  const sockaddr_in address = loopback(0);
  ::bind(taken, plain(address), sizeof address);
  const std::uint16_t port = port_of(taken);
  ::close(taken);
  return port;
}

}  // namespace claimcheck::test
