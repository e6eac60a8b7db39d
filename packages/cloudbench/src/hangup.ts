import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** Set by `bin/cloudbench.js`, which sees what Node hides: at its start Node takes back that SIGHUP is ignored. */
const hangupMark = 'CLOUDBENCH_SIGHUP'

/** Whether whoever started this process, such as `nohup`, wants it to outlive the terminal. */
export function isHangupIgnored(env: Readonly<Record<string, string | undefined>>): boolean {
  // bash and zsh leave the program that they started in `_`; `nohup` starts others in its place
  return env[hangupMark] === 'ignored' || basename(env['_'] ?? '') === 'nohup' || isIgnoredByParent()
}

/** A script under `nohup` ignores SIGHUP itself. See proc_pid_status(5): bit 0 is signal 1. */
function isIgnoredByParent(): boolean {
  try {
    const [, mask = '0'] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(
      readFileSync(`/proc/${process.ppid}/status`, 'utf8'),
    )!
    return (BigInt(`0x${mask}`) & 1n) === 1n
  } catch {
    return false
  }
}
