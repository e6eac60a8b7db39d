import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** What this machine can hold. Infinity: not known. */
export interface MachineBounds {
  readonly cpus: number
  /** That one process may have open. Node has raised its own limit at its start, and so will workers. */
  readonly openFiles: number
  /** For connections to one address. */
  readonly ports: number
}

export function machineBounds(): MachineBounds {
  return {
    cpus: availableParallelism(),
    openFiles: openFilesIn(textOf('/proc/self/limits')),
    ports: portsIn(textOf('/proc/sys/net/ipv4/ip_local_port_range')),
  }
}

/** Of proc_pid_limits(5). */
export function openFilesIn(limits: string): number {
  const [, files] = /^Max open files\s+(\d+)/m.exec(limits) ?? []
  return files === undefined ? Infinity : Number(files)
}

/** Of ip(7): the first and the last. */
export function portsIn(range: string): number {
  const [, first, last] = /^(\d+)\s+(\d+)/.exec(range) ?? []
  return first === undefined ? Infinity : Number(last) - Number(first) + 1
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
