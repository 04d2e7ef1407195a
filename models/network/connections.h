// SPDX-License-Identifier: Apache-2.0
//
// The connections in the system, and those that their keepers have no request for, a plain value
// that both ends use: what either does shows at the other at once. When an end opens, keeps or
// closes one is its own business: models/workload/client.h and models/server/parking.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "models/network/connection.h"
#include "models/network/local_ports.h"
#include "sim/base/id.h"

namespace cotenant {

class Connections {
 public:
  explicit Connections(std::size_t keepers = 0, PortTable ports = PortTable(),
                       DescriptorTable descriptors = DescriptorTable())
      : unused_(keepers), ports_(std::move(ports)), descriptors_(std::move(descriptors)) {}

  Connection& operator[](ConnectionId id) { return table_[id]; }
  const Connection& operator[](ConnectionId id) const { return table_[id]; }

  // --- The client's end

  // A proxy's, which carries another message of the same WebSocket.
  void use(ConnectionId id, RequestId request);
  // Room for keepers up to that one.
  void know(KeeperId last) {
    while (unused_.size() <= last.index()) unused_.push_back({});
  }
  ConnectionId open(KeeperId keeper, ServiceId service, RequestId request);
  // Of those to the service the one that was used last, for a request; none when all are in use.
  ConnectionId take(KeeperId keeper, ServiceId service, RequestId request);
  // Its request has a reply, and the server keeps it.
  void keep(ConnectionId id, Instant now);
  // Whether there is one to the service.
  bool keeps(KeeperId keeper, ServiceId service) const {
    return !find_unused(keeper, service).is_none();
  }
  bool nobody_keeps_any() const { return unused_.empty(); }
  std::uint32_t kept(KeeperId keeper) const { return unused_[keeper].size; }
  // The client is through with it, whatever the server still does.
  void close_by_client(ConnectionId id, Instant now);
  // The same, of one that the server keeps. True when that has to be told, which may have closed it
  // by then: its row stays until the server has looked.
  bool hang_up(ConnectionId id, Instant now);
  // The one that has not been used for longest; none: it keeps none.
  ConnectionId unused_longest(KeeperId keeper) const { return unused_[keeper].earliest; }
  // That one, which the keeper gives up: it is to hang up.
  ConnectionId give_up_one(KeeperId keeper);

  // --- What services need that connect to others: a port of their machine, and a descriptor of
  // their process

  LocalPorts& ports(PortsId id) { return ports_[id]; }
  const PortTable& ports() const { return ports_; }
  const DescriptorTable& descriptors() const { return descriptors_; }
  // As of now.
  LocalEnd end_of(PortsId ports, DescriptorsId descriptors) const {
    return {ports, descriptors, descriptors.is_none() ? 0 : descriptors_[descriptors].life()};
  }
  // For a new connection. False: there is none left of either.
  bool open_end(const LocalEnd& end, Instant now);
  // That is closed, by this end first; or by the other one.
  void close_end(const LocalEnd& end, Instant now);
  void free_end(const LocalEnd& end);
  // Of one that is kept, and that the server has closed first.
  void free_end(ConnectionId id);

  // --- Descriptors of processes that accept. Where they are not counted, there is always one.

  bool has_descriptor(DescriptorsId id) const {
    return id.is_none() || descriptors_[id].any_left();
  }
  bool take_descriptor(DescriptorsId id) { return id.is_none() || descriptors_[id].take(); }
  void free_descriptor(DescriptorsId id) {
    if (!id.is_none()) descriptors_[id].free(descriptors_[id].life());
  }
  void end_process(DescriptorsId id) {
    if (!id.is_none()) descriptors_[id].end_process();
  }

  // --- The server's end

  // The server is through with the request that is on it.
  void release(ConnectionId id);
  // The server does not keep it. A client that does sees that at once.
  void close_by_server(ConnectionId id);

  // The server keeps it among those that are parked at a process, and takes it from there when it
  // has read a request, or to close it.
  void park(ConnectionId id, ConnectionList& at, Instant now);
  void unpark(ConnectionId id, ConnectionList& at);
  void close_parked(ConnectionId id, ConnectionList& at);

  // The server is to look whether to close it. False: it is about to do so already.
  bool begin_closing(ConnectionId id) { return !std::exchange(table_[id].closing, true); }
  // The server has looked, and leaves it as it is.
  void end_closing(ConnectionId id);

  // Somebody is about to see to a ping on it, for which its row stays.
  void begin_ping(ConnectionId id) { ++table_[id].pings; }
  void end_ping(ConnectionId id);

  // --- WebSockets that a proxy passes on

  void join(ConnectionId origin, ConnectionId onward, std::uint32_t peer);
  void part(ConnectionId onward);
  // The server has closed it, on which no request was, and the proxy sees that.
  void give_up_onward(ConnectionId id);

  std::uint32_t live() const { return table_.live(); }
  std::uint64_t opened() const { return opened_; }
  template <class F>
  void for_each(F f) const {
    table_.for_each(f);
  }
  ConnectionId after(ConnectionId parked) const { return table_[parked].parked.later; }
  Bytes memory() const;
  void hash_into(Hasher& hasher) const;

 private:
  ConnectionId find_unused(KeeperId keeper, ServiceId service) const;
  void close_end(ConnectionId id, Instant now);
  // One that neither end has and nobody is about to look at.
  void forget_if_closed(ConnectionId id);

  ConnectionTable table_;
  IdVector<KeeperId, ConnectionList> unused_;
  PortTable ports_;
  DescriptorTable descriptors_;
  std::uint64_t opened_ = 0;
};

}  // namespace cotenant
