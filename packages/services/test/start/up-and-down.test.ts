import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findService, listServices, startService, stopService } from '../../src/index.ts'
import { withoutRedis } from '../support/installed.ts'
import { leftovers, stateFolder } from '../support/state-folder.ts'
import { isGone, patienceMs } from '../support/wait.ts'

async function ask(url: string, command: string): Promise<string> {
  const { port: digits, password } = new URL(url)
  const port = Number(digits)
  const socket = createConnection({ host: '127.0.0.1', port }).setEncoding('utf8')
  if (password !== '') {
    socket.write(`AUTH ${password}\r\n`)
    expect(await once(socket, 'data')).toEqual(['+OK\r\n'])
  }
  socket.write(`${command}\r\n`)
  const [answer] = (await once(socket, 'data')) as [string]
  socket.destroy()
  return answer
}

describe.skipIf(withoutRedis)('redis', () => {
  test('up, used, found, listed, and down without a trace', async () => {
    const stateDir = await stateFolder()
    const redis = await startService('redis', { stateDir, how: 'local' })
    expect(redis).toMatchObject({ name: 'redis', how: 'local', reused: false })
    const { protocol, hostname } = new URL(redis.url)
    expect([protocol, hostname]).toEqual(['redis:', '127.0.0.1'])

    expect(await ask(redis.url, 'SET key value')).toBe('+OK\r\n')
    expect(await ask(redis.url, 'GET key')).toBe('$5\r\nvalue\r\n')
    expect(await ask(redis.url, 'CONFIG GET save')).toContain('$0\r\n')
    expect(await findService('redis', { stateDir, timeoutMs: patienceMs })).toBe(redis.url)
    expect(await listServices({ stateDir, timeoutMs: patienceMs })).toMatchObject([
      { url: redis.url, pid: redis.pid, usable: true },
    ])
    expect((await stat(join(stateDir, 'services.json'))).mode & 0o777).toBe(0o600)

    expect(await stopService('redis', { stateDir })).toEqual({ stopped: true, url: redis.url })
    expect(await isGone(redis.pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
    expect(await listServices({ stateDir })).toEqual([])
    expect(await readFile(join(stateDir, 'services.json'), 'utf8')).toBe('[]\n')
  })

  test('down with nothing running says so', async () => {
    expect(await stopService('redis', { stateDir: await stateFolder() })).toEqual({ stopped: false })
  })

  test('stop of what was started is the same as down, once or twice', async () => {
    const stateDir = await stateFolder()
    const redis = await startService('redis', { stateDir, how: 'local' })
    await redis.stop()
    await redis.stop()
    expect(await isGone(redis.pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
  })

  test('data does not outlive it', async () => {
    const stateDir = await stateFolder()
    const first = await startService('redis', { stateDir, how: 'local' })
    await ask(first.url, 'SET key value')
    await first.stop()
    const second = await startService('redis', { stateDir, how: 'local' })
    expect(await ask(second.url, 'DBSIZE')).toBe(':0\r\n')
  })
})
