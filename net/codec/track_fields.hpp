// The protobuf side of track_messages.hpp; for messages.cpp only.
#pragma once

#include "fleet/result.hpp"
#include "net/codec/track_messages.hpp"
#include "net/proto/feed.pb.h"

namespace net {

void fill(fleetwall::v1::ServerMessage& out, const TrackReply& reply);
void fill(fleetwall::v1::ClientMessage& out, const TrackRequest& request);
/// Error: columns of different lengths, a number out of range, times that do not ascend.
fleet::Result<TrackReply> read_track(const fleetwall::v1::TrackReply& reply);
/// Error: no machine, more than kMaxTrackMachines, a slot beyond all, from behind to, too long a
/// span.
fleet::Result<TrackRequest> read_track(const fleetwall::v1::TrackRequest& request);

}  // namespace net
