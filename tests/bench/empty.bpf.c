// SPDX-License-Identifier: GPL-2.0
// The least a program on sched_switch can do: what is left when it is subtracted is the work itself.
// Needs no header: it calls nothing and reads nothing.
__attribute__((section("license"), used)) char LICENSE[] = "GPL";

__attribute__((section("tp_btf/sched_switch"), used)) int empty(void *context)
{
	(void)context;
	return 0;
}
