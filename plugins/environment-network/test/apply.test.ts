import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { apply } from '../src/apply.ts'
import { verify } from '../src/verify.ts'
import { contextOf, ownJournals } from './support/context.ts'
import { pathOf, settings, untuned } from './support/machine.ts'

const launch = { worker: { index: 0, total: 1 }, wrap: [], execArgv: [], env: {} }

const valueOf = async (root: string, key: string): Promise<string> =>
  (await readFile(join(root, pathOf(key)), 'utf8')).trim()

const allOf = async (root: string) =>
  Object.fromEntries(
    await Promise.all(Object.keys(untuned).map(async (key) => [key, await valueOf(root, key)])),
  ) as Record<string, string>

test('nothing is changed unless it is asked for', async () => {
  const journals = ownJournals()
  const root = await settings()
  expect(await apply(contextOf({ root }))).toBeUndefined()
  expect(await allOf(root)).toEqual(untuned)
  await expect(readdir(journals)).rejects.toThrow('ENOENT')
})

test('what falls short is set, and put back by the undo', async () => {
  ownJournals()
  const root = await settings()
  const undo = await apply(contextOf({ root, apply: true, congestionControl: 'reno' }))
  expect(await allOf(root)).toEqual({
    ...untuned,
    'net.core.somaxconn': '65535',
    'net.core.netdev_max_backlog': '16384',
    'net.core.rmem_max': '26214400',
    'net.core.wmem_max': '26214400',
    'net.ipv4.ip_local_port_range': '10000 65535',
    'net.ipv4.tcp_max_syn_backlog': '8192',
    'net.ipv4.tcp_tw_reuse': '1',
    'net.ipv4.tcp_congestion_control': 'reno',
  })
  await undo?.()
  expect(await allOf(root)).toEqual({ ...untuned, 'net.ipv4.ip_local_port_range': '32768 60999' })
})

test('only what is listed is set, and what is higher than wanted stays', async () => {
  ownJournals()
  const values = { ...untuned, 'net.core.rmem_max': '99999999' }
  const root = await settings(values)
  await apply(contextOf({ root, apply: ['net.core.somaxconn', 'net.core.rmem_max'] }))
  expect(await allOf(root)).toEqual({ ...values, 'net.core.somaxconn': '65535' })
})

test('before anything changes, a journal that only this user can read says what; the undo removes it', async () => {
  const journals = ownJournals()
  const root = await settings()
  const undo = await apply(contextOf({ root, apply: ['net.core.somaxconn'] }))
  const names = await readdir(journals)
  expect(names).toHaveLength(1)
  const file = join(journals, names[0]!)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(journals)).mode & 0o777).toBe(0o700)
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({
    version: 1,
    writer: { pid: process.pid },
    root,
    changes: [{ key: 'net.core.somaxconn', from: '4096', to: '65535' }],
  })
  await undo?.()
  expect(await readdir(journals)).toEqual([])
})

test('without a journal nothing is changed', async () => {
  const journals = ownJournals()
  await mkdir(dirname(journals), { recursive: true })
  await writeFile(journals, 'a file where the folder should be')
  const root = await settings()
  await expect(apply(contextOf({ root, apply: true }))).rejects.toMatchObject({
    code: 'CB_HOOK',
    message: expect.stringContaining('what has to be put back cannot be written down') as string,
    next: expect.stringContaining('XDG_STATE_HOME') as string,
  })
  expect(await allOf(root)).toEqual(untuned)
})

test.each([
  ['is open to other users: its mode is 755', (journals: string) => mkdir(journals, { mode: 0o755 })],
  ['is a symbolic link', (journals: string) => symlink('/tmp', journals)],
])('a folder for journals that %s is refused', async (why, make) => {
  const journals = ownJournals()
  await mkdir(dirname(journals), { recursive: true })
  await make(journals)
  const root = await settings()
  await expect(apply(contextOf({ root, apply: true }))).rejects.toThrow(why)
  expect(await allOf(root)).toEqual(untuned)
})

test('a value that something else set in the meantime is left alone', async () => {
  ownJournals()
  const root = await settings()
  const context = contextOf({ root, apply: ['net.core.somaxconn', 'net.core.rmem_max'] })
  const undo = await apply(context)
  await writeFile(join(root, pathOf('net.core.somaxconn')), '128\n')
  await undo?.()
  expect(await valueOf(root, 'net.core.somaxconn')).toBe('128')
  expect(await valueOf(root, 'net.core.rmem_max')).toBe('212992')
  expect(context.warnings).toEqual(['net.core.somaxconn is no longer 65535, as it was set: left alone'])
})

test('a setting that this kernel does not have is left out, and an error where it was listed', async () => {
  ownJournals()
  const root = await settings({ 'net.core.somaxconn': '65535' })
  const context = contextOf({ root, apply: true })
  expect(await apply(context)).toBeUndefined()
  expect(context.warnings).toContain('net.core.rmem_max is not there, so it is not set')
  await expect(apply(contextOf({ root, apply: ['net.core.rmem_max'] }))).rejects.toMatchObject({
    message: 'net.core.rmem_max cannot be set: this kernel, or this network namespace, does not have it',
    next: 'remove net.core.rmem_max from apply of the network environment',
  })
})

test('a worker proves what was applied, and notices when it does not hold there', async () => {
  ownJournals()
  const root = await settings()
  const options = { root, apply: ['net.core.somaxconn', 'net.ipv4.tcp_tw_reuse'] }
  await apply(contextOf(options))
  expect(await verify(launch, contextOf(options))).toEqual({
    'net.core.somaxconn': '65535',
    'net.ipv4.tcp_tw_reuse': '1',
  })
  await writeFile(join(root, pathOf('net.core.somaxconn')), '4096\n')
  await expect(verify(launch, contextOf(options))).rejects.toThrow(
    'net.core.somaxconn is 4096 in this worker, although 65535 was applied',
  )
  expect(await verify(launch, contextOf({ root }))).toEqual({})
})

test('files of the machine are never created', async () => {
  ownJournals()
  const root = await settings({ 'net.core.somaxconn': '4096' })
  await apply(contextOf({ root, apply: true }))
  expect(await readdir(join(root, 'proc/sys/net'))).toEqual(['core'])
  expect(await readdir(join(root, 'proc/sys/net/core'))).toEqual(['somaxconn'])
})
