// What a status read costs at least: bare epoll, one thread, one pipelined connection to Redis. All
// GETs of a turn go out in one write, and the answer is made of slices of the stored text, without
// a JSON library. It sets the bar and is no HTTP server: it reads one request at a time from each
// client, believes what it is sent and ends at the first error of Redis.
//   epoll_redis <port> <port of Redis>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

constexpr std::size_t read_bytes = 65536;
constexpr std::size_t compacted_bytes = 1 << 20;
constexpr std::string_view route = "GET /api/webhook-status/";
constexpr std::array<std::string_view, 7> members = {"status",    "fileId", "error",    "toolSlug",
                                                     "toolTitle", "prompt", "createdAt"};
constexpr auto npos = std::string_view::npos;

[[noreturn]] void end(int code) { ::_exit(code); }

int tcp_socket() { return ::socket(AF_INET, SOCK_STREAM, 0); }

sockaddr_in loopback(const char* port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  return address;
}

template <class Address>
const sockaddr* raw(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void send_at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// Behind the closing quote of the string that begins at `at`.
std::size_t behind_string(std::string_view text, std::size_t at) {
  for (std::size_t quote = text.find('"', at + 1); quote != npos;
       quote = text.find('"', quote + 1)) {
    std::size_t first = quote;
    while (text[first - 1] == '\\') --first;
    if ((quote - first) % 2 == 0) return quote + 1;
  }
  return npos;
}

// Behind the value that begins at `at`.
std::size_t behind_value(std::string_view text, std::size_t at) {
  if (text[at] == '"') return behind_string(text, at);
  for (int depth = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') at = behind_string(text, at) - 1;
    if (c == '{' || c == '[') ++depth;
    if ((c == ',' && depth == 0) || ((c == '}' || c == ']') && depth-- == 0)) return at;
  }
  return at;
}

// The answer's body: the wanted members as they are stored, createdAt under its other name. Strings
// are used again and again, so that nothing is allocated.
void write_answer(std::string_view value, std::string& body) {
  std::array<std::string_view, members.size()> found;
  for (std::size_t at = 1; at < value.size() && value[at] == '"';) {
    const std::size_t colon = behind_string(value, at);
    const std::string_view name = value.substr(at + 1, colon - at - 2);
    const std::size_t next = behind_value(value, colon + 1);
    if (next == npos) break;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (name == members[i]) found[i] = value.substr(colon + 1, next - colon - 1);
    }
    at = next + 1;
  }
  body.assign("{");
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (found[i].empty()) continue;
    if (body.size() > 1) body += ',';
    body.append("\"").append(members[i] == "createdAt" ? "timestamp" : members[i]);
    body.append("\":").append(found[i]);
  }
  body += '}';
}

class Floor {
 public:
  Floor(int listener, int redis) : listener_(listener), redis_(redis) {
    watch(listener_);
    watch(redis_);
  }

  void run() {
    std::array<epoll_event, 256> events{};
    for (;;) {
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int socket = events[static_cast<std::size_t>(i)].data.fd;
        if (socket == redis_) {
          read_redis();
        } else if (socket == listener_) {
          accept();
        } else {
          read_client(socket);
        }
      }
      if (!commands_.empty()) send(redis_, commands_);
      commands_.clear();
    }
  }

 private:
  struct Waiting {
    int socket;
    unsigned life;  // which client had the socket: its number is used again
  };

  static std::size_t at(int socket) { return static_cast<std::size_t>(socket); }

  void watch(int socket) {
    epoll_event event{.events = EPOLLIN, .data = {.fd = socket}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  }

  void accept() {
    for (int client = 0; (client = ::accept4(listener_, nullptr, nullptr, 0)) >= 0;) {
      send_at_once(client);
      if (lives_.size() <= at(client)) lives_.resize(at(client) + 1);
      lives_[at(client)] = ++life_;
      watch(client);
    }
  }

  void hang_up(int client) {
    lives_[at(client)] = 0;
    ::close(client);
  }

  // Sockets of clients and of Redis block: everything is written.
  bool send(int socket, std::string_view bytes) {
    return ::write(socket, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  }

  void read_client(int client) {
    std::array<char, 16384> buffer{};
    const ssize_t size = ::read(client, buffer.data(), buffer.size());
    const std::string_view text(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    const std::size_t blank = text.find(' ', route.size());
    if (!text.starts_with(route) || blank == npos || !text.ends_with("\r\n\r\n")) {
      hang_up(client);
      return;
    }
    const std::string_view id = text.substr(route.size(), blank - route.size());
    commands_ += "*2\r\n$3\r\nGET\r\n$" + std::to_string(id.size() + 8) + "\r\nsession:";
    commands_.append(id).append("\r\n");
    waiting_.push_back({client, lives_[at(client)]});
  }

  void read_redis() {
    for (ssize_t size = read_bytes; size == static_cast<ssize_t>(read_bytes);) {
      const std::size_t had = replies_.size();
      replies_.resize(had + read_bytes);
      size = ::recv(redis_, replies_.data() + had, read_bytes, MSG_DONTWAIT);
      replies_.resize(had + (size > 0 ? static_cast<std::size_t>(size) : 0));
      if (size == 0) end(3);
    }
    while (answer_next()) {
    }
    if (read_ == replies_.size() || read_ > compacted_bytes) {
      replies_.erase(0, read_);
      read_ = 0;
    }
  }

  // Takes one whole reply and answers who waits for it.
  bool answer_next() {
    const std::string_view text = std::string_view(replies_).substr(read_);
    const std::size_t line = text.find("\r\n");
    if (line == npos) return false;
    if (text[0] != '$') end(4);
    const long size = std::atol(text.data() + 1);
    const std::size_t whole = line + 2 + (size < 0 ? 0 : static_cast<std::size_t>(size) + 2);
    if (text.size() < whole) return false;
    read_ += whole;
    const Waiting waiting = waiting_.front();
    waiting_.pop_front();
    if (lives_[at(waiting.socket)] != waiting.life) return true;
    write_answer(size < 0 ? "" : text.substr(line + 2, static_cast<std::size_t>(size)), body_);
    answer_.assign("HTTP/1.1 ").append(size < 0 ? "404 Not Found" : "200 OK");
    answer_.append("\r\nContent-Type: application/json\r\nContent-Length: ");
    answer_.append(std::to_string(body_.size())).append("\r\n\r\n").append(body_);
    if (!send(waiting.socket, answer_)) hang_up(waiting.socket);
    return true;
  }

  int epoll_ = ::epoll_create1(0);
  int listener_;
  int redis_;
  std::vector<unsigned> lives_;  // by socket; 0 = nobody
  unsigned life_ = 0;
  std::deque<Waiting> waiting_;
  std::string commands_;
  std::string body_;
  std::string answer_;
  std::string replies_;
  std::size_t read_ = 0;
};

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  std::signal(SIGPIPE, SIG_IGN);
  const int redis = tcp_socket();
  const sockaddr_in redis_address = loopback(words[2]);
  if (::connect(redis, raw(redis_address), sizeof redis_address) != 0) return 3;
  send_at_once(redis);
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = loopback(words[1]);
  if (::bind(listener, raw(address), sizeof address) != 0 || ::listen(listener, 1024) != 0) {
    return 4;
  }
  Floor(listener, redis).run();
}
