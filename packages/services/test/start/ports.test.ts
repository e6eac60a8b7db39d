import { describe, expect, test } from 'vitest'
import { startService } from '../../src/index.ts'
import { freePort } from '../../src/machine/port.ts'
import { redisProgram, withoutRedis } from '../support/installed.ts'
import { programs } from '../support/programs.ts'
import { listen } from '../support/server.ts'
import { leftovers, stateFolder } from '../support/state-folder.ts'

describe.skipIf(withoutRedis)('redis', () => {
  test('two attached ones get their own ports', async () => {
    const stateDir = await stateFolder()
    const options = { stateDir, how: 'local', attached: true } as const
    const [first, second] = await Promise.all([
      startService('redis', options),
      startService('redis', options),
    ])
    expect(first.url).not.toBe(second.url)
    await Promise.all([first.stop(), second.stop()])
    expect(await leftovers(stateDir)).toEqual([])
  })

  test('a requested port is used', async () => {
    const port = await freePort()
    const { url } = await startService('redis', { stateDir: await stateFolder(), how: 'local', port })
    expect(url).toMatch(new RegExp(`^redis://:[0-9a-f]{32}@127\\.0\\.0\\.1:${port}$`))
  })

  test('a port that another program takes first is given up for another', async () => {
    const stateDir = await stateFolder()
    // loses the race for its first port: the real server finds it taken.
    const taken = await listen((socket) => socket.destroy())
    const env = await programs({
      'redis-server': `#!/bin/sh
if [ "$1" = --version ] || [ -e "${stateDir.replaceAll(/["$]/g, '\\$&')}/tried" ]; then exec ${redisProgram} "$@"; fi
: > "${stateDir.replaceAll(/["$]/g, '\\$&')}/tried"
exec ${redisProgram} --bind 127.0.0.1 --port ${taken}
`,
    })
    const redis = await startService('redis', { stateDir, how: 'local', env })
    expect(redis.notes).toEqual([])
    expect(redis.url).not.toContain(`:${taken}`)
    await redis.stop()
    expect(await leftovers(stateDir)).toEqual(['tried'])
  })
})

test('a port that is in use is refused', async () => {
  const port = await listen((socket) => socket.destroy())
  await expect(startService('redis', { stateDir: await stateFolder(), port })).rejects.toMatchObject({
    message: `port ${port} of 127.0.0.1 is in use`,
    next: 'leave the port out to get a free one',
  })
})
