import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { sep } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** Process ids get reused; together with the start time they are unique. */
export interface ProcessIdentity {
  readonly pid: number
  readonly startTime: string
}

/** How long a process may take to vanish after SIGKILL. */
const killLimitMs = 30_000

/** `undefined` when there is no such process, or only a zombie. @param pid Absent: it did not start. */
export async function identify(pid: number | undefined): Promise<ProcessIdentity | undefined> {
  if (pid === undefined || !Number.isSafeInteger(pid) || pid < 1) return undefined
  const startTime = process.platform === 'linux' ? await startTimeOnLinux(pid) : await startTimeByPs(pid)
  return startTime === undefined ? undefined : { pid, startTime }
}

/** Whether it is still this process, not another one with the same id. */
export async function isRunning({ pid, startTime }: ProcessIdentity): Promise<boolean> {
  return (await identify(pid))?.startTime === startTime
}

/**
 * Whether a process works in this folder, as what was started there does. Where the system does not say, it is believed:
 * only Linux does, and only of processes that this user could trace.
 */
export async function worksIn(pid: number, folder: string): Promise<boolean> {
  if (process.platform !== 'linux') return true
  const at = await readlink(`/proc/${pid}/cwd`).catch((error: NodeJS.ErrnoException) =>
    error.code === 'EACCES' || error.code === 'EPERM' ? folder : '',
  )
  // the kernel adds ` (deleted)` to a folder that is gone
  return at === folder || at === `${folder} (deleted)` || at.startsWith(folder + sep)
}

/** Asks the process to end, and kills it after `graceMs`. Returns whether it is gone. */
export async function terminate(
  identity: ProcessIdentity,
  graceMs: number,
  stopSignal: NodeJS.Signals = 'SIGTERM',
): Promise<boolean> {
  // 0 and negative numbers are process groups; 1 is init.
  if (identity.pid <= 1) return false
  for (const [signal, limitMs] of [
    [stopSignal, graceMs],
    ['SIGKILL', killLimitMs],
  ] as const) {
    if (!(await isRunning(identity))) return true
    try {
      process.kill(identity.pid, signal)
    } catch {
      // already gone, or not ours to end: the check below tells which.
    }
    const untilMs = performance.now() + limitMs
    while (performance.now() < untilMs) {
      if (!(await isRunning(identity))) return true
      await sleep(20)
    }
  }
  return !(await isRunning(identity))
}

/** Clock ticks since boot, with the boot's own id: a state file may survive a reboot. */
async function startTimeOnLinux(pid: number): Promise<string | undefined> {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ])
  // the second field, the name, may itself contain spaces and parentheses.
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? []
  const ticks = fields[18]
  if (state === 'Z' || state === 'X' || ticks === undefined) return undefined
  return `${ticks}@${boot.trim()}`
}

async function startTimeByPs(pid: number): Promise<string | undefined> {
  const args = ['-o', 'stat=,lstart=', '-p', String(pid)]
  const { stdout } = await promisify(execFile)('ps', args).catch(() => ({ stdout: '' }))
  const [state, ...started] = stdout.trim().split(/\s+/)
  return started.length === 0 || state?.startsWith('Z') ? undefined : started.join(' ')
}
