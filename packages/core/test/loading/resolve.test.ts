import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packageOf, resolvePlugin } from '../../src/loading/resolve.ts'

let folder: string
let from: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudbench plugins ü-'))
  from = pathToFileURL(join(folder, 'cloudbench.config.ts')).href
  install('@cloudbench/driver-redis', { default: './main.js' })
  install('cloudbench-driver-acme', { default: './main.js' })
  install('@acme/bench', { import: './main.js' })
  install('acme-oranges', { default: './main.js' })
  writeFileSync(join(folder, 'mine.ts'), '')
})
afterAll(() => rmSync(folder, { recursive: true }))

function install(name: string, entry: Record<string, string>): void {
  const home = join(folder, 'node_modules', name)
  mkdirSync(home, { recursive: true })
  writeFileSync(
    join(home, 'package.json'),
    JSON.stringify({ name, version: '1.2.3', type: 'module', exports: { '.': entry } }),
  )
  writeFileSync(join(home, 'main.js'), '')
}

const known = [
  { kind: 'driver', name: 'kafka', package: '@cloudbench/driver-kafka' },
  { kind: 'driver', name: 'oranges', package: 'acme-oranges' },
  { kind: 'reporter', name: 'kafak', package: '@cloudbench/reporter-kafak' },
] as const

const urlOf = (...path: string[]): string => pathToFileURL(join(folder, ...path)).href

describe('a plugin is found', () => {
  it.each([
    [
      'by its short name, as one of ours',
      'redis',
      ['node_modules', '@cloudbench', 'driver-redis', 'main.js'],
    ],
    [
      'by its short name, as one of the community',
      'acme',
      ['node_modules', 'cloudbench-driver-acme', 'main.js'],
    ],
    ['by its whole name', 'cloudbench-driver-acme', ['node_modules', 'cloudbench-driver-acme', 'main.js']],
    [
      'by a scoped name whose exports know only import',
      '@acme/bench',
      ['node_modules', '@acme', 'bench', 'main.js'],
    ],
    ['by a path from the config file', './mine.ts', ['mine.ts']],
  ])('%s', (_, specifier, path) => {
    expect(resolvePlugin(specifier, 'driver', { from })).toBe(urlOf(...path))
  })

  it('by an absolute path, and by a file URL', () => {
    expect(resolvePlugin(join(folder, 'mine.ts'), 'driver', { from })).toBe(urlOf('mine.ts'))
    expect(resolvePlugin(urlOf('mine.ts'), 'driver', { from })).toBe(urlOf('mine.ts'))
  })

  it('where cloudbench itself is, when the user has not installed it', () => {
    const elsewhere = pathToFileURL('/').href
    expect(resolvePlugin('redis', 'driver', { from: elsewhere, bundledFrom: from })).toContain(
      'driver-redis/main.js',
    )
  })

  it('by its short name in a package of any name, when that is known', () => {
    expect(resolvePlugin('oranges', 'driver', { from, known })).toBe(
      urlOf('node_modules', 'acme-oranges', 'main.js'),
    )
    expect(() => resolvePlugin('oranges', 'driver', { from })).toThrow('was not found')
    expect(() => resolvePlugin('oranges', 'reporter', { from, known })).toThrow('was not found')
  })

  it('with its name and version', () => {
    expect(packageOf(resolvePlugin('acme', 'driver', { from }))).toEqual({
      name: 'cloudbench-driver-acme',
      version: '1.2.3',
    })
  })
})

describe('a plugin that cannot be found', () => {
  it('is reported with the command that installs it', () => {
    expect(() => resolvePlugin('kafka', 'driver', { from })).toThrow(
      expect.objectContaining({
        code: 'CB_PLUGIN_NOT_FOUND',
        next: 'npm install --save-dev @cloudbench/driver-kafka',
      }) as Error,
    )
  })

  it('is reported with a suggestion when it was mistyped', () => {
    expect(() => resolvePlugin('kafak', 'driver', { from, known })).toThrow(
      expect.objectContaining({ next: 'did you mean "kafka"?' }) as Error,
    )
  })

  it('is reported with the folder that its path starts from', () => {
    expect(() => resolvePlugin('./none.ts', 'driver', { from })).toThrow(
      expect.objectContaining({
        next: expect.stringMatching(/relative to the config file/) as string,
      }) as Error,
    )
  })
})
