// Pace: the speeds of playing one after the other, backwards, standing still and on. Pure.
#pragma once

namespace viewer {

/// The pace `steps` rungs up (or down, if negative) the ladder -1440 ... -1, 0, 1 ... 1440, in feed
/// seconds per real second; 0 is a pause. From between two rungs the first step goes to the nearer
/// one in that direction. Clamped at the ends.
double next_pace(double pace, int steps);

}  // namespace viewer
