// SPDX-License-Identifier: GPL-2.0
// The least that programs on KVM's classic tracepoints can do, at each place where the agent has one.
// Needs no header: it calls nothing and reads nothing.
__attribute__((section("license"), used)) char LICENSE[] = "GPL";

#define EMPTY(hook)                                                                                                    \
	__attribute__((section("tracepoint/kvm/" #hook), used)) int hook##_empty(void *context)                        \
	{                                                                                                              \
		(void)context;                                                                                         \
		return 0;                                                                                              \
	}

EMPTY(kvm_entry)
EMPTY(kvm_exit)
EMPTY(kvm_userspace_exit)
EMPTY(kvm_vcpu_wakeup)
