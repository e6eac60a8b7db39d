import { describe, expect, test } from 'vitest'
import { listServices, startService } from '../../src/index.ts'
import { withoutRedis } from '../support/installed.ts'
import { stateFolder } from '../support/state-folder.ts'
import { patienceMs } from '../support/wait.ts'

const withoutPassword = (url: string) => url.replace(/:[0-9a-f]{32}@/, '')

describe.skipIf(withoutRedis)('redis', () => {
  test('a second up reports the one that runs', async () => {
    const stateDir = await stateFolder()
    const first = await startService('redis', { stateDir, how: 'local' })
    const second = await startService('redis', { stateDir, how: 'local', timeoutMs: patienceMs })
    expect(second).toMatchObject({ url: first.url, pid: first.pid, reused: true })
  })

  test('so does one that starts at the same time', async () => {
    const stateDir = await stateFolder()
    const both = await Promise.all(
      [1, 2].map(() => startService('redis', { stateDir, how: 'local', timeoutMs: patienceMs })),
    )
    expect(both[0]?.pid).toBe(both[1]?.pid)
    expect(both.filter(({ reused }) => reused)).toHaveLength(1)
    expect(await listServices({ stateDir })).toHaveLength(1)
  })

  test('one on another port is refused', async () => {
    const stateDir = await stateFolder()
    const { url } = await startService('redis', { stateDir, how: 'local' })
    await expect(
      startService('redis', { stateDir, how: 'local', port: 1, timeoutMs: patienceMs }),
    ).rejects.toMatchObject({
      name: 'ServiceError',
      message: `redis already runs at ${withoutPassword(url)}`,
      next: 'cloudbench down redis, then cloudbench up redis again',
    })
  })

  test('one that hangs is not handed out', async () => {
    const stateDir = await stateFolder()
    const { pid = 0, url } = await startService('redis', { stateDir, how: 'local' })
    process.kill(pid, 'SIGSTOP')
    try {
      expect(await listServices({ stateDir, timeoutMs: 100 })).toMatchObject([{ url, usable: false }])
      await expect(startService('redis', { stateDir, how: 'local', timeoutMs: 100 })).rejects.toThrow(
        `redis was started at ${withoutPassword(url)} and does not answer: no answer to PING within 100 ms`,
      )
    } finally {
      process.kill(pid, 'SIGCONT')
    }
  })
})
