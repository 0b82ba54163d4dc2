/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few kernel types the programs touch, with the few members they read. Every access is relocated against the
 * running kernel's BTF (CO-RE), so order and offsets here mean nothing, and building needs no kernel's headers.
 * A member that not every kernel has lives in a flavour (___suffix) in compat.bpf.h.
 */
#ifndef OBSERVE_KERNEL_BPF_H
#define OBSERVE_KERNEL_BPF_H
#define __VMLINUX_H__ /* tells bpf_tracing.h that pt_regs is spelt as the kernel spells it */

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed char __s8;
typedef short __s16;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u32 __wsum;
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;
typedef _Bool bool;

enum { false, true };

/* UAPI values (include/uapi/linux/bpf.h) that the maps and helpers take. */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_QUEUE = 22,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
};

enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
};

enum {
	BPF_RB_NO_WAKEUP = 1U << 0,
};

enum {
	BPF_F_NO_PREALLOC = 1U << 0,
	BPF_F_MMAPABLE = 1U << 10,
};

enum {
	BPF_LOCAL_STORAGE_GET_F_CREATE = 1U << 0,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct kernfs_node {
	const char *name;
	u64 id;
	void *priv; /* of a cgroup's directory: the cgroup */
};

struct cgroup_root {
	unsigned int subsys_mask;
	int hierarchy_id;
};

struct cgroup;

struct cgroup_subsys_state {
	struct cgroup *cgroup;
	unsigned int flags;
};

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct task_group {
	struct cgroup_subsys_state css;
};

struct rq {
	u64 clock;
	u64 clock_task; /* clock without interrupts and steal, where the kernel tracks them */
	int cpu;
};

struct cfs_rq {
	struct rq *rq;
	struct task_group *tg;
	int throttle_count;
};

struct sched_entity {
	u64 exec_start; /* clock_task up to which its CPU time is accounted */
	struct cfs_rq *cfs_rq;
};

struct sched_info {
	unsigned long run_delay;	 /* ns spent waiting before the current wait */
	unsigned long long last_arrival; /* rq clock at which it last came to a CPU */
	unsigned long long last_queued;	 /* rq clock at which the current wait began; 0 = not waiting */
};

struct mm_struct;

struct signal_struct {
	struct mm_struct *oom_mm; /* set when the process was chosen to be killed for want of memory */
};

struct task_struct {
	unsigned int flags;
	int exit_state;
	unsigned int on_rq; /* queued or on its CPU; 2 while it is moved between run queues */
	int pid;
	int tgid;
	char comm[16];
	struct signal_struct *signal;
	struct sched_entity se;
	struct task_group *sched_task_group;
	struct sched_info sched_info;
	struct css_set *cgroups;
};

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	u64 session_id;
	u64 seq_num;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long di;
	unsigned long si;
};
#else
struct user_pt_regs {
	u64 regs[31];
};
#endif

#pragma clang attribute pop

#endif
