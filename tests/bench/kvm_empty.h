/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The least that programs on KVM's tracepoints can do, at each place where the agent has one. Includes no header: they call
 * nothing and read nothing. Whoever includes it says of which KIND the tracepoints are.
 */
__attribute__((section("license"), used)) char LICENSE[] = "GPL";

#define EMPTY(hook)                                                                                                    \
	__attribute__((section(KIND #hook), used)) int hook##_empty(void *context)                                     \
	{                                                                                                              \
		(void)context;                                                                                         \
		return 0;                                                                                              \
	}

EMPTY(kvm_entry)
EMPTY(kvm_exit)
EMPTY(kvm_userspace_exit)
EMPTY(kvm_vcpu_wakeup)
