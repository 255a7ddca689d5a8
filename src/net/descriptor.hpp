// Descriptor: owns one file descriptor and closes it. Never one of 0, 1, 2: a process started with
// a closed standard stream would otherwise hand a lock or socket to whoever prints. For the plain
// system calls of the embedded Redis; everything else on the network goes through Asio or libcurl.
#pragma once

#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace claimcheck {

class Descriptor {
 public:
  Descriptor() = default;
  // Takes what open(), socket() or pipe() returned; a negative value stays "none".
  explicit Descriptor(int fd) : fd_(fd) {
    if (fd_ < 0 || fd_ > STDERR_FILENO) return;
    fd_ = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    ::close(fd);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

}  // namespace claimcheck
