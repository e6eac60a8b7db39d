import { CloudbenchError } from '../errors.ts'
import { formatDuration } from '../text/format.ts'

/** Why a process could not be started. */
export function startError(
  name: string,
  argv: readonly string[],
  cause: NodeJS.ErrnoException,
): CloudbenchError {
  const isMissing = cause.code === 'ENOENT'
  return new CloudbenchError({
    code: 'CB_WORKER_EXITED',
    what: `${name} could not be started: ${argv[0]}: ${cause.code ?? cause.message}`,
    expected: isMissing ? 'a program on the PATH' : 'resources for another process',
    next: isMissing
      ? `install ${argv[0]}, or remove the environment that wraps workers in it`
      : 'check the limits of this shell: `ulimit -a`',
    cause,
  })
}

export interface Exit {
  readonly code: number | null
  readonly signal: string | null
  /** The tail of its standard error. */
  readonly stderr: string
}

/** Why a process ended. */
export function exitError(
  name: string,
  argv: readonly string[],
  { code, signal, stderr }: Exit,
): CloudbenchError {
  const how = signal ? `was killed by ${signal}` : `exited with code ${code}`
  const said = stderr.trim() ? `; its stderr:\n${stderr.trim()}` : '; its stderr was empty'
  if (code === 70)
    return new CloudbenchError({
      code: 'CB_WORKER_IPC_LOST',
      what: `${name} lost its channel under \`${argv.slice(0, 3).join(' ')} …\`${said}`,
      expected: 'a wrapper that execs, and keeps NODE_CHANNEL_FD and open files',
    })
  if (stderr.includes('JavaScript heap out of memory'))
    return new CloudbenchError({
      code: 'CB_WORKER_EXITED',
      what: `${name} ran out of memory and ${how}${said}`,
      expected: 'data that fits into the heap of the worker',
      next: 'send less at once, use more workers, or raise the heap limit (environment memory)',
    })
  return new CloudbenchError({
    code: 'CB_WORKER_EXITED',
    what: `${name} ${how}${said}`,
    ...(signal === 'SIGKILL' && {
      next: 'if you did not kill it, check for the out-of-memory killer: `dmesg | tail`',
    }),
  })
}

/** A step that a process never finished. */
export function hungError(name: string, step: string, limitMs: number): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_WORKER_HUNG',
    what: `${step} did not end within ${formatDuration(limitMs)} (${name})`,
    expected: 'a driver whose functions return, or whose promises settle',
    next: 'see whether the target answers, or report this to the authors of the driver',
  })
}
