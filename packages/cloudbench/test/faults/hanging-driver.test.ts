import { expect, test } from 'vitest'
import { cloudbench, eventually, folder, startCli } from '../support/cli.ts'
import { hangingProject } from '../support/hanging.ts'

const args = ['mine', '--reporter', 'json', '--reporter', 'default']
const longLoad = ['--duration', '20s']

const inLoad = ['request', 'observe']
const steps = ['connect', 'prepare', 'audit', 'close', ...inLoad]

test.for(steps.flatMap((step) => ['promise', 'loop'].map((how) => [step, how] as const)))(
  'a driver that never returns from %s, with a %s, does not keep an interrupt from ending the run',
  { timeout: 60_000 },
  async ([step, how]) => {
    const { child, ended, stderr } = startCli([...args, ...(inLoad.includes(step) ? longLoad : [])], {
      cwd: await folder(hangingProject),
      env: { HANG: `${step} ${how}` },
    })
    await eventually(() => stderr().includes(`hangs in ${step}`))
    child.kill('SIGTERM')
    const { code, stderr: said } = await ended
    expect(said).not.toContain('this is a bug')
    expect(code).toBe(130)
  },
)

test.for([
  ['promise', /\[worker\] close: worker 0: flow main \(driver hanging\): no answer within 5000 ms/],
  ['loop', /close of the connections of flow main \(driver hanging\) did not end within 10 s \(worker 0\)/],
] as const)(
  'one that never returns from close, with a %s, is named',
  { timeout: 60_000 },
  async ([how, says]) => {
    const { code, stdout } = await cloudbench(['mine', '--reporter', 'default'], {
      cwd: await folder(hangingProject),
      env: { HANG: `close ${how}` },
    })
    expect(stdout).toMatch(says)
    expect(code).toBe(2)
  },
)
