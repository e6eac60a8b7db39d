import { readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * Whether this process was started to outlive its terminal, such as by `nohup`. Node takes back at its start that SIGHUP
 * is ignored, and leaves no trace of it: what can be seen is who started it.
 */
export function isHangupIgnored(env: Readonly<Record<string, string | undefined>>): boolean {
  // bash and zsh leave the program that they started in `_`; `nohup` starts others in its place
  return basename(env['_'] ?? '') === 'nohup' || hasInputOfNohup() || isIgnoredByParent()
}

/**
 * Whatever the shell: in a terminal, `nohup` puts a file in place of the input that cannot be read, which is `/dev/null`
 * for writing only. See proc_pid_fdinfo(5).
 */
function hasInputOfNohup(): boolean {
  try {
    const [, flags = '0'] = /^flags:\s*([0-7]+)$/m.exec(readFileSync('/proc/self/fdinfo/0', 'utf8'))!
    const isWriteOnly = (Number.parseInt(flags, 8) & 3) === 1
    return isWriteOnly && readlinkSync('/proc/self/fd/0') === '/dev/null'
  } catch {
    return false
  }
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
