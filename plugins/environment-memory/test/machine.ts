import { type MachineTree, machineTree, sharedMachine } from '@cloudbench/fixtures/machine-tree'

export const mib = 1024 * 1024

export function meminfo(megabytes: number): string {
  return `MemTotal:       ${megabytes * 1024} kB\nMemFree:          100 kB\n`
}

/** One of the shared machines, to be changed. */
export function machineLike(name: string): Promise<MachineTree> {
  return machineTree({}, sharedMachine(name))
}
