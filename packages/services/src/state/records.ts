import { randomBytes } from 'node:crypto'
import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ServiceError } from '../errors.ts'
import { definitionOf, serviceNames } from '../table.ts'
import { withLock } from './lock.ts'
import { isOwnFolder, readOwnFile } from './own.ts'

/** A service that was left running, as written to `services.json`. */
export interface ServiceRecord {
  readonly name: string
  readonly how: 'compose' | 'local'
  /** With its password. */
  readonly url: string
  readonly port: number
  /** What it was started with. Absent where it needs none. */
  readonly password?: string
  /** Configuration, data and log. Removed with the service. */
  readonly folder: string
  readonly startedAt: string
  /** Of a local service. */
  readonly pid?: number
  readonly startTime?: string
  /** Of a Compose project. */
  readonly project?: string
}

/**
 * Every service that was left running, whether or not it still runs. No state file, no services.
 * @throws ServiceError when others than this user can have written it, or it says what cloudbench never writes.
 */
export async function readRecords(stateDir: string): Promise<readonly ServiceRecord[]> {
  const file = join(stateDir, 'services.json')
  const text = (await isOwnFolder(stateDir)) ? await readOwnFile(file) : undefined
  if (text === undefined) return []
  try {
    const records: unknown = JSON.parse(text)
    if (Array.isArray(records) && records.every((record) => isRecord(record, stateDir))) return records
  } catch {
    // reported below, like a file of another shape.
  }
  throw new ServiceError({
    what: `${file} is damaged, so it is not known which services run`,
    expected: 'the file as cloudbench wrote it',
    next: `stop services that still run by hand, then remove ${file}`,
  })
}

/** Replaces the record of one service, or removes it. */
export async function writeRecord(
  stateDir: string,
  name: string,
  record: ServiceRecord | undefined,
): Promise<void> {
  await withLock(join(stateDir, 'services.lock'), async () => {
    const others = (await readRecords(stateDir)).filter((other) => other.name !== name)
    const file = join(stateDir, 'services.json')
    const draft = `${file}.${randomBytes(6).toString('hex')}`
    const text = `${JSON.stringify(record ? [...others, record] : others, null, 2)}\n`
    try {
      // a new file, never one that is there already or what a link points to
      await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
      await rename(draft, file)
    } finally {
      await rm(draft, { force: true })
    }
  })
}

/** What is in it is removed, signalled and loaded: only what cloudbench itself would have written will do. */
function isRecord(value: unknown, stateDir: string): value is ServiceRecord {
  const { name, how, url, port, password, folder, pid, startTime, project } = (value ?? {}) as Partial<
    Record<keyof ServiceRecord, unknown>
  >
  return (
    typeof name === 'string' &&
    (how === 'compose' || how === 'local') &&
    Number.isSafeInteger(port) &&
    (port as number) >= 1 &&
    (port as number) <= 65_535 &&
    (password === undefined || (typeof password === 'string' && /^\w+$/.test(password))) &&
    typeof folder === 'string' &&
    dirname(folder) === stateDir &&
    isNameOf(name, basename(folder)) &&
    (pid === undefined || (Number.isSafeInteger(pid) && (pid as number) > 1)) &&
    (startTime === undefined || typeof startTime === 'string') &&
    (project === undefined || (typeof project === 'string' && isNameOf(`cloudbench-${name}`, project))) &&
    isUrlOf(name, port as number, password, url)
  )
}

/** The name with a random part, as folders and projects of a service have it. */
function isNameOf(name: string, text: string): boolean {
  return text.startsWith(`${name}-`) && /^\w+$/.test(text.slice(name.length + 1))
}

/** The service's own url on this port of 127.0.0.1, and no other. A service of a later version is left to that version. */
function isUrlOf(name: string, port: number, password: string | undefined, url: unknown): boolean {
  if (!serviceNames.some((known) => known === name)) return typeof url === 'string'
  return url === definitionOf(name).url(port, password)
}
