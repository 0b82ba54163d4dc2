// SPDX-License-Identifier: GPL-2.0
// A program on a kernel function, which kernel lockdown refuses.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("fentry/vfs_read")
int on_function(void *ctx)
{
	return 0;
}
