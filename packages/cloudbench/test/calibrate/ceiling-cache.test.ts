import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Ceiling } from '@cloudbench/core'
import { assert, jsonValue, property } from 'fast-check'
import { expect, test } from 'vitest'
import {
  ceilingFile,
  ceilingsIn,
  keepCeilings,
  keptCeilings,
  readCeilings,
} from '../../src/calibrate/ceiling-cache.ts'
import { folder } from '../support/cli.ts'

const setup = (letter: string): string => letter.repeat(64)
const ceiling = (perSecond: number): Ceiling => ({ perSecond, measuredAt: '2020-01-02T03:04:05.678Z' })

async function written(content: unknown, mode = 0o600): Promise<string> {
  const file = join(await folder(), 'ceilings.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  await chmod(file, mode)
  return file
}

test.each([
  { env: { XDG_CACHE_HOME: '/var/caches', HOME: '/home/me' }, file: '/var/caches/cloudbench/ceilings.json' },
  { env: { HOME: '/home/me' }, file: '/home/me/.cache/cloudbench/ceilings.json' },
  { env: { XDG_CACHE_HOME: 'caches', HOME: '/home/me' }, file: '/home/me/.cache/cloudbench/ceilings.json' },
  { env: { XDG_CACHE_HOME: '', HOME: '/home/me' }, file: '/home/me/.cache/cloudbench/ceilings.json' },
])('$env keeps ceilings in $file', ({ env, file }) => {
  expect(ceilingFile(env)).toBe(file)
})

test('what is kept is found again, and only its owner can read it', async () => {
  const file = join(await folder(), 'new', 'folder', 'ceilings.json')
  await keepCeilings(file, new Map([[setup('a'), ceiling(100)]]))
  await keepCeilings(file, new Map([[setup('b'), ceiling(200)]]))
  await keepCeilings(file, new Map([[setup('a'), ceiling(300)]]))
  const ceilingOf = keptCeilings(file)!
  expect(ceilingOf(setup('a'))).toEqual(ceiling(300))
  expect(ceilingOf(setup('b'))).toEqual(ceiling(200))
  expect(ceilingOf(setup('c'))).toBeUndefined()
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readdir(dirname(file))).toEqual(['ceilings.json'])
})

test('without a file nothing is looked up', async () => {
  expect(keptCeilings(join(await folder(), 'none.json'))).toBeUndefined()
})

test('the oldest are forgotten', async () => {
  const file = join(await folder(), 'ceilings.json')
  const many = Array.from(
    { length: 501 },
    (_, at) => [at.toString(16).padStart(64, '0'), ceiling(at + 1)] as const,
  )
  await keepCeilings(file, new Map(many))
  const kept = readCeilings(file)
  expect(kept.size).toBe(500)
  expect(kept.has(many[0]![0])).toBe(false)
})

test.each([
  { what: 'no JSON', content: '{' },
  { what: 'nothing', content: '' },
  { what: 'another shape', content: [1, 2] },
  { what: 'a list of ceilings', content: { ceilings: [ceiling(1)] } },
  { what: 'a setup that is no digest', content: { ceilings: { mine: ceiling(1) } } },
  { what: 'a rate that is none', content: { ceilings: { [setup('a')]: { ...ceiling(1), perSecond: '1' } } } },
  { what: 'a negative rate', content: { ceilings: { [setup('a')]: ceiling(-1) } } },
  { what: 'a rate beyond any machine', content: { ceilings: { [setup('a')]: ceiling(1e10) } } },
  {
    what: 'a time to come',
    content: { ceilings: { [setup('a')]: { perSecond: 1, measuredAt: '2999-01-01T00:00:00.000Z' } } },
  },
  {
    what: 'a time that is none',
    content: { ceilings: { [setup('a')]: { perSecond: 1, measuredAt: '2026-99-01T00:00:00.000Z' } } },
  },
  { what: 'more than it could have written', content: ' '.repeat(1024 * 1024 + 1) },
])('a file with $what has no ceilings', async ({ content }) => {
  expect(readCeilings(await written(content)).size).toBe(0)
})

test.each([0o620, 0o602, 0o666])('a file that others may write, %i, has none', async (mode) => {
  expect(readCeilings(await written({ ceilings: { [setup('a')]: ceiling(1) } }, mode)).size).toBe(0)
})

test('what is wrong costs the others nothing', async () => {
  const file = await written({ ceilings: { [setup('a')]: ceiling(1), [setup('b')]: 7, junk: null } })
  expect([...readCeilings(file).keys()]).toEqual([setup('a')])
  await keepCeilings(file, new Map([[setup('c'), ceiling(3)]]))
  expect(Object.keys((JSON.parse(await readFile(file, 'utf8')) as { ceilings: object }).ceilings)).toEqual([
    setup('a'),
    setup('c'),
  ])
})

test('a link is replaced, and what it points to stays', async () => {
  const cwd = await folder({ target: 'precious' })
  await mkdir(join(cwd, 'cache'))
  const file = join(cwd, 'cache', 'ceilings.json')
  await symlink(join(cwd, 'target'), file)
  await keepCeilings(file, new Map([[setup('a'), ceiling(1)]]))
  expect(await readFile(join(cwd, 'target'), 'utf8')).toBe('precious')
  expect(readCeilings(file).size).toBe(1)
})

test('whatever a file holds, only whole ceilings come out of it', () => {
  assert(
    property(jsonValue(), (value) => {
      for (const content of [value, { ceilings: value }, { ceilings: { [setup('a')]: value } }])
        for (const [, { perSecond, measuredAt }] of ceilingsIn(content)) {
          expect(perSecond).toBeGreaterThan(0)
          expect(Date.parse(measuredAt)).toBeGreaterThan(0)
        }
    }),
  )
})
