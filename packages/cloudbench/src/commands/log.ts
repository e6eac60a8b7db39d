import { CloudbenchError } from '@cloudbench/core'
import { createStyle, parseCount, visible } from '@cloudbench/core/text'
import type { CommandContext } from '../command-context.ts'
import { requestColumns, requestFields, summaryColumns, summaryFields } from '../log/columns.ts'
import { filterOf, type FilterArguments } from '../log/filter.ts'
import { findLogs } from '../log/find-logs.ts'
import { readLog, type LogFile } from '../log/log-file.ts'
import { merged } from '../log/merge.ts'
import type { LoggedRequest } from '../log/request.ts'
import { orderOf, Sorted } from '../log/sort.ts'
import { Summary } from '../log/summary.ts'
import { csvWriter, ndjsonWriter, tableWriter, type Writer } from '../log/write.ts'

export interface LogArguments extends FilterArguments {
  readonly sort?: string
  readonly reverse?: boolean
  readonly limit?: string
  readonly summary?: boolean
  readonly format?: string
}

/** What is done with the requests that are wanted. */
interface Taker {
  /** False when it wants no more. */
  take(requests: readonly LoggedRequest[]): Promise<boolean>
  end(): Promise<void>
}

/** Rows are written so many at a time. */
const batchSize = 1_000

/** Prints the requests of logs, or what they amount to. */
export async function log(
  context: CommandContext,
  files: readonly string[],
  given: LogArguments,
): Promise<number> {
  const isWanted = filterOf(given)
  const limit = limitOf(given.limit)
  const order = given.sort === undefined ? undefined : orderOf(given.sort, given.reverse === true)
  if (order === undefined && given.reverse)
    throw new CloudbenchError({ code: 'CB_USAGE', what: '--reverse needs an order', next: 'add --sort sent' })
  const format = formatOf(given.format)
  const clean = (name: string): string => visible(context.redact(name))
  const logs: LogFile[] = []
  try {
    for (const path of await findLogs(files, context.cwd)) logs.push(await readLog(path, clean))
    const hasScenarios = new Set(logs.map(({ header }) => header.scenario)).size > 1
    const write = { format, context, hasScenarios }
    const taker = given.summary
      ? summing(write)
      : order
        ? sorting(write, new Sorted(order, limit))
        : listing(write, limit)
    for await (const requests of merged(logs)) if (!(await taker.take(requests.filter(isWanted)))) break
    await taker.end()
    return sayWhatIsMissing(logs, context)
  } finally {
    for (const one of logs) await one.close()
  }
}

interface Write {
  readonly format: Format
  readonly context: CommandContext
  readonly hasScenarios: boolean
}

/** In the order in which they ended, as they are read. */
function listing(write: Write, limit: number): Taker {
  const put = requestOutput(write)
  let left = limit
  return {
    async take(requests) {
      const some = requests.slice(0, left)
      if (some.length === 0) return true
      left -= some.length
      return (await put(some)) && left > 0
    },
    end: async () => void (await put([])),
  }
}

function sorting(write: Write, sorted: Sorted): Taker {
  const put = requestOutput(write)
  return {
    async take(requests) {
      for (const request of requests) sorted.add(request)
      return true
    },
    async end() {
      const requests = sorted.take()
      for (let at = 0; at === 0 || at < requests.length; at += batchSize)
        if (!(await put(requests.slice(at, at + batchSize)))) return
    },
  }
}

function summing({ format, context, hasScenarios }: Write): Taker {
  const summary = new Summary()
  return {
    async take(requests) {
      for (const request of requests) summary.add(request)
      return true
    },
    async end() {
      const writer = writerOf(format, summaryColumns(hasScenarios), summaryFields, context)
      await outputOf(writer, context)(summary.rows())
    },
  }
}

function requestOutput({ format, context, hasScenarios }: Write): Put<LoggedRequest> {
  return outputOf(writerOf(format, requestColumns(hasScenarios), requestFields, context), context)
}

const formats = ['table', 'ndjson', 'csv'] as const
type Format = (typeof formats)[number]

function formatOf(written = 'table'): Format {
  const format = formats.find((one) => one === written)
  if (format !== undefined) return format
  throw new CloudbenchError({
    code: 'CB_USAGE',
    what: `--format ${written} is none`,
    expected: formats.join(', '),
  })
}

function writerOf<Row>(
  format: Format,
  columns: Parameters<typeof tableWriter<Row>>[0],
  fields: Parameters<typeof csvWriter<Row>>[0],
  { terminal }: CommandContext,
): Writer<Row> {
  if (format === 'csv') return csvWriter(fields)
  return format === 'ndjson' ? ndjsonWriter(fields) : tableWriter(columns, createStyle(terminal.stdout.color))
}

type Put<Row> = (rows: readonly Row[]) => Promise<boolean>

/** Waits until what is written is gone, so that a slow reader costs no memory. False when it reads no more. */
function outputOf<Row>(writer: Writer<Row>, { terminal, written }: CommandContext): Put<Row> {
  let { head } = writer
  return async (rows) => {
    terminal.stdout.write(head + writer.lines(rows))
    head = ''
    return !(await written?.())?.isClosed
  }
}

function limitOf(written: string | undefined): number {
  if (written === undefined) return Infinity
  const limit = parseCount(written)
  if (limit > 0) return limit
  throw new CloudbenchError({ code: 'CB_USAGE', what: '--limit 0 prints nothing', expected: 'at least 1' })
}

/** A log that could not be read to its end makes the command fail; one that says what it lacks does not. */
function sayWhatIsMissing(logs: readonly LogFile[], { terminal, redact }: CommandContext): number {
  for (const { path, dropped, problem } of logs) {
    const lost = dropped === 1 ? '1 request is' : `${dropped} requests are`
    if (dropped > 0) terminal.stderr.write(redact(`${path}: ${lost} missing, which the disk did not take\n`))
    if (problem !== undefined) terminal.stderr.write(redact(`${path}: ${problem}\n`))
  }
  return logs.some(({ problem }) => problem !== undefined) ? 2 : 0
}
