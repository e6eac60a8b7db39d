import { execFile } from 'node:child_process'
import { existsSync, globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { folder } from './support/cli.ts'

const start = fileURLToPath(new URL('../src/start.ts', import.meta.url))
const flags = ['--conditions=@cloudbench/source', '--disable-warning=ExperimentalWarning']

/** Starts the program with nothing in its environment but that; returns what it printed. */
async function started(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, start, ...args], {
    cwd: await folder(),
    env: { PATH: process.env['PATH'], ...env },
  })
  return stdout + stderr
}

const compiledIn = (cache: string): number => globSync(join(cache, '*/*')).length
const version = /^\d+\.\d+\.\d+\n$/

test('what Node.js compiles is kept in the cache of the user', async () => {
  const cache = await folder()
  expect(await started(['--version'], { XDG_CACHE_HOME: cache })).toMatch(version)
  expect(compiledIn(join(cache, 'cloudbench/compiled'))).toBeGreaterThan(1)
  const home = await folder()
  expect(await started(['--version'], { HOME: home })).toMatch(version)
  expect(compiledIn(join(home, '.cache/cloudbench/compiled'))).toBeGreaterThan(1)
})

test('also what its load workers and loopback servers do', async () => {
  const cache = await folder()
  const args = ['http-json-api', '--duration', '10ms', '--warmup', '0s', '--reporter', 'json']
  await started(['--version'], { XDG_CACHE_HOME: cache })
  const byProgram = compiledIn(join(cache, 'cloudbench/compiled'))
  expect(await started(args, { XDG_CACHE_HOME: cache })).toContain('PASSED')
  expect(compiledIn(join(cache, 'cloudbench/compiled'))).toBeGreaterThan(2 * byProgram)
})

test('NODE_COMPILE_CACHE names another folder', async () => {
  const [cache, own] = [await folder(), await folder()]
  expect(await started(['--version'], { XDG_CACHE_HOME: cache, NODE_COMPILE_CACHE: own })).toMatch(version)
  expect(compiledIn(own)).toBeGreaterThan(1)
  expect(existsSync(join(cache, 'cloudbench'))).toBe(false)
})

test('NODE_DISABLE_COMPILE_CACHE=1 turns it off', async () => {
  const cache = await folder()
  const env = { XDG_CACHE_HOME: cache, NODE_DISABLE_COMPILE_CACHE: '1' }
  expect(await started(['--version'], env)).toMatch(version)
  expect(existsSync(join(cache, 'cloudbench'))).toBe(false)
})

test('without a folder that can be written there is no cache, and nothing is said', async () => {
  const file = join(await folder(), 'file')
  writeFileSync(file, '')
  expect(await started(['--version'], { XDG_CACHE_HOME: file })).toMatch(version)
})
