// SPDX-License-Identifier: GPL-2.0
// Stamps a system call of one thread, under the number in its argument, as the ledger stamps: what the conversion of the
// kernel's stamps is compared with a reading of CLOCK_REALTIME by.
#include <linux/ptrace.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "GPL";

const volatile __u32 target_tid;
const volatile __u32 marker_call;
/* The upper half of a marker's argument; the lower one is its number. */
const volatile __u32 marker_tag;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 100000);
	__type(key, __u32);
	__type(value, __u64);
} stamps SEC(".maps");

/* (struct pt_regs *regs, long id) */
SEC("tp_btf/sys_enter")
int on_marker(__u64 *ctx)
{
	__u64 argument, *stamp;
	__u32 number;

	if ((__u32)bpf_get_current_pid_tgid() != target_tid || ctx[1] != marker_call)
		return 0;
	argument = PT_REGS_PARM1((struct pt_regs *)ctx[0]);
	number = (__u32)argument;
	stamp = bpf_map_lookup_elem(&stamps, &number);
	if (stamp && argument >> 32 == marker_tag)
		*stamp = bpf_ktime_get_ns();
	return 0;
}
