import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readResult } from '@cloudbench/core/program'
import { expect, test } from 'vitest'
import { eventually, folder, startCli, typed } from './support/cli.ts'
import { descendantsOf, isAlive } from './support/processes.ts'
import { waitingProject } from './support/waiting.ts'

const args = typed('mine --reporter json --reporter ./telling.mjs')

/** What the result file of a run says, if it was written. */
async function fileIn(cwd: string): Promise<string | undefined> {
  const results = join(cwd, '.cloudbench')
  if (!existsSync(results)) return undefined
  const [file] = await readdir(results)
  const { reason, exitCode } = await readResult(join(results, file!))
  return `${reason} ${exitCode}`
}

const interrupted = 'interrupted 130'

test.for([
  ['connect', 'SIGTERM', interrupted],
  ['prepare', 'SIGINT', interrupted],
  ['warmup', 'SIGHUP', interrupted, '--warmup', '60s'],
  ['measure', 'SIGQUIT', interrupted, '--duration', '60s'],
  ['audit', 'SIGTERM', interrupted],
  ['close of a connection', 'SIGINT', interrupted],
  ['phase:end', 'SIGHUP', interrupted],
  ['scenario:end', 'SIGQUIT', interrupted],
  ['run:start', 'SIGTERM', undefined],
  // the file was written before
  ['run:end', 'SIGTERM', 'passed 0'],
  ['close of a reporter', 'SIGINT', 'passed 0'],
] as const)(
  'in %s, %s ends the run: exit code and last line say so, and no process is left',
  { timeout: 120_000 },
  async ([stage, signal, file, ...more]) => {
    const cwd = await folder(waitingProject)
    const { child, ended, stderr } = startCli([...args, ...more], {
      cwd,
      env: { STAGE: stage },
      detached: true,
    })
    await eventually(() => stderr().includes(`waits in ${stage}`))
    const descendants = descendantsOf(child.pid!)
    process.kill(-child.pid!, signal)
    const { code, stderr: said } = await ended
    expect(said).toMatch(/\nINTERRUPTED {2}exit code 130.*\n$/)
    expect(said).not.toContain('this is a bug')
    expect(code).toBe(130)
    expect(await fileIn(cwd)).toBe(file)
    await eventually(() => !descendants.some(isAlive))
  },
)

/** A reporter that keeps the event loop alive after everything is done. */
const lingering = `import { defineReporter } from '@cloudbench/core'
export default defineReporter({
  name: 'lingering',
  create: () => ({ onPhaseStart() { console.error('load begins') }, close() { setTimeout(() => console.error('too late'), 4_000) } }),
})`

test('a signal after the last line does not change what it said', async () => {
  const cwd = await folder({ ...waitingProject, 'telling.mjs': lingering })
  const { child, ended, stderr } = startCli(args, { cwd })
  await eventually(() => stderr().includes('PASSED  exit code 0'))
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 0, signal: null })
})

test('after an interrupt the process does not wait for what a plugin left behind', async () => {
  const cwd = await folder({ ...waitingProject, 'telling.mjs': lingering })
  const { child, ended, stderr } = startCli([...args, '--duration', '60s'], { cwd })
  await eventually(() => stderr().includes('load begins'))
  child.kill('SIGTERM')
  const { code, stderr: said } = await ended
  expect(code).toBe(130)
  expect(said).not.toContain('too late')
})
