import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { loadConfig, type LoadOptions } from '../../src/config/load.ts'
import type { ResolvedConfig } from '../../src/config/resolved.ts'
import type { Config } from '../../src/config/schema.ts'
import { CloudbenchError } from '../../src/errors.ts'

/** A folder with these files in it, gone after the test. */
export function project(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloudbench-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** What a program around the core might supply. */
export const builtIn: Config = {
  reporters: ['default', 'json'],
  targets: { http: { driver: 'http' }, redis: { driver: 'redis' } },
  scenarios: {
    'http-json-api': { target: 'http', workload: 'json-api', rate: '100/s' },
    'redis-read-heavy': { target: 'redis', workload: 'read-heavy' },
  },
}

type Given = Partial<LoadOptions> & { readonly files?: Readonly<Record<string, string>> }

/** Loads the configuration of a folder with these files. */
export function load({ files = {}, ...options }: Given = {}): Promise<ResolvedConfig> {
  return loadConfig({ cwd: project(files), env: {}, builtIn, ...options })
}

/** Loads a configuration that is all in one file. */
export function loadTree(tree: unknown, options: Given = {}): Promise<ResolvedConfig> {
  return load({ builtIn: {}, files: { 'cloudbench.config.json': JSON.stringify(tree) }, ...options })
}

/** The text of the error that a user would see. Anything but a `CloudbenchError` is passed on. */
export async function refusal(attempt: () => unknown): Promise<string> {
  try {
    await attempt()
  } catch (error) {
    if (error instanceof CloudbenchError) return error.format()
    throw error
  }
  throw new Error('was not refused')
}

/** Every value with its origin, as `cloudbench config` shows it. */
export function shown(config: ResolvedConfig, path: string): string {
  const entry = config.entries().find((candidate) => candidate.path === path)
  return entry === undefined ? 'absent' : `${entry.value} (${entry.origin})`
}
