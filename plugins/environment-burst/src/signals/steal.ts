import { missing, type SignalSource } from '@cloudbench/environment-kit'
import { readCpuTimes, timesBetween } from '../cpu-times.ts'

/** Of the CPU time that the machine asked for, the share that it did not get. */
export async function steal(root: string): Promise<SignalSource> {
  let last = await readCpuTimes(root)
  if (last === undefined) return missing({ 'cpu.stealShare': '/proc/stat does not say it' })
  return {
    signals: { 'cpu.stealShare': 'share' },
    async read() {
      const now = await readCpuTimes(root)
      const times = now && last && timesBetween(last, now)
      last = now
      if (times === undefined) return {}
      const demanded = times.busy + times.stolen
      return { 'cpu.stealShare': demanded === 0 ? 0 : times.stolen / demanded }
    },
  }
}
