// SPDX-License-Identifier: Apache-2.0
//
// The kinds of things a blueprint numbers. Cores, tasks and groups are numbered in
// models/cpu/scheduler.h.
#pragma once

#include "sim/base/id.h"

namespace cotenant {

using MachineId = Id<struct MachineTag>;  // the hardware, or a virtual machine
using RequestId =
    Id<struct RequestTag>;  // a row of the request table; reused after the request has left
using ClassId = Id<struct ClassTag>;    // a request class, or an operation of a service
using SourceId = Id<struct SourceTag>;  // something that produces requests
using UserId = Id<struct UserTag>;      // a user of a closed source, numbered across sources; then
                                        // the rows of sessions
using SessionId = Id<struct SessionTag>;  // a row of the table of sessions; reused
using ServiceId = Id<struct ServiceTag>;
using UpstreamId = Id<struct UpstreamTag>;  // the servers behind a proxy
using CallSpecId = Id<struct CallSpecTag>;  // a place from which a service calls another one
using PoolId = Id<struct PoolTag>;          // of connections: each of a process, or of a pgbouncer
using LockId = Id<struct LockTag>;          // of a row or table, numbered across databases
using WorkerId = Id<struct WorkerTag>;    // serves one request at a time, numbered across services
using ProcessId = Id<struct ProcessTag>;  // with several threads, numbered across services
using ThreadId = Id<struct ThreadTag>;    // of such a process, numbered across them
using HeapId = Id<struct HeapTag>;        // the objects of a process or worker
using ConnectionId = Id<struct ConnectionTag>;  // a row of the table of connections; reused
using KeeperId = Id<struct KeeperTag>;          // those who keep connections to a service together
using PortsId = Id<struct PortsTag>;            // the local ports of a machine towards one service
using DescriptorsId = Id<struct DescriptorsTag>;  // the file descriptors of a process or worker
using NeighborId = Id<struct NeighborTag>;        // a thread of another tenant

}  // namespace cotenant
