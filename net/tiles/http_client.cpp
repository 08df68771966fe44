#include "net/tiles/http_client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <new>
#include <string_view>
#include <utility>

namespace net {
namespace {

constexpr const char* kUserAgent = "fleetwall/" FLEETWALL_VERSION;

/// What one transfer fills in.
struct Transfer {
  HttpAnswer answer;
  std::size_t body_bytes_max = 0;
  bool too_large = false;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const auto bytes = std::as_bytes(std::span(data, size * count));
  if (bytes.size() > transfer.body_bytes_max - transfer.answer.body.size()) {
    transfer.too_large = true;
    return 0;  // ends the transfer
  }
  transfer.answer.body.insert(transfer.answer.body.end(), bytes.begin(), bytes.end());
  return bytes.size();
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == y;
  });
}

/// Takes the value of one header line; the first line of a further answer begins anew.
void take_line(std::string_view line, HttpAnswer& answer) {
  if (line.starts_with("HTTP/")) {
    answer = {};
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && static_cast<unsigned char>(value.front()) <= 0x20)
    value.remove_prefix(1);
  while (!value.empty() && static_cast<unsigned char>(value.back()) <= 0x20) value.remove_suffix(1);
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (value.size() > kHeaderValueMax || std::any_of(value.begin(), value.end(), control)) return;
  const std::pair<std::string_view, std::string*> wanted[] = {
      {"etag", &answer.etag},
      {"cache-control", &answer.cache_control},
      {"age", &answer.age},
      {"content-type", &answer.content_type},
      {"retry-after", &answer.retry_after}};
  for (const auto& [name, place] : wanted)
    if (same_name(line.substr(0, colon), name)) *place = value;
}

std::size_t take_header(char* data, std::size_t size, std::size_t count, void* user) {
  take_line({data, size * count}, static_cast<Transfer*>(user)->answer);
  return size * count;
}

/// Called a few times a second: not 0 ends the transfer.
int watch(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return *static_cast<const std::atomic<bool>*>(user) ? 1 : 0;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

void add(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

/// Is it of this answer alone that it is not taken?
bool of_answer_alone(CURLcode code) {
  return code == CURLE_FILESIZE_EXCEEDED || code == CURLE_TOO_MANY_REDIRECTS ||
         code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT;
}

}  // namespace

class HttpClient::Handle {
 public:
  Handle() : curl_(curl_easy_init()) {
    if (!curl_) throw std::bad_alloc();
  }

  std::variant<HttpAnswer, HttpFailure> get(const std::string& url, const std::string& etag,
                                            const HttpBounds& bounds, std::atomic<bool>& stopped);

 private:
  struct Cleanup {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  };
  /// Options are kept as given; connections survive a reset.
  template <class T>
  void set(CURLoption option, T value) {
    curl_easy_setopt(curl_.get(), option, value);
  }
  void prepare(const std::string& url, const HttpBounds& bounds, Transfer& transfer);

  std::unique_ptr<CURL, Cleanup> curl_;
  std::array<char, CURL_ERROR_SIZE> words_{};
};

void HttpClient::Handle::prepare(const std::string& url, const HttpBounds& bounds,
                                 Transfer& transfer) {
  curl_easy_reset(curl_.get());
  words_[0] = '\0';
  const char* const redirects = url.starts_with("https:") ? "https" : "http,https";
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, redirects);
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, static_cast<long>(kRedirectsMax));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(bounds.connect.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(bounds.whole.count()));
  // A name that is being looked up holds up neither a stop nor the time for connecting: libcurl
  // leaves the thread that asks to itself.
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_NOSIGNAL, 1L);  // signals are the process's, time-outs a thread's
  set(CURLOPT_USERAGENT, kUserAgent);
  set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(bounds.body_bytes_max));
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
  set(CURLOPT_HEADERFUNCTION, &take_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
  set(CURLOPT_ERRORBUFFER, words_.data());
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &watch);
}

std::variant<HttpAnswer, HttpFailure> HttpClient::Handle::get(const std::string& url,
                                                              const std::string& etag,
                                                              const HttpBounds& bounds,
                                                              std::atomic<bool>& stopped) {
  Transfer transfer;
  transfer.body_bytes_max = bounds.body_bytes_max;
  prepare(url, bounds, transfer);
  set(CURLOPT_XFERINFODATA, static_cast<void*>(&stopped));
  HeaderList headers;
  add(headers, "Accept: image/webp,image/png,image/jpeg");
  if (!etag.empty()) add(headers, "If-None-Match: " + etag);
  set(CURLOPT_HTTPHEADER, headers.get());
  const CURLcode code = curl_easy_perform(curl_.get());
  set(CURLOPT_HTTPHEADER, static_cast<curl_slist*>(nullptr));
  if (transfer.too_large || code == CURLE_FILESIZE_EXCEEDED)
    return HttpFailure{false, "more than " + std::to_string(bounds.body_bytes_max) + " bytes"};
  if (code == CURLE_TOO_MANY_REDIRECTS)
    return HttpFailure{false, "more than " + std::to_string(kRedirectsMax) + " redirects"};
  if (code != CURLE_OK)
    return HttpFailure{!of_answer_alone(code),
                       words_[0] != '\0' ? std::string(words_.data()) : curl_easy_strerror(code)};
  long status = 0;
  curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
  transfer.answer.status = static_cast<int>(status);
  return std::move(transfer.answer);
}

HttpClient::HttpClient(HttpBounds bounds) : bounds_(bounds) {
  // Once a process, before the first handle; what it sets up is the process's to the end.
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  (void)ready;
}

HttpClient::~HttpClient() = default;

std::unique_ptr<HttpClient::Handle> HttpClient::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Handle>();
  auto handle = std::move(idle_.back());
  idle_.pop_back();
  return handle;
}

std::variant<HttpAnswer, HttpFailure> HttpClient::get(const std::string& url,
                                                      const std::string& etag) {
  if (stopped_) return HttpFailure{false, "stopped"};
  auto handle = take();
  auto answer = handle->get(url, etag, bounds_, stopped_);
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(handle));
  return answer;
}

}  // namespace net
