import { readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ServiceError } from '../errors.ts'
import { withLock } from './lock.ts'

/** A service that was left running, as written to `services.json`. */
export interface ServiceRecord {
  readonly name: string
  readonly how: 'compose' | 'local'
  readonly url: string
  readonly port: number
  /** Configuration, data and log. Removed with the service. */
  readonly folder: string
  readonly startedAt: string
  /** Of a local service. */
  readonly pid?: number
  readonly startTime?: string
  /** Of a Compose project. */
  readonly project?: string
}

/** Every service that was left running, whether or not it still runs. No state file, no services. */
export async function readRecords(stateDir: string): Promise<readonly ServiceRecord[]> {
  const file = join(stateDir, 'services.json')
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return []
  try {
    const records: unknown = JSON.parse(text)
    // folders are removed with their services, so a record must not name an arbitrary one.
    if (
      Array.isArray(records) &&
      records.every((record) => isRecord(record) && dirname(record.folder) === stateDir)
    )
      return records
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
    const draft = `${file}.${process.pid}`
    await writeFile(draft, `${JSON.stringify(record ? [...others, record] : others, null, 2)}\n`, {
      mode: 0o600,
    })
    await rename(draft, file)
  })
}

function isRecord(value: unknown): value is ServiceRecord {
  const { name, how, url, port, folder } = (value ?? {}) as Partial<Record<keyof ServiceRecord, unknown>>
  return (
    typeof name === 'string' &&
    (how === 'compose' || how === 'local') &&
    typeof url === 'string' &&
    typeof port === 'number' &&
    typeof folder === 'string'
  )
}
