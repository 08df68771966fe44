// Feed texts: why there is no feed, and why the gateway does not record, in the wall's own words.
#pragma once

#include <string>
#include <string_view>

#include "net/codec/messages.hpp"
#include "net/feed/feed_reason.hpp"
#include "viewer/ui/texts.hpp"

namespace viewer {

/// A headline, and what to do about it. Both empty for FeedReason::none.
std::string_view reason_title(Lang lang, net::FeedReason reason);
std::string_view reason_advice(Lang lang, net::FeedReason reason);

/// What is wrong with the gateway's store, e.g. "磁盘已满" / "Disk full", and what to do about it.
std::string_view trouble_title(Lang lang, net::StoreTrouble trouble);
std::string_view trouble_advice(Lang lang, net::StoreTrouble trouble);
/// Whether the gateway's own words say more than the title.
bool trouble_needs_words(net::StoreTrouble trouble);

/// All of it, for the font atlas.
std::string all_feed_texts(Lang lang);

}  // namespace viewer
