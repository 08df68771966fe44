// FLEETWALL_CLONES marks a hot function: the compiler makes it for several generations of x86-64
// and the loader picks one, so a build runs on every machine and uses the wide vectors of new ones.
#pragma once

// Sanitizers run before the loader's choice is possible, and clang 14 cannot combine this with
// inlined helpers: there, and on other processors, the plain build stands.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define FLEETWALL_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FLEETWALL_CLONES
#endif

#if defined(__GNUC__)
#define FLEETWALL_INLINE inline __attribute__((always_inline))
#else
#define FLEETWALL_INLINE inline
#endif
