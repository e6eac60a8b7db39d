import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '@cloudbench/core'
import { loadConfig, makePlan, runBenchmark } from '@cloudbench/core/host'
import { expect, onTestFinished } from 'vitest'
import { parse, violations, type Node } from './junit-10.ts'

const here = import.meta.url
const stream = { isTTY: false, columns: 80, write: () => {} }

export interface Reported {
  /** The path of the file. */
  readonly file: string
  readonly root: Node
  readonly suites: readonly Node[]
}

/** Runs scenarios for real, with the reporter, and reads its file, which has to keep to the schema. */
export async function runAndRead(
  scenarios: Config['scenarios'],
  { url, interrupt, options = {} }: { url?: string; interrupt?: AbortSignal; options?: object } = {},
): Promise<Reported> {
  const cwd = await mkdtemp(join(tmpdir(), 'cloudbench-junit-'))
  onTestFinished(() => rm(cwd, { recursive: true, force: true }))
  const config = await loadConfig({
    cwd,
    env: {},
    builtIn: {
      targets: {
        server: { driver: new URL('fixture.driver.ts', here).href, ...(url !== undefined && { url }) },
      },
      scenarios: scenarios!,
      defaults: { duration: '300ms', warmup: '0s' },
    },
    reporters: [JSON.stringify([new URL('../src/index.ts', here).href, options])],
  })
  await runBenchmark(makePlan(config), {
    terminal: { stdout: stream, stderr: stream, color: false },
    version: '1.2.3',
    bundledFrom: here,
    ...(interrupt && { interrupt }),
  })
  const file = join(cwd, '.cloudbench', (options as { file?: string }).file ?? 'junit.xml')
  return { file, ...read(await readFile(file, 'utf8')) }
}

export function read(xml: string): Omit<Reported, 'file'> {
  const root = parse(xml)
  expect(violations(root)).toEqual([])
  const suites = root.children
  // what dashboards add up has to add up
  for (const suite of suites) {
    const found = suite.children.filter(({ name }) => name === 'testcase')
    const count = (name: string): number => found.filter(({ children: [end] }) => end?.name === name).length
    expect(suite.attributes).toMatchObject({
      tests: String(found.length),
      failures: String(count('failure')),
      errors: String(count('error')),
      skipped: String(count('skipped')),
    })
    const names = found.map(({ attributes }) => attributes['name'])
    expect(new Set(names).size).toBe(names.length)
  }
  return { root, suites }
}

/** Such as `['completed', 'response.p99 < 1ms failure']`. */
export function cases(suite: Node): string[] {
  return suite.children
    .filter(({ name }) => name === 'testcase')
    .map(({ attributes, children: [end] }) => [attributes['name'], end?.name].filter(Boolean).join(' '))
}

export function properties(suite: Node): Record<string, string> {
  const all = suite.children.find(({ name }) => name === 'properties')!.children
  return Object.fromEntries(all.map(({ attributes }) => [attributes['name']!, attributes['value']!]))
}
