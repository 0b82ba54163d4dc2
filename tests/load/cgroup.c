// SPDX-License-Identifier: Apache-2.0
#include "cgroup.h"

#include "load.h"

#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <sys/stat.h>

#define NAME_PREFIX "observe-test-"
#define MAX_ROOTS   3

struct root {
	char path[PATH_MAX / 4];
	bool unified; /* a v2 tree */
	bool cpu;     /* this one holds quotas */
};

static struct root roots[MAX_ROOTS];
static int root_count;

static bool write_file(const char *root, const char *name, const char *file, const char *text)
{
	char path[PATH_MAX];
	ssize_t written;
	int fd, error;

	snprintf(path, sizeof(path), "%s/%s/%s", root, name, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	written = write(fd, text, strlen(text));
	error = errno;
	close(fd);
	errno = error;
	return written == (ssize_t)strlen(text);
}

static bool has_cpu_controller(const char *root)
{
	char path[PATH_MAX], line[512] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%s/cgroup.controllers", root);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = 0;
	fclose(file);
	for (char *word = strtok(line, " \n"); word; word = strtok(NULL, " \n"))
		if (!strcmp(word, "cpu"))
			return true;
	return false;
}

void cgroup_find(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *mount;

	while (mounts && root_count < MAX_ROOTS && (mount = getmntent(mounts))) {
		const bool unified = !strcmp(mount->mnt_type, "cgroup2");
		const bool v1 = !strcmp(mount->mnt_type, "cgroup");
		const bool cpu = v1 && hasmntopt(mount, "cpu");
		struct root *root = &roots[root_count];

		if (!unified && !cpu && !(v1 && hasmntopt(mount, "cpuacct")))
			continue;
		snprintf(root->path, sizeof(root->path), "%s", mount->mnt_dir);
		root->unified = unified;
		root->cpu = cpu || (unified && has_cpu_controller(root->path));
		root_count++;
	}
	if (mounts)
		endmntent(mounts);
	if (!root_count)
		fail("no cgroup hierarchy is mounted: neither cgroup2 nor the v1 cpu controller");
}

void cgroup_print(void)
{
	const char *cpu = NULL, *unified = NULL;

	for (int i = 0; i < root_count; i++) {
		if (roots[i].cpu)
			cpu = roots[i].path;
		if (roots[i].unified)
			unified = roots[i].path;
	}
	printf("\"cpu_root\":%s%s%s,\"unified_root\":%s%s%s", cpu ? "\"" : "", cpu ? cpu : "null", cpu ? "\"" : "",
	       unified ? "\"" : "", unified ? unified : "null", unified ? "\"" : "");
}

static bool create_in(const struct root *root, const char *name)
{
	char part[PATH_MAX / 4], path[PATH_MAX];

	snprintf(part, sizeof(part), "%s", name);
	for (char *slash = part;; slash++) {
		slash = strchr(slash, '/');
		if (slash)
			*slash = 0;
		snprintf(path, sizeof(path), "%s/%s", root->path, part);
		if (mkdir(path, 0755) && errno != EEXIST)
			return false;
		if (!slash)
			return true;
		// On v2 a child has a controller only if its parent hands it down.
		if (root->unified && root->cpu && !write_file(root->path, part, "cgroup.subtree_control", "+cpu"))
			return false;
		*slash = '/';
	}
}

bool cgroup_create(const char *name)
{
	if (strncmp(name, NAME_PREFIX, strlen(NAME_PREFIX)))
		fail("cgroup '%s': names begin with " NAME_PREFIX, name);
	for (int i = 0; i < root_count; i++)
		if (!create_in(&roots[i], name))
			return false;
	return true;
}

bool cgroup_remove(const char *name)
{
	char path[PATH_MAX];
	int error = 0;

	for (int i = 0; i < root_count; i++) {
		snprintf(path, sizeof(path), "%s/%s", roots[i].path, name);
		if (rmdir(path) && errno != ENOENT)
			error = errno;
	}
	errno = error;
	return !error;
}

bool cgroup_join(const char *name, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	for (int i = 0; i < root_count; i++)
		if (!write_file(roots[i].path, name, "cgroup.procs", text))
			return false;
	return true;
}

bool cgroup_set_quota(const char *name, long quota_us, long period_us)
{
	char quota[32], both[64];

	for (int i = 0; i < root_count; i++) {
		const struct root *root = &roots[i];

		if (!root->cpu)
			continue;
		if (root->unified) {
			snprintf(quota, sizeof(quota), quota_us < 0 ? "max" : "%ld", quota_us);
			snprintf(both, sizeof(both), "%s %ld", quota, period_us);
			return write_file(root->path, name, "cpu.max", both);
		}
		snprintf(both, sizeof(both), "%ld", period_us);
		snprintf(quota, sizeof(quota), "%ld", quota_us < 0 ? -1 : quota_us);
		return write_file(root->path, name, "cpu.cfs_period_us", both) &&
		       write_file(root->path, name, "cpu.cfs_quota_us", quota);
	}
	errno = ENOTSUP;
	return false;
}
