import { readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { readText } from '@cloudbench/environment-kit'

/** A process, and the machine and namespaces in which its number and its kernel settings mean anything. */
export interface ProcessIdentity {
  readonly host: string
  readonly bootId: string
  /** As the kernel names them: `pid:[4026531836]`. */
  readonly pidNamespace: string
  readonly networkNamespace: string
  readonly pid: number
  /** In clock ticks since boot: numbers of processes are used again. */
  readonly startTicks: number
}

/** Of this process. Undefined where the system does not say: on anything but Linux. */
export async function ownIdentity(): Promise<ProcessIdentity | undefined> {
  const [bootId, pidNamespace, networkNamespace, startTicks] = await Promise.all([
    readText('/proc/sys/kernel/random/boot_id'),
    readlink('/proc/self/ns/pid').catch(() => undefined),
    readlink('/proc/self/ns/net').catch(() => undefined),
    startTicksOf(process.pid),
  ])
  if (bootId === undefined || pidNamespace === undefined || networkNamespace === undefined) return undefined
  if (startTicks === undefined) return undefined
  const { pid } = process
  return { host: hostname(), bootId: bootId.trim(), pidNamespace, networkNamespace, pid, startTicks }
}

/** Whether a process of this boot and this namespace still runs, and is no other one with the same number. */
export async function isRunning({
  pid,
  startTicks,
}: Pick<ProcessIdentity, 'pid' | 'startTicks'>): Promise<boolean> {
  return (await startTicksOf(pid)) === startTicks
}

/** Undefined where there is no such process, or one that has ended and is not yet reaped. */
async function startTicksOf(pid: number): Promise<number | undefined> {
  const stat = await readText(`/proc/${pid}/stat`)
  // the name of the program is in parentheses, and may contain anything
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, ticks] = [fields?.[0], fields?.[19]]
  if (state === undefined || state === 'Z' || state === 'X') return undefined
  return ticks !== undefined && /^\d+$/.test(ticks) ? Number(ticks) : undefined
}
