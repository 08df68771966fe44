// Result<T>: a value, or an Error that says what went wrong, where, and what was expected.
// For bad input and bad networks. Broken set-up throws; a bug asserts.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace fleet {

/// Why an operation on outside data failed. `what` is a full sentence fit for an operator:
/// what was being read, where, what was expected and what was found.
struct Error {
  std::string what;
  int code = 0;  ///< the system's error behind it (errno); 0: none, or not known
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return content_.index() == 0; }
  bool ok() const { return content_.index() == 0; }

  T& value() & { return assert(ok()), std::get<0>(content_); }
  const T& value() const& { return assert(ok()), std::get<0>(content_); }
  T&& value() && { return assert(ok()), std::get<0>(std::move(content_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const { return assert(!ok()), std::get<1>(content_); }

 private:
  std::variant<T, Error> content_;
};

/// For operations that return nothing but may fail.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), failed_(true) {}

  explicit operator bool() const { return !failed_; }
  bool ok() const { return !failed_; }
  const Error& error() const { return assert(failed_), error_; }

 private:
  Error error_;
  bool failed_ = false;
};

}  // namespace fleet
