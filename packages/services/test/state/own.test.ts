import { spawn } from 'node:child_process'
import { chmod, chown, link, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findService, listServices, startService, stopService } from '../../src/index.ts'
import { identify } from '../../src/machine/process.ts'
import { stateFolder } from '../support/state-folder.ts'

const isRoot = process.geteuid?.() === 0
const stranger = 12_345

/** A folder inside one that is removed after the test, so that it can be spoilt. */
async function folder(): Promise<string> {
  const inside = join(await stateFolder(), 'services')
  await mkdir(inside, { mode: 0o700 })
  return inside
}

/** Everything that reads or writes the folder refuses it, and says why. */
async function expectRefused(stateDir: string, message: string): Promise<void> {
  for (const use of [
    () => findService('redis', { stateDir, timeoutMs: 1 }),
    () => listServices({ stateDir }),
    () => stopService('redis', { stateDir }),
    () => startService('redis', { stateDir }),
    () => startService('redis', { stateDir, attached: true }),
  ])
    await expect(use()).rejects.toMatchObject({
      code: 'CB_SERVICE',
      message: expect.stringContaining(message) as string,
      next: expect.stringContaining('set TMPDIR to a folder of your own') as string,
    })
}

describe('a folder of services', () => {
  test.skipIf(!isRoot)('of another user is refused', async () => {
    const stateDir = await folder()
    await writeFile(join(stateDir, 'services.json'), '[]', { mode: 0o600 })
    await chown(stateDir, stranger, stranger)
    await expectRefused(stateDir, `${stateDir} belongs to another user: uid ${stranger}, and you are uid 0`)
  })

  test.each([0o777, 0o722, 0o1777])('that others can write is refused: %o', async (mode) => {
    const stateDir = await folder()
    await chmod(stateDir, mode)
    await expectRefused(
      stateDir,
      `${stateDir} can be written by other users: its mode is ${mode.toString(8)}`,
    )
  })

  test('that is a link, or no folder, is refused', async () => {
    const stateDir = await folder()
    await rename(stateDir, `${stateDir}-elsewhere`)
    await symlink(`${stateDir}-elsewhere`, stateDir)
    await expectRefused(stateDir, `${stateDir} is a symbolic link`)
    await rm(stateDir)
    await writeFile(stateDir, '')
    await expectRefused(stateDir, `${stateDir} is not a folder`)
  })
})

describe('a record of services', () => {
  const record = {
    name: 'redis',
    how: 'compose',
    url: 'redis://127.0.0.1:6390',
    port: 6390,
    startedAt: '',
    project: 'cloudbench-redis-0123abcd',
  }
  const write = async (stateDir: string, ...changes: readonly object[]): Promise<string> => {
    const file = join(stateDir, 'services.json')
    const records = changes.map((change) => ({ ...record, folder: join(stateDir, 'redis-x'), ...change }))
    await writeFile(file, JSON.stringify(records), { mode: 0o600 })
    return file
  }

  test.skipIf(!isRoot)('of another user is refused', async () => {
    const stateDir = await folder()
    const file = await write(stateDir, {})
    await chown(file, stranger, stranger)
    await expect(findService('redis', { stateDir })).rejects.toThrow(`${file} belongs to another user`)
  })

  test('that others can write, is a link, is a pipe or is too long is refused', async () => {
    const stateDir = await folder()
    const file = await write(stateDir, {})
    await chmod(file, 0o620)
    await expect(findService('redis', { stateDir })).rejects.toThrow('its mode is 620')
    await chmod(file, 0o600)
    await rename(file, `${file}.real`)
    await symlink(`${file}.real`, file)
    await expect(listServices({ stateDir })).rejects.toThrow(`${file} is a symbolic link`)
    await rm(file)
    const made = spawn('mkfifo', [file])
    await new Promise((resolve) => made.once('exit', resolve))
    await expect(listServices({ stateDir })).rejects.toThrow(/is not a file|can be written/)
    await rm(file)
    await writeFile(file, ' '.repeat(2 ** 20 + 1), { mode: 0o600 })
    await expect(listServices({ stateDir })).rejects.toThrow('more than cloudbench writes')
  })

  test.each([
    { url: 'redis://198.51.100.7:6390' },
    { url: 'redis://127.0.0.1.example.com:6390' },
    { url: 'redis://127.0.0.1:6390@198.51.100.7' },
    { url: 'redis://127.0.0.1:6390,198.51.100.7:6390' },
    { url: 'redis://localhost:6390' },
    { url: 'unix:/tmp/evil.sock' },
    { url: 'redis://127.0.0.1:6391' },
    { name: 'kafka', url: 'kafka://127.0.0.1:6390,198.51.100.7:9092' },
    { name: 'postgres', url: 'postgres:///cloudbench?host=/tmp&port=6390' },
    { port: 0 },
    { port: '6390' },
    { password: 'a@198.51.100.7/', url: 'redis://:a@198.51.100.7/@127.0.0.1:6390' },
    { pid: 1, startTime: '1' },
    { pid: -1, startTime: '1' },
    { project: '../../evil' },
    { project: '--context=evil' },
  ])('with what cloudbench never writes is refused: %j', async (change) => {
    const stateDir = await folder()
    const file = await write(stateDir, change)
    for (const use of [
      () => findService('redis', { stateDir }),
      () => listServices({ stateDir }),
      () => stopService('redis', { stateDir }),
    ])
      await expect(use()).rejects.toThrow(`${file} is damaged`)
  })

  test.each(['..', '.', 'redis-x/..', 'redis', 'redis-'])(
    'cannot have a folder outside removed: %s',
    async (name) => {
      const stateDir = await folder()
      await write(stateDir, { how: 'local', folder: `${stateDir}/${name}` })
      await expect(stopService('redis', { stateDir })).rejects.toThrow('is damaged')
    },
  )

  test.skipIf(process.platform !== 'linux')('cannot have a process of others ended', async () => {
    const stateDir = await folder()
    const other = spawn('sleep', ['60'], { stdio: 'ignore' })
    onTestFinished(() => void other.kill('SIGKILL'))
    await write(stateDir, { how: 'local', ...(await identify(other.pid)) })
    expect(await listServices({ stateDir })).toEqual([])
    expect(await stopService('redis', { stateDir })).toEqual({ stopped: false })
    expect(await identify(other.pid)).toBeDefined()
  })

  test('is never written through what lies in its place', async () => {
    const stateDir = await folder()
    const victim = join(stateDir, 'victim')
    await writeFile(victim, 'precious')
    await link(victim, join(stateDir, `services.json.${process.pid}`))
    await symlink(victim, join(stateDir, `services.lock.${process.pid}.1`))
    await write(stateDir, { how: 'local' })
    await stopService('redis', { stateDir }).catch(() => undefined)
    expect(await readFile(victim, 'utf8')).toBe('precious')
  })
})
