import { randomUUID } from 'node:crypto'
import { constants, existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import type { Ceiling } from '@cloudbench/core'
import type { CeilingOf } from '@cloudbench/core/program'

/** The oldest are forgotten beyond this. */
const mostCeilings = 500
const largestBytes = 1024 * 1024
const highestPerSecond = 1e9

/** Where ceilings are kept: below `XDG_CACHE_HOME`, else in `~/.cache`. */
export function ceilingFile(env: Readonly<Record<string, string | undefined>>): string {
  const base = env['XDG_CACHE_HOME']
  // a relative path is to be ignored: XDG Base Directory Specification
  const folder = base !== undefined && isAbsolute(base) ? base : join(env['HOME'] ?? homedir(), '.cache')
  return join(folder, 'cloudbench', 'ceilings.json')
}

/** Looks up ceilings; undefined where none were kept. The file is read when the first one is asked for. */
export function keptCeilings(file: string): CeilingOf | undefined {
  if (!existsSync(file)) return undefined
  let ceilings: ReadonlyMap<string, Ceiling> | undefined
  return (setup) => (ceilings ??= readCeilings(file)).get(setup)
}

/**
 * By setup, the oldest first. What is not as it was written is left out, and all of a file that others may have written: a
 * wrong ceiling would let a wrong number pass.
 */
export function readCeilings(file: string): ReadonlyMap<string, Ceiling> {
  try {
    const { size, mode, uid } = statSync(file)
    const isOwn = process.getuid === undefined || uid === process.getuid()
    const isClosed = (mode & (constants.S_IWGRP | constants.S_IWOTH)) === 0
    if (size > largestBytes || !isOwn || !isClosed) return new Map()
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return new Map(ceilingsIn(content))
  } catch {
    return new Map()
  }
}

/** Those in the parsed content of a file that are whole. */
export function ceilingsIn(content: unknown): (readonly [string, Ceiling])[] {
  const { ceilings } = (content ?? {}) as { readonly ceilings?: unknown }
  if (typeof ceilings !== 'object' || ceilings === null || Array.isArray(ceilings)) return []
  return Object.entries(ceilings).flatMap(([setup, value]: [string, unknown]) => {
    const ceiling = ceilingIn(value)
    return /^[0-9a-f]{64}$/.test(setup) && ceiling !== undefined ? [[setup, ceiling] as const] : []
  })
}

function ceilingIn(value: unknown): Ceiling | undefined {
  const { perSecond, measuredAt } = (value ?? {}) as Partial<Record<keyof Ceiling, unknown>>
  if (typeof perSecond !== 'number' || !(perSecond > 0 && perSecond <= highestPerSecond)) return undefined
  if (typeof measuredAt !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]{8,12}Z$/.test(measuredAt)) return undefined
  const atMs = Date.parse(measuredAt)
  return atMs <= Date.now() ? { perSecond, measuredAt } : undefined
}

/** Adds ceilings, or replaces those of the same setups. Readers see the file as it was, or as it will be. */
export async function keepCeilings(file: string, found: ReadonlyMap<string, Ceiling>): Promise<void> {
  const all = new Map(readCeilings(file))
  for (const [setup, ceiling] of found) {
    all.delete(setup)
    all.set(setup, ceiling)
  }
  const kept = Object.fromEntries([...all].slice(-mostCeilings))
  const draft = join(dirname(file), `.${randomUUID()}.tmp`)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  try {
    await writeFile(draft, `${JSON.stringify({ ceilings: kept }, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    await rename(draft, file)
  } finally {
    await rm(draft, { force: true })
  }
}
