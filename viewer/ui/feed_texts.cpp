#include "viewer/ui/feed_texts.hpp"

#include <array>

namespace viewer {
namespace {

using net::FeedReason;
using net::StoreTrouble;

struct Words {
  std::string_view zh, en;
  constexpr std::string_view in(Lang lang) const { return lang == Lang::zh ? zh : en; }
};
template <class Key>
struct Entry {
  Key key;
  Words title, advice;
};

constexpr std::array kReasons{
    Entry<FeedReason>{FeedReason::none, {"", ""}, {"", ""}},
    Entry<FeedReason>{FeedReason::unreachable,
                      {"无法连接网关", "The gateway cannot be reached"},
                      {"请确认网关已启动，地址与端口正确；将自动重试",
                       "Check that it runs, and its address and port. The wall keeps trying"}},
    Entry<FeedReason>{FeedReason::no_answer,
                      {"网关没有响应", "The gateway does not answer"},
                      {"请检查网关与网络；将自动重试",
                       "Check the gateway and the network. The wall keeps trying"}},
    Entry<FeedReason>{FeedReason::cut,
                      {"与网关的连接中断", "The connection was cut"},
                      {"将自动重新连接", "The wall reconnects by itself"}},
    Entry<FeedReason>{FeedReason::not_encrypted,
                      {"对方未使用 TLS 加密", "The gateway does not speak TLS"},
                      {"网关若未配置证书，地址应以 ws:// 开头",
                       "Where it has no certificate, its address begins with ws://"}},
    Entry<FeedReason>{FeedReason::hung_up,
                      {"网关未应答即断开", "The gateway hung up without an answer"},
                      {"连接数可能已满，或地址中 ws:// 与 wss:// 用错；将自动重试",
                       "It may be full, or ws:// and wss:// were confused. The wall keeps "
                       "trying"}},
    Entry<FeedReason>{FeedReason::certificate,
                      {"网关证书不受信任", "The gateway's certificate is not trusted"},
                      {"请核对网关地址；自签名证书请用 --ca-file 文件名 指定",
                       "Check the address, or name the certificate to trust with --ca-file FILE"}},
    Entry<FeedReason>{FeedReason::token_wanted,
                      {"网关要求访问令牌", "The gateway asks for a token"},
                      {"请用 --token-file 文件名 指定令牌文件，然后重新启动",
                       "Start the wall with --token-file FILE"}},
    Entry<FeedReason>{FeedReason::token_unknown,
                      {"网关不认识本屏的令牌", "The gateway does not know this wall's token"},
                      {"请向网关管理员申请新的令牌；将自动重试",
                       "Ask the gateway's operator for a new one. The wall keeps trying"}},
    Entry<FeedReason>{FeedReason::token_forbidden,
                      {"本屏的令牌无权查看", "This wall's token may not watch"},
                      {"请申请角色为 viewer 的令牌；将自动重试",
                       "Ask for a token of the role viewer. The wall keeps trying"}},
    Entry<FeedReason>{FeedReason::address_refused,
                      {"网关不接受经此地址的访问", "The gateway lets nobody in by this address"},
                      {"请改用网关自身的地址，或为网关配置访问令牌",
                       "Use the gateway's own address, or let the gateway have tokens"}},
    Entry<FeedReason>{FeedReason::token_withdrawn,
                      {"本屏的令牌已被收回", "This wall's token was taken back"},
                      {"请向网关管理员申请新的令牌；将自动重试",
                       "Ask the gateway's operator for a new one. The wall keeps trying"}},
    Entry<FeedReason>{FeedReason::token_changed,
                      {"本屏令牌的角色已变更", "The role of this wall's token was changed"},
                      {"新角色无权查看；请联系网关管理员，将自动重试",
                       "The new role may not watch. Ask the gateway's operator; the wall keeps "
                       "trying"}},
    Entry<FeedReason>{FeedReason::no_upgrade,
                      {"未能建立 WebSocket 连接", "No WebSocket came about"},
                      {"请检查网关前的代理是否转发 WebSocket",
                       "Check that a proxy before the gateway passes WebSockets on"}},
    Entry<FeedReason>{FeedReason::full,
                      {"网关连接数已满", "The gateway has no room for one more"},
                      {"将自动重试；如持续出现，请联系网关管理员",
                       "The wall keeps trying. If it stays so, ask the gateway's operator"}},
    Entry<FeedReason>{FeedReason::no_gateway,
                      {"该地址不是 fleetwall 网关", "This is no fleetwall gateway"},
                      {"请核对 --connect 的地址、端口与路径",
                       "Check address, port and path given with --connect"}},
    Entry<FeedReason>{FeedReason::no_past,
                      {"网关不提供历史回放", "The gateway has no past to go to"},
                      {"该网关未记录数据，或版本较旧；请联系网关管理员",
                       "It records nothing, or is older. Ask the gateway's operator"}},
    Entry<FeedReason>{
        FeedReason::version,
        {"网关与本屏版本不一致", "Gateway and wall differ in version"},
        {"请在两端安装同一版本的 fleetwall", "Install the same version of fleetwall on both"}},
    Entry<FeedReason>{
        FeedReason::bad_request,
        {"网关未能识别本屏的请求", "The gateway did not understand this wall"},
        {"请在两端安装同一版本的 fleetwall", "Install the same version of fleetwall on both"}},
    Entry<FeedReason>{
        FeedReason::too_slow,
        {"本屏接收过慢，已被网关断开", "This wall reads too slowly"},
        {"请检查网络带宽；将自动重新连接", "Check the network. The wall reconnects by itself"}},
    Entry<FeedReason>{FeedReason::stopping,
                      {"网关正在停机", "The gateway is being shut down"},
                      {"网关恢复后将自动重新连接", "The wall reconnects when it is back"}},
    Entry<FeedReason>{
        FeedReason::gateway_fault,
        {"网关内部出错", "The gateway has a fault of its own"},
        {"请查看网关日志；将自动重新连接", "Its log says more. The wall reconnects by itself"}},
    Entry<FeedReason>{FeedReason::unreadable,
                      {"收到无法解读的数据", "What came could not be read"},
                      {"正在重新获取完整数据", "The wall asks for everything again"}},
    Entry<FeedReason>{FeedReason::wall_busy,
                      {"本屏过于繁忙，未能及时处理数据", "This wall was too busy for its data"},
                      {"将自动重新连接", "The wall reconnects by itself"}},
};
static_assert(kReasons.size() == static_cast<std::size_t>(FeedReason::count_));

constexpr std::array kTroubles{
    Entry<StoreTrouble>{StoreTrouble::other,
                        {"写入失败", "Writing fails"},
                        {"请查看网关日志", "The gateway's log says more"}},
    Entry<StoreTrouble>{StoreTrouble::disk_full,
                        {"磁盘已满", "Disk full"},
                        {"清理磁盘空间后自动恢复记录", "Free space, and it goes on by itself"}},
    Entry<StoreTrouble>{StoreTrouble::read_only,
                        {"数据目录不可写", "Data folder not writable"},
                        {"请检查目录权限或磁盘是否被设为只读",
                         "Check its permissions, and whether the disk became read-only"}},
    Entry<StoreTrouble>{StoreTrouble::io_error,
                        {"磁盘读写错误", "Disk error"},
                        {"请尽快检查网关的磁盘", "Check the gateway's disk soon"}},
};
static_assert(kTroubles.size() == static_cast<std::size_t>(StoreTrouble::count_));

template <class Table>
constexpr bool in_order(const Table& table) {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].key) != i) return false;
  return true;
}
static_assert(in_order(kReasons) && in_order(kTroubles), "in the order of their enums");

}  // namespace

std::string_view reason_title(Lang lang, net::FeedReason reason) {
  return kReasons[static_cast<std::size_t>(reason)].title.in(lang);
}

std::string_view reason_advice(Lang lang, net::FeedReason reason) {
  return kReasons[static_cast<std::size_t>(reason)].advice.in(lang);
}

std::string_view trouble_title(Lang lang, net::StoreTrouble trouble) {
  return kTroubles[static_cast<std::size_t>(trouble)].title.in(lang);
}

std::string_view trouble_advice(Lang lang, net::StoreTrouble trouble) {
  return kTroubles[static_cast<std::size_t>(trouble)].advice.in(lang);
}

bool trouble_needs_words(net::StoreTrouble trouble) {
  return trouble == net::StoreTrouble::other || trouble == net::StoreTrouble::io_error;
}

std::string all_feed_texts(Lang lang) {
  std::string all;
  for (const auto& entry : kReasons) all.append(entry.title.in(lang)).append(entry.advice.in(lang));
  for (const auto& entry : kTroubles)
    all.append(entry.title.in(lang)).append(entry.advice.in(lang));
  return all;
}

}  // namespace viewer
