import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

test('`doctor` finds nothing wrong with a folder without configuration', { timeout: 120_000 }, async () => {
  const cwd = await folder()
  const { code, stdout } = await cloudbench(['doctor'], { cwd, env: { TMPDIR: cwd } })
  expect(stdout).toMatch(/✓ Node\.js \d+/)
  expect(stdout).toMatch(/✓ \d+ plugins can be loaded/)
  expect(stdout).toMatch(/✓ configuration \(built-in, no file\), 8 scenarios to run/)
  expect(stdout).toMatch(/\d+ ok, \d+ doubtful, 0 failed\n$/)
  expect(code).toBe(0)
})

test('`doctor` names what makes runs impossible, and what to do', async () => {
  const cwd = await folder({
    'config/targets/x.yaml': 'driver: nats\n',
    'config/scenarios/y.yaml': 'target: x\nrate: 5 apples\n',
  })
  const { code, stdout } = await cloudbench(['doctor'], { cwd, env: { TMPDIR: cwd } })
  expect(stdout).toMatch(/✗ .*"5 apples" is not a rate/)
  expect(code).toBe(2)
})
