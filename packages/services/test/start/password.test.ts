import { readdir, readFile, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findService, startService, type ServiceName } from '../../src/index.ts'
import { definitionOf } from '../../src/table.ts'
import { withoutKafka, withoutPostgres, withoutRabbitmq, withoutRedis } from '../support/installed.ts'
import { stateFolder } from '../support/state-folder.ts'
import { patienceMs } from '../support/wait.ts'

/** Command lines of every process that runs now. Linux only. */
async function commandLines(): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''))
  return (await Promise.all(lines)).join('\n')
}

const missing: Readonly<Record<string, boolean>> = {
  redis: withoutRedis,
  postgres: withoutPostgres,
  rabbitmq: withoutRabbitmq,
  kafka: withoutKafka,
}
const services = (['redis', 'postgres', 'rabbitmq', 'kafka'] as const).filter((name) => !missing[name])

test.each(services)('%s lets in no one without its random password', async (name: ServiceName) => {
  const stateDir = await stateFolder(process.env, 'cloudbench-password-')
  const service = await startService(name, { stateDir, how: 'local' })
  const { password, port } = new URL(service.url)
  expect(password).toMatch(/^[0-9a-f]{32}$/)

  const { probe } = definitionOf(name)
  expect(await probe(Number(port), patienceMs, password)).toMatchObject({ usable: true })
  expect(await probe(Number(port), patienceMs)).toMatchObject({ usable: false })
  expect(await probe(Number(port), patienceMs, 'x'.repeat(32))).toMatchObject({ usable: false })
  expect(await findService(name, { stateDir, timeoutMs: patienceMs })).toBe(service.url)

  // only this user can read where it is written, and `ps` does not show it
  const files = (await readdir(stateDir, { recursive: true })).map((file) => join(stateDir, file))
  for (const file of files) {
    const { mode } = await stat(file)
    const text = mode & 0o40_000 ? '' : await readFile(file, 'latin1')
    if (text.includes(password)) expect([file, mode & 0o077]).toEqual([file, 0])
  }
  if (process.platform === 'linux') expect(await commandLines()).not.toContain(password)

  const attached = await startService(name, { stateDir, how: 'local', attached: true })
  const other = new URL(attached.url).password
  expect(other).toMatch(/^[0-9a-f]{32}$/)
  expect(other).not.toBe(password)
  if (process.platform === 'linux') expect(await commandLines()).not.toContain(other)
  await attached.stop()
})

test.skipIf(withoutRedis)(
  'even with it, redis cannot be told to write elsewhere or to load code',
  async () => {
    const { url } = await startService('redis', { stateDir: await stateFolder(), how: 'local' })
    const { password, port } = new URL(url)
    const say = async (command: string): Promise<string> =>
      await new Promise((resolve) => {
        const socket = connect(Number(port), '127.0.0.1', () =>
          socket.write(`AUTH ${password}\r\n${command}\r\n`),
        )
        let text = ''
        socket.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
          if (text.split('\r\n').length < 3) return
          socket.destroy()
          resolve(text.replace('+OK\r\n', ''))
        })
      })
    expect(await say('CONFIG SET dir /tmp')).toMatch(/^-ERR CONFIG SET failed.*protected config/)
    expect(await say('MODULE LOAD /tmp/x.so')).toMatch(/^-ERR MODULE command not allowed/)
    expect(await say('DEBUG SLEEP 0')).toMatch(/^-ERR DEBUG command not allowed/)
  },
)
