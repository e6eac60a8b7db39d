import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { missing, readNumber, type SignalSource } from '@cloudbench/environment-kit'

/** Some kernels wake the CPU to answer, so only a few are asked. */
const mostCpus = 8

/** The mean frequency of CPUs that are spread over the machine. */
export async function frequency(root: string): Promise<SignalSource> {
  const folder = join(root, 'sys/devices/system/cpu')
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^cpu\d+$/.test(name))
  const cpus = names.map((name) => Number(name.slice('cpu'.length))).toSorted((a, b) => a - b)
  const files = spread(cpus, mostCpus).map((cpu) => join(folder, `cpu${cpu}`, 'cpufreq/scaling_cur_freq'))
  if ((await meanHz(files)) === undefined)
    return missing({
      'cpu.frequencyHz': 'there is no cpufreq here, as for most guests: the canary tells instead',
    })
  return {
    signals: { 'cpu.frequencyHz': 'gauge' },
    read: async () => ({ 'cpu.frequencyHz': await meanHz(files) }),
  }
}

function spread<T>(all: readonly T[], count: number): readonly T[] {
  if (all.length <= count) return all
  return Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)]!)
}

/** From kilohertz, of the CPUs that answer. */
async function meanHz(files: readonly string[]): Promise<number | undefined> {
  const kilohertz = (await Promise.all(files.map(readNumber))).filter((value) => value !== undefined)
  if (kilohertz.length === 0) return undefined
  return (kilohertz.reduce((sum, value) => sum + value, 0) / kilohertz.length) * 1000
}
