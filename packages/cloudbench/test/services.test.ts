import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { cloudbench, folder, type Ended } from './support/cli.ts'
import { withoutRedis } from './support/installed.ts'

test.skipIf(withoutRedis)('`up redis` starts one on loopback, a run finds it, `down` ends it', async () => {
  const cwd = await folder()
  // its own state, so that a Redis of the developer who runs the tests is left alone
  const env = { TMPDIR: cwd }
  const up = await cloudbench(['up', 'redis'], { cwd, env })
  expect(up.code, up.stderr).toBe(0)
  const [, url = '', port = ''] = /redis +(redis:\/\/:\*\*\*@127\.0\.0\.1:(\d+))/.exec(up.stdout) ?? []
  try {
    expect(await answers(Number(port))).toBe(true)
    const again = await cloudbench(['up', 'redis'], { cwd, env })
    expect(again.stdout).toContain('already running')
    const shown = await cloudbench(['up', 'redis', '--show-password'], { cwd, env })
    const [, password = ''] = /redis:\/\/:([0-9a-f]{32})@/.exec(shown.stdout) ?? []
    expect(password).not.toBe('')
    const found = await cloudbench(
      ['redis-read-heavy', '--duration', '1s', '--warmup', '0s', '--reporter', 'json'],
      { cwd, env },
    )
    expect(found.code, found.stderr).toBe(0)
    expect(found.stderr).toContain(`${url}, found on this machine`)
    expect(JSON.parse(found.stdout)).toMatchObject({ scenario: 'redis-read-heavy', errors: 0 })
    const doctor = await cloudbench(['doctor'], { cwd, env })
    expect(doctor.stdout).toContain(`redis is running at ${url}`)
    expect(found.stdout + found.stderr + doctor.stdout + doctor.stderr).not.toContain(password)
  } finally {
    expect(await stopped(cwd, env)).toMatch(/redis +stopped/)
  }
  expect(await answers(Number(port))).toBe(false)
  expect(await stopped(cwd, env)).toContain('no service started by cloudbench up is running')
})

async function stopped(cwd: string, env: Readonly<Record<string, string>>): Promise<Ended['stdout']> {
  return (await cloudbench(['down'], { cwd, env })).stdout
}

async function answers(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
