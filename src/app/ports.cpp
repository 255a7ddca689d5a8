#include "app/ports.hpp"

namespace claimcheck {

Result<Ports> open_ports(boost::asio::any_io_executor executor, const Clock& clock,
                         const Config& config, const std::vector<int>& given, bool shared) {
  Ports ports;
  for (const int socket : given) {
    auto port = HttpServer::listen_on(executor, clock, socket);
    if (!port) return fail(port);
    ports.push_back(std::move(*port));
  }
  if (!ports.empty()) return ports;
  auto port = HttpServer::listen(executor, clock, config.listen, shared);
  if (!port) {
    return fail(Errc::invalid, port.error().message + ": set CLAIMCHECK_LISTEN to a free address");
  }
  ports.push_back(std::move(*port));
  return ports;
}

}  // namespace claimcheck
