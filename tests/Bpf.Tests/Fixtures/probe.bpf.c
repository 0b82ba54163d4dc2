// SPDX-License-Identifier: GPL-2.0
// What the interop layer is tested with: one of each kind of program, map and variable that Observe uses.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct task_struct {
	int pid;
	int tgid;
} __attribute__((preserve_access_index));

struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

struct inner {
	__u16 kind;
	__s32 delta;
};

struct sample {
	__u64 wait_ns;
	__u32 cpu_id;
	__u8 flags;
	struct inner inner;
	union {
		__u64 whole;
		__u32 half;
	};
	__u32 slots[4];
	__u64 grid[2][3];
};

/* 12 bytes: the kernel keeps them 16 apart. */
struct small {
	__u32 a, b, c;
};

struct task_record {
	__u32 pid;
	__u32 tgid;
};

const volatile __u32 target_tid;
const volatile _Bool enabled = 1;
const volatile __u32 thresholds[3] = { 1, 2, 3 };
__u64 calls;
__u64 switches;
__u64 last_ktime;
__u64 start_at = 42;
static volatile const __u32 hidden = 7;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, struct sample);
} samples SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 600);
	__type(key, __u32);
	__type(value, struct small);
} smalls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u64);
} unmapped SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1000);
	__type(key, __u64);
	__type(value, struct small);
} table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, 4);
	__type(value, __u32);
} queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} per_cpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

/* Runs at every getpid() of the target thread. */
SEC("raw_tp/sys_enter")
int on_syscall(struct bpf_raw_tracepoint_args *ctx)
{
	__u32 zero = 0, tid = (__u32)bpf_get_current_pid_tgid(), *count, *record;
	struct sample *sample;

	if (!enabled || tid != target_tid || ctx->args[1] != 39 /* getpid on x86-64 */ + hidden - 7)
		return 0;
	__sync_fetch_and_add(&calls, 1);
	last_ktime = bpf_ktime_get_ns();
	start_at += thresholds[2];
	sample = bpf_map_lookup_elem(&samples, &zero);
	if (sample) {
		sample->wait_ns += 10;
		sample->slots[3]++;
	}
	count = bpf_map_lookup_elem(&per_cpu, &zero);
	if (count)
		(*count)++;
	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	if (record) {
		*record = (__u32)calls;
		bpf_ringbuf_submit(record, 0);
	}
	return 0;
}

SEC("tp_btf/sched_switch")
int on_switch(__u64 *ctx)
{
	switches++;
	return 0;
}

SEC("iter/task")
int on_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_record record;

	if (!task)
		return 0;
	record.pid = task->pid;
	record.tgid = task->tgid;
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}

/* Never passes the verifier: reads through an unchecked pointer. */
SEC("?raw_tp/sys_enter")
int on_bad(void *ctx)
{
	__u32 key = 3;
	__u64 *value = bpf_map_lookup_elem(&unmapped, &key);

	return *value;
}

/* No kernel has this tracepoint. */
SEC("?tp_btf/observe_no_such_tracepoint")
int on_nothing(void *ctx)
{
	return 0;
}

/* Loads, but there is nothing to attach to. */
SEC("?tracepoint/observe/no_such_event")
int on_no_event(void *ctx)
{
	return 0;
}
