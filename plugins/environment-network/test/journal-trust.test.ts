import { chmod, chown, mkdir, readdir, rename, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { discover } from '../src/discover.ts'
import { nameOf, writeJournal, type Journal } from '../src/journal/journal.ts'
import { ownIdentity } from '../src/process-identity.ts'
import { isValueOf, settableKeys } from '../src/settings.ts'
import { contextOf, ownJournals } from './support/context.ts'
import { folder, settings, untuned } from './support/machine.ts'
import { valuesOf } from './support/story.ts'

const key = 'net.core.somaxconn'
const own = await ownIdentity()
// no process has a number this high
const dead = { ...own!, pid: 2 ** 30, startTicks: 7 }
const changes = [{ key, from: '4096', to: '65535' }]

/** A machine on which the setting has this value, a journal about it, and what the next start makes of the two. */
async function start(
  journal: Partial<Journal>,
  { value = '65535', tamper }: { value?: string; tamper?: (file: string) => Promise<unknown> } = {},
) {
  const journals = ownJournals()
  const root = await settings({ ...untuned, [key]: value })
  const file = await writeJournal(journals, { version: 1, writer: dead, root, changes, ...journal })
  await tamper?.(file)
  const context = contextOf({ root })
  await discover(context)
  const [now] = await valuesOf(root, [key])
  return { now, warnings: context.warnings, left: await readdir(journals).catch(() => []), file, journals }
}

describe.skipIf(own === undefined)('a start', () => {
  test('a journal of a process that has died is put back and removed', async () => {
    const { now, warnings, left } = await start({})
    expect([now, left]).toEqual(['4096', []])
    expect(warnings).toEqual([
      `put ${key} back from 65535 to 4096: process ${dead.pid} was killed before it could`,
    ])
  })

  test('a process that died before it changed anything leaves nothing to put back', async () => {
    const { now, warnings, left } = await start({}, { value: '4096' })
    expect([now, warnings, left]).toEqual(['4096', [], []])
  })

  test('a value that something else set since is left alone, and said', async () => {
    const { now, warnings, left } = await start({}, { value: '128' })
    expect([now, left]).toEqual(['128', []])
    expect(warnings).toEqual([`${key} is 128, no longer 65535 as process ${dead.pid} set it: left alone`])
  })

  test('a number that another process has by now does not keep a journal alive', async () => {
    const { now } = await start({ writer: { ...dead, pid: process.pid } })
    expect(now).toBe('4096')
  })

  test('a writer that still runs is left to put things back itself', async () => {
    const { now, warnings, left } = await start({ writer: own! })
    expect([now, warnings, left.length]).toEqual(['65535', [], 1])
  })

  test.each([
    ['another machine', { host: 'elsewhere', bootId: '00000000-0000-4000-8000-000000000000' }],
    ['another network namespace', { networkNamespace: 'net:[1]' }],
    ['a namespace of processes that cannot be seen from here', { pidNamespace: 'pid:[1]' }],
  ])('a journal of %s is left to that', async (_, writer) => {
    const { now, warnings, left } = await start({ writer: { ...dead, ...writer } })
    expect([now, warnings, left.length]).toEqual(['65535', [], 1])
  })

  test('a journal about another root is left alone', async () => {
    const { now, left } = await start({ root: '/elsewhere' })
    expect([now, left.length]).toEqual(['65535', 1])
  })

  test('after a boot settings are as they were, so the journal is removed and nothing is written', async () => {
    const bootId = '00000000-0000-4000-8000-000000000000'
    const { now, warnings, left } = await start({ writer: { ...dead, bootId } })
    expect([now, warnings, left]).toEqual(['65535', [], []])
  })

  test.each([
    ['a key that is not ours', { changes: [{ key: 'kernel.core_pattern', from: '|/bin/sh', to: '65535' }] }],
    ['a path in place of a key', { changes: [{ key: 'net/core/somaxconn', from: '1', to: '65535' }] }],
    ['a value that is none of that setting', { changes: [{ key, from: '4096\n1', to: '65535' }] }],
    ['no changes', { changes: [] }],
    ['more than cloudbench knows', { changes, command: 'reboot' }],
    ['another version', { version: 2 }],
  ])('a journal with %s is not trusted, and stays for people to see', async (_, forged) => {
    const { now, warnings, left, file } = await start(forged as Partial<Journal>)
    expect([now, left.length]).toEqual(['65535', 1])
    expect(warnings).toEqual([`${file} is not what cloudbench writes: left alone; remove it by hand`])
  })

  test.each([
    ['is not what cloudbench writes', (file: string) => writeFile(file, '{"version":1,')],
    ['is not what cloudbench writes', (file: string) => writeFile(file, Uint8Array.of(0, 255, 254))],
    ['has 1048576 bytes, more than cloudbench writes', (file: string) => truncate(file, 1024 * 1024)],
    ['is open to other users: its mode is 666', (file: string) => chmod(file, 0o666)],
  ])('a file that %s is left alone', async (why, tamper) => {
    const { warnings } = await start({}, { tamper })
    expect(warnings.join('\n')).toContain(`${why}: left alone; remove it by hand`)
  })

  test('a journal under the name of another process is not trusted', async () => {
    const { warnings, left } = await start(
      {},
      {
        tamper: (path) =>
          rename(path, join(dirname(path), nameOf({ bootId: own!.bootId, pid: 4, startTicks: 4 }))),
      },
    )
    expect(left).toHaveLength(1)
    expect(warnings[0]).toContain('is not what cloudbench writes')
  })

  test('a link is not followed, not even to a journal that is well', async () => {
    const { now, warnings, file } = await start(
      {},
      {
        tamper: async (path) => {
          const elsewhere = join(await folder(), 'journal.json')
          await rename(path, elsewhere)
          await symlink(elsewhere, path)
        },
      },
    )
    expect(now).toBe('65535')
    expect(warnings).toEqual([`${file} is a symbolic link: left alone; remove it by hand`])
  })

  test.skipIf(process.geteuid?.() !== 0)('a journal of another user is not trusted', async () => {
    const { now, warnings, file } = await start({}, { tamper: (path) => chown(path, 65_534, 65_534) })
    expect(now).toBe('65535')
    expect(warnings[0]).toContain(`${file} belongs to another user: uid 65534, and this is uid 0`)
  })

  test('a folder that others may write to holds no journal that counts', async () => {
    const { now, warnings, journals } = await start({}, { tamper: (path) => chmod(dirname(path), 0o777) })
    expect(now).toBe('65535')
    expect(warnings).toEqual([
      `${journals} is open to other users: its mode is 777: left alone; remove it by hand`,
    ])
  })

  test('other files in the folder are none of its business', async () => {
    const { warnings, left } = await start(
      {},
      {
        tamper: async (path) => {
          await writeFile(join(dirname(path), 'notes.txt'), 'mine')
          await mkdir(join(dirname(path), 'folder'))
        },
      },
    )
    expect([warnings.length, new Set(left)]).toEqual([1, new Set(['folder', 'notes.txt'])])
  })

  test('whatever a journal says, only a value of one of the settings is ever written', async () => {
    const journals = ownJournals()
    const root = await settings()
    const file = await writeJournal(journals, { version: 1, writer: dead, root, changes })
    const text = fc.oneof(fc.constantFrom('4096', '65535', '0', '-1', '1 2', '1\n2'), fc.string())
    const forged = fc.record({
      key: fc.oneof(fc.constantFrom(key, 'net.ipv4.tcp_tw_reuse', 'kernel.panic', '../../x'), fc.string()),
      from: text,
      to: text,
    })
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.array(forged, { maxLength: 3 })), async (written) => {
        const journal = { version: 1, writer: dead, root, changes: written }
        const content = typeof written === 'string' ? written : JSON.stringify(journal)
        await writeFile(file, content, { mode: 0o600 })
        await discover(contextOf({ root }))
        for (const name of Object.keys(untuned)) {
          const [value = ''] = await valuesOf(root, [name])
          expect(settableKeys.includes(name) ? isValueOf(name, value) : true).toBe(true)
        }
        expect(await readdir(root)).toEqual(['proc'])
        expect(await readdir(join(root, 'proc/sys'))).toEqual(['net'])
      }),
    )
  })
})
