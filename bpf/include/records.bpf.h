/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is remembered of each thread. The ledger makes and keeps the records; the objects that are loaded beside it share
 * its maps (libbpf's map reuse) and its settings.
 */
#ifndef OBSERVE_RECORDS_BPF_H
#define OBSERVE_RECORDS_BPF_H

const volatile u32 record_count = 1024;	     /* a power of two */
const volatile bool has_task_storage = true; /* BPF_MAP_TYPE_TASK_STORAGE for tracing programs: 5.13 */

/* What is remembered of a thread between its switches. What every switch touches is in the first cache line. */
struct ledger_task {
	u32 pid;     /* whose record this is; 0 = nobody's, or not in records */
	u32 claims;  /* of threads on this place in records */
	u64 css_set; /* where its cgroups were read when slot was found: an address to compare, never followed */
	u32 moves;   /* cgroup_moves at that time: the address may have been reused since a move */
	u32 slot;
	u64 out;       /* when it left the CPU */
	u64 run_delay; /* sched_info.run_delay at that moment */
	u64 in;	       /* when it last came to a CPU */
	u64 waited;    /* how long it had waited and been throttled just before */
	u16 cpu;
	u8 state;     /* enum ledger_state */
	u8 from;      /* the state before in; of an unseen thread, what it was found in; with flags */
	u32 vcpu;     /* 1 + its place in the vcpus of kvm.bpf.c; 0 = no vCPU's thread */
	u64 cgroup;   /* key of the cgroup that slot was found by; 0 = none */
	u64 throttle; /* clock of its group's throttling when it left, or was woken */
	u64 cfs_rq;   /* whose clock that is */
	/* ns since it became a vCPU's; kept for those alone. What is left of their time is sleep. */
	u64 ran;
	u64 waiting;
	u64 throttled_time;
	u64 blocked;
	u64 padding;
};

/*
 * Records by thread id, cut to the table's size: found by one inlined look-up, at a fifth of what task storage costs. A
 * thread whose place is taken has its record in spare_records.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* set at load: record_count */
	__type(key, u32);
	__type(value, struct ledger_task);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct ledger_task);
} spare_records SEC(".maps");

/* In place of task storage before 5.13. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1); /* set at load */
	__type(key, u32);
	__type(value, struct ledger_task);
} spare_records_by_pid SEC(".maps");

static __always_inline struct ledger_task *place_of(u32 pid)
{
	u32 index = pid & (record_count - 1);

	return bpf_map_lookup_elem(&records, &index);
}

static __noinline struct ledger_task *spare_record_of(struct task_struct *task)
{
	if (has_task_storage)
		return bpf_task_storage_get(&spare_records, task, 0, 0);

	u32 pid = task->pid;

	return bpf_map_lookup_elem(&spare_records_by_pid, &pid);
}

static __always_inline struct ledger_task *record_of(struct task_struct *task)
{
	u32 pid = task->pid;
	struct ledger_task *record = place_of(pid);

	return record && record->pid == pid ? record : spare_record_of(task);
}

#endif
