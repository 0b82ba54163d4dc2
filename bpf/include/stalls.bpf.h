/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Telling user space of single stalls, no faster than is wanted. User space looks into the ring by itself: a wakeup from within
 * the scheduler would cost more than the stall's record. The ledger makes these maps; objects that are loaded beside
 * it share them (libbpf's map reuse).
 */
#ifndef OBSERVE_STALLS_BPF_H
#define OBSERVE_STALLS_BPF_H

#include "../stalls.h"

const volatile bool watches_stalls = false;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096); /* set at load: bytes */
} stalls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct stall_limits);
} stall_limits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* set at load: slots */
	__type(key, u32);
	__type(value, struct stall_victim);
} victims SEC(".maps");

static __always_inline void count_stall(struct stall_limits *limits, u32 kind, u32 outcome, u64 length)
{
	__sync_fetch_and_add(&limits->count[kind * STALL_OUTCOMES + outcome], 1);
	__sync_fetch_and_add(&limits->total[kind], length);
}

/*
 * Room in the ring for a stall that is over the configured threshold of its kind, if it may be told; counted either way.
 * Whoever gets it fills all of it but what is filled here, and submits it. (One test of what was reserved: before 6.5
 * verifiers forget the first one's result.)
 */
static __always_inline struct stall *begin_stall(u32 kind, u32 slot, u64 length, u64 end)
{
	u32 only = 0, outcome;
	struct stall_limits *limits = bpf_map_lookup_elem(&stall_limits, &only);
	struct stall_victim *victim = bpf_map_lookup_elem(&victims, &slot);
	struct stall *stall;

	if (!limits || !victim || kind >= STALL_KINDS)
		return 0;
	if (length < limits->threshold[kind]) {
		outcome = STALL_RAISED;
	} else if ((s32)(victim->granted - victim->taken) <= 0) {
		outcome = STALL_WORKLOAD;
	} else if ((s64)(limits->granted - limits->taken) <= 0) {
		outcome = STALL_ALL;
	} else {
		stall = bpf_ringbuf_reserve(&stalls, sizeof(*stall), 0);
		if (stall) {
			count_stall(limits, kind, STALL_TOLD, length);
			__sync_fetch_and_add(&victim->taken, 1);
			__sync_fetch_and_add(&limits->taken, 1);
			stall->kind = kind;
			stall->slot = slot;
			stall->length = length;
			stall->end = end;
			stall->padding = 0;
			return stall;
		}
		outcome = STALL_FULL;
	}
	count_stall(limits, kind, outcome, length);
	return 0;
}

static __always_inline void add_no_culprits(struct stall *stall)
{
	stall->irq = 0;
	stall->steal = 0;
	stall->idle = 0;
	stall->unknown = 0;
	stall->other = 0;
	for (u32 i = 0; i < STALL_CULPRITS; i++)
		stall->culprits[i] = (struct stall_culprit){};
}

#endif
