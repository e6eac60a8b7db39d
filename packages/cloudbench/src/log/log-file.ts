import type { FileHandle } from 'node:fs/promises'
import { CloudbenchError } from '@cloudbench/core'
import { record } from '@cloudbench/core/log'
import { Damage, definitionAt, headerIn, type Clean, type Definition, type LogHeader } from './header.ts'
import { isRecord, requestAt, type LoggedRequest } from './request.ts'
import { openLogFile, segmentsOf, type Segment } from './segments.ts'

/** More kinds of outcomes than any driver has. */
const mostOutcomes = 100_000

/** A log that is being read. */
export interface LogFile {
  readonly path: string
  readonly header: LogHeader
  /** Requests that the worker could not write, as far as has been read. */
  readonly dropped: number
  /** Why it was not read to its end. */
  readonly problem: string | undefined
  /** Every request, in the order in which they ended, some at a time. Ends early where the file is damaged. */
  requests(): AsyncGenerator<readonly LoggedRequest[]>
  close(): Promise<void>
}

/** Opens a log and reads its header. Rejects with a `CloudbenchError` when there is none to read. */
export async function readLog(path: string, clean: Clean): Promise<LogFile> {
  let file: FileHandle | undefined
  try {
    file = await openLogFile(path)
    const segments = segmentsOf(file)
    const { value: first } = await segments.next()
    const header = headerIn(first!.contents, path, clean)
    return logFile(path, file, segments, { header, clean, outcomes: new Map() })
  } catch (cause) {
    await file?.close()
    if (!(cause instanceof Damage)) throw cause
    throw new CloudbenchError({
      code: 'CB_LOG_FILE',
      what: `${path} cannot be read as a request log: ${cause.message}`,
      expected: 'a file that cloudbench run --log has written',
      next: 'cloudbench log .cloudbench/<run>',
      cause,
    })
  }
}

/** What has been read of a file. */
interface Known {
  readonly header: LogHeader
  readonly clean: Clean
  readonly outcomes: Map<number, Definition>
}

function logFile(path: string, file: FileHandle, segments: AsyncGenerator<Segment>, known: Known): LogFile {
  let dropped = 0
  let problem: string | undefined
  let records = 0
  return {
    path,
    header: known.header,
    get dropped() {
      return dropped
    },
    get problem() {
      return problem
    },
    async *requests() {
      try {
        for await (const segment of segments) {
          const requests = requestsIn(segment.contents, known)
          records += requests.length
          dropped = segment.dropped
          if (records !== segment.records) throw new Damage('its records are not as many as it says')
          yield requests
        }
      } catch (error) {
        if (!(error instanceof Damage)) throw error
        problem = error.message
      }
    },
    close: () => file.close(),
  }
}

/** The requests of a segment. Outcomes that it defines are added to those that are known. */
function requestsIn(contents: Buffer, { header, clean, outcomes }: Known): LoggedRequest[] {
  const requests: LoggedRequest[] = []
  for (let at = 0; at < contents.length;) {
    if (isRecord(contents, at)) {
      requests.push(requestAt(contents, at, header, outcomes))
      at += record.bytes
      continue
    }
    const { defined, end } = definitionAt(contents, at, clean)
    if (outcomes.size >= mostOutcomes) throw new Damage(`it has more than ${mostOutcomes} outcomes`)
    outcomes.set(defined.outcome, defined)
    at = end
  }
  return requests
}
