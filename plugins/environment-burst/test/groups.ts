/** Control groups of version 2, and this process in `/job/worker`. */
export const newerGroups = {
  'proc/self/mountinfo': '29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
  'proc/self/cgroup': '0::/job/worker\n',
}

/** Control groups of version 1, and this process in `/job/worker`. */
export const olderGroups = {
  'proc/self/mountinfo': '30 29 0:26 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n',
  'proc/self/cgroup': '3:cpu,cpuacct:/job/worker\n',
}
