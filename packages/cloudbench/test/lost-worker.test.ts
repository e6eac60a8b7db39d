import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { eventually, folder, startCli } from './support/cli.ts'
import { httpTarget } from './support/target.ts'

test('a worker that is killed ends the run with 2, its last words shown, its requests accounted for', async () => {
  const url = await httpTarget({ delayMs: 300 })
  const cwd = await folder()
  const { child, ended } = startCli(
    [
      'http-json-api',
      '--set',
      `targets.http.url=${url}`,
      '--rate',
      '50/s',
      '--workers',
      '2',
      '--duration',
      '60s',
      '--warmup',
      '0s',
      '--interval',
      '200ms',
      '--reporter',
      'json',
    ],
    { cwd },
  )
  let worker: number | undefined
  await eventually(() => (worker = workersOf(child.pid!)[1]) !== undefined)
  process.kill(worker!, 'SIGKILL')
  const { code, stdout, stderr } = await ended
  expect(code).toBe(2)
  expect(stderr).toMatch(/worker \d was killed by SIGKILL; it said/)
  for (const line of stdout.trim().split('\n'))
    if (line !== '') expect(JSON.parse(line)).toMatchObject({ exit: 2 })
})

/** The load workers that a process has started. */
function workersOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        const { ppid, command } = processOf(pid)
        return ppid === parent && command.includes('worker/main')
      } catch {
        // it has ended in the meantime, or was no process
        return false
      }
    })
}

function processOf(pid: number): { readonly ppid: number; readonly command: string } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  return { ppid, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }
}
