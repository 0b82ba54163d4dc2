/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A test's cgroup on whatever hierarchy this machine has: v2 alone, or the v1 cpu and cpuacct controllers with the v2
 * tree beside them (hybrid), or v1 alone. A cgroup is named by its path below the roots; the same name is created in
 * every hierarchy that matters here. Names begin with observe-test-, so that what a crash leaves behind is known.
 */
#ifndef OBSERVE_LOAD_CGROUP_H
#define OBSERVE_LOAD_CGROUP_H

#include <stdbool.h>
#include <sys/types.h>

/* Finds the hierarchies; fails the program if there is none. */
void cgroup_find(void);
/* Prints the found roots as JSON members: "cpu_root" (quota and cpu.stat), "unified_root" (the v2 tree, or null). */
void cgroup_print(void);

/* Creates a cgroup and its missing parents in every hierarchy; false with errno if one failed. */
bool cgroup_create(const char *name);
/* Removes one level of a name in every hierarchy; false with errno if one failed (EBUSY: it has tasks). */
bool cgroup_remove(const char *name);
/* Moves a process (0: the caller) into it. */
bool cgroup_join(const char *name, pid_t pid);
/* Sets the CPU bandwidth; a quota below 0 lifts it. */
bool cgroup_set_quota(const char *name, long quota_us, long period_us);

#endif
