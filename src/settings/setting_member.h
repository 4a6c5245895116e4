#pragma once

#include <array>
#include <optional>
#include <type_traits>
#include <utility>

#include "settings/options.h"
#include "settings/settings.h"

// How a row of options() names the member of Settings that stores its value:
//
//     to<&Settings::run, &RunPolicy::lock_timeout>({.key = "lock-timeout", …})
//
// The member's type determines the type of the value. The words of an enumeration are defined here.

namespace slipway {

// The words that users write for the values of an enumeration.
template <typename Value>
inline constexpr std::array<Choice, 0> words_for{};
template <>
inline constexpr std::array words_for<ChecksumPolicy>{Choice{"error", ChecksumPolicy::error},
                                                      Choice{"warn", ChecksumPolicy::warn},
                                                      Choice{"ignore", ChecksumPolicy::ignore}};
template <>
inline constexpr std::array words_for<OutOfOrderPolicy>{Choice{"refuse", OutOfOrderPolicy::refuse},
                                                        Choice{"allow", OutOfOrderPolicy::allow}};
template <>
inline constexpr std::array words_for<AheadPolicy>{Choice{"refuse", AheadPolicy::refuse},
                                                   Choice{"allow", AheadPolicy::allow}};
template <>
inline constexpr std::array words_for<log::Level>{
    Choice{"trace", log::Level::trace}, Choice{"debug", log::Level::debug}, Choice{"info", log::Level::info},
    Choice{"warning", log::Level::warning}, Choice{"error", log::Level::error}};
template <>
inline constexpr std::array words_for<log::Format>{Choice{"text", log::Format::text}, Choice{"json", log::Format::json},
                                                   Choice{"logfmt", log::Format::logfmt}};
template <>
inline constexpr std::array words_for<log::Color>{
    Choice{"auto", log::Color::automatic}, Choice{"always", log::Color::always}, Choice{"never", log::Color::never}};
template <>
inline constexpr std::array words_for<ResultFormat>{Choice{"text", ResultFormat::text},
                                                    Choice{"json", ResultFormat::json}};

template <typename Object>
constexpr Object& follow(Object& object) {
  return object;
}
template <typename Object, typename Member, typename... Rest>
constexpr auto& follow(Object& object, Member member, Rest... rest) {
  return follow(object.*member, rest...);
}

template <typename Value>
struct Bare {
  using Type = Value;
};
template <typename Value>
struct Bare<std::optional<Value>> {
  using Type = Value;
};

// The type of the member that the path leads to; for an optional, its value type.
template <auto... path>
using MemberType = typename Bare<std::remove_reference_t<decltype(follow(std::declval<Settings&>(), path...))>>::Type;

template <auto... path>
void store_at(Settings& settings, SettingValue value) {
  using Value = MemberType<path...>;
  if constexpr (std::is_enum_v<Value> || std::is_same_v<Value, bool>)
    follow(settings, path...) = static_cast<Value>(std::get<int>(value));
  else
    follow(settings, path...) = std::get<Value>(std::move(value));
}

// A row for the member at the path. If the member is an enumeration, its words are the choices.
template <auto... path>
constexpr Option to(Option row) {
  using Value = MemberType<path...>;
  if constexpr (std::is_enum_v<Value>) {
    row.kind = OptionKind::choice;
    row.choices = words_for<Value>;
  } else if constexpr (std::is_same_v<Value, bool>) {
    row.kind = OptionKind::toggle;
  }
  row.store = store_at<path...>;
  return row;
}

}  // namespace slipway
