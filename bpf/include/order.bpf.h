/* SPDX-License-Identifier: GPL-2.0-only */
/* The order of stores that user space sees, and what the compiler and the verifier may take for granted or not. */
#ifndef OBSERVE_ORDER_BPF_H
#define OBSERVE_ORDER_BPF_H

#define likely(condition)   __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#define barrier()	    asm volatile("" ::: "memory")
/* Makes the compiler forget what it knows of a value, so that the check that follows is there for the verifier too. */
#define opaque(value) asm volatile("" : "+r"(value))

#if defined(__TARGET_ARCH_x86)
/* Stores of one CPU are seen in their order: only the compiler must be held. One load serves both ends of a writing. */
static __always_inline u32 begin_writing(u32 *version)
{
	u32 even = *version;

	*(volatile u32 *)version = even + 1;
	barrier();
	return even;
}

static __always_inline void end_writing(u32 *version, u32 even)
{
	barrier();
	*(volatile u32 *)version = even + 2;
}
#else
/* An atomic that returns a value orders everything around it. */
static __always_inline u32 begin_writing(u32 *version)
{
	return __sync_fetch_and_add(version, 1);
}

static __always_inline void end_writing(u32 *version, u32 even)
{
	*(volatile u32 *)&even = __sync_fetch_and_add(version, 1);
}
#endif

#endif
