import { readdirSync, readFileSync } from 'node:fs'

interface Seen {
  readonly pid: number
  readonly parent: number
  /** `Z` has ended, but its exit code has not been collected yet. */
  readonly state: string
  readonly command: string
}

/** The load workers that a process started, in the order of their numbers. */
export function workersOf(pid: number): number[] {
  return processes()
    .filter(({ parent, command }) => parent === pid && command.includes('worker/main'))
    .map((process) => process.pid)
}

/** All descendants of a process. */
export function descendantsOf(pid: number): number[] {
  const all = processes()
  const children = (parent: number): number[] =>
    all.filter((process) => process.parent === parent).flatMap((child) => [child.pid, ...children(child.pid)])
  return children(pid)
}

export function isAlive(pid: number): boolean {
  const seen = processOf(pid)
  return seen !== undefined && seen.state !== 'Z'
}

function processes(): Seen[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
    .flatMap((pid) => processOf(pid) ?? [])
}

/** `undefined` when it has ended in the meantime. See proc_pid_stat(5). */
function processOf(pid: number): Seen | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { pid, parent: Number(parent), state, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }
  } catch {
    return undefined
  }
}
