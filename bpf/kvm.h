/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the vCPU accounts share with user space: the only truth about these layouts. The C# twins in
 * src/Collectors/Kvm/Exits/KvmWire.cs are checked against this object's BTF in a test and by size at load.
 */
#ifndef OBSERVE_KVM_H
#define OBSERVE_KVM_H

/* Where a vCPU thread's time goes: its CPU time by what it does, the rest by the ledger's account of it. */
enum kvm_time {
	KVM_TIME_GUEST = 0,	/* from entry to exit, the processor's own way in and out included */
	KVM_TIME_EXIT = 1,	/* handling an exit in the kernel */
	KVM_TIME_HALT_POLL = 2, /* halted, and polling for an end of it before going to sleep */
	KVM_TIME_USERSPACE = 3, /* in the VMM */
	KVM_TIME_WAITING = 4,	/* runnable, not running, not throttled */
	KVM_TIME_THROTTLED = 5,
	KVM_TIME_BLOCKED = 6,
	KVM_TIME_SLEEPING = 7, /* halted guests sleep here */
	KVM_TIMES = 8,
};

#define KVM_REASON_PLACES 64 /* a power of two */

/* One vCPU thread. Written by that thread only, in the hooks of KVM. */
struct kvm_vcpu_account {
	__u32 version; /* odd while being written */
	__u32 tid;     /* 0 = free */
	__u32 tgid;    /* of the VMM */
	__u32 vcpu;    /* KVM's number of it; ~0 = not known */
	__u32 vm;      /* tells the VMs of one process apart: a mark of its struct kvm */
	__u32 mode;    /* enum kvm_time: GUEST, EXIT or USERSPACE */
	__u64 cgroup;  /* key of its cgroup, as the ledger found it */
	__u64 born;    /* CLOCK_MONOTONIC ns of its first entry */
	__u64 at;      /* CLOCK_MONOTONIC ns up to which it is accounted */
	__u64 exits;
	__s64 time[KVM_TIMES]; /* ns */
	/* The thread's record as of then: what it has gone on by since is what happened between two hooks. */
	__u64 in;
	__u64 ran;
	__u64 waiting;
	__u64 throttled;
	__u64 blocked;
	__u64 handling; /* ns of CPU time that the current exit has taken so far */
	__u32 current;	/* its reason's place in reasons; 0 = none */
	__u32 padding;
	__u32 places
		[KVM_REASON_PLACES]; /* where in reasons its reasons are, by the low bits of their number; 0 = none */
};

/* Exits of one vCPU for one reason. Written by its thread only. */
struct kvm_reason {
	__u32 reason; /* as the processor gives it */
	__u32 isa;    /* KVM's number of the instruction set: 1 VMX, 2 SVM; 0 on arm64 */
	__u64 exits;
	__u64 handled;	  /* exits whose handling has ended: what cells[] adds up to */
	__u64 handling;	  /* ns of CPU time, sum of what is in cells[] */
	__u64 cells[138]; /* histogram of handling (histogram.bpf.h) */
};

enum kvm_lost {
	KVM_LOST_VCPUS = 0,   /* entries of vCPUs that found no free account */
	KVM_LOST_REASONS = 1, /* exits whose reason found no room: in exits of the vCPU, not by reason */
	KVM_LOST_UNKNOWN = 2, /* entries of threads that the ledger does not know (yet) */
	KVM_LOSTS = 3,
};

#endif
