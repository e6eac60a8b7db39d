import { constants, write } from 'node:fs'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { redactText } from '../../config/secret-text.ts'
import { CloudbenchError, messageOf } from '../../errors.ts'
import { machineOffsetMs } from '../../load/clock.ts'
import { RequestIds } from '../../load/request-ids.ts'
import type { LogTotals, WireLog } from '../../protocol/request-log.ts'
import type { RequestObserver } from '../request-observer.ts'
import { FlowLog, type Ending, type LogWriter } from './flow-log.ts'
import { logFormat, logVersion, recordFields } from './layout.ts'
import { pack, type Packable } from './msgpack.ts'
import { Segments } from './segments.ts'

/** What a crash costs at most. */
const flushMs = 1_000
/** Writing what is left may take this long: a disk that hangs does not keep the run from ending. */
const closeLimitMs = 5_000
/** A longer name of an outcome is cut. */
const longestName = 1_000

/** Of a run, and of one worker in it. */
export interface LogOptions {
  readonly run: string
  readonly scenario: string
  readonly worker: { readonly index: number; readonly total: number }
  readonly log: WireLog
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/** The request log of one worker: its file, and what its flows write there. */
export class RequestLog implements LogWriter {
  readonly segments: Segments
  readonly offsetNs = Math.round(machineOffsetMs() * 1e6)
  phase = 0
  readonly #options: LogOptions
  readonly #file: FileHandle
  readonly #timer: NodeJS.Timeout
  #outcomes = 0

  private constructor(options: LogOptions, file: FileHandle) {
    this.#options = options
    this.#file = file
    this.segments = new Segments((bytes, offset, length, position, done) =>
      write(file.fd, bytes, offset, length, position, done),
    )
    this.#timer = setInterval(() => this.segments.flush(), flushMs).unref()
  }

  /** Creates the file and writes its header. Rejects when there is no such file to be had. */
  static async open(options: LogOptions): Promise<RequestLog> {
    const { file: path } = options.log
    let file: FileHandle
    try {
      const folder = dirname(path)
      // of a file system that is read-only, a recursive one says that there is no such folder
      await mkdir(folder, { recursive: true }).catch(() => mkdir(folder))
      file = await open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o666)
    } catch (cause) {
      throw unwritable(path, messageOf(cause), cause)
    }
    const log = new RequestLog(options, file)
    log.#put(headerOf(options))
    if (await log.segments.drained(closeLimitMs)) return log
    await log.close()
    throw unwritable(path, log.segments.error ?? 'it takes too long')
  }

  /** What sees the requests of a flow. */
  observer(flow: string): RequestObserver {
    const { run, scenario, log } = this.#options
    const workload = log.flows.find(({ name }) => name === flow)!.workload
    return new FlowLog(
      flow,
      workload,
      new RequestIds(run, scenario, flow, log.sample),
      log.sample === 1,
      this,
    )
  }

  define(flow: string, workload: string, ending: Ending): number {
    const number = this.#outcomes + 1
    const isAnswer = typeof ending === 'object'
    const { name, operation, ok } = isAnswer ? ending : { name: ending, operation: workload, ok: false }
    const isDefined = this.#put({
      outcome: number,
      flow: clean(flow),
      operation: clean(operation),
      name: clean(name),
      ok,
      given_up: !isAnswer,
    })
    if (!isDefined) return 0
    this.#outcomes = number
    return number
  }

  /** Writes what is left, and closes the file. */
  async close(): Promise<LogTotals> {
    clearInterval(this.#timer)
    const { segments } = this
    if (await segments.drained(closeLimitMs)) {
      segments.end()
      await segments.drained(closeLimitMs)
    }
    const { written } = segments
    const error = segments.error ?? (written.dropped > 0 ? 'the disk was too slow' : undefined)
    // after a part of a segment, a reader would look for the rest
    if (segments.error !== undefined) await this.#file.truncate(written.bytes).catch(() => {})
    // a write that hangs would keep it waiting
    if (!segments.isWriting) await this.#file.close()
    return { ...written, ...(error !== undefined && { error }) }
  }

  #put(value: Packable): boolean {
    const bytes = pack(value)
    const at = this.segments.reserve(bytes.length)
    if (at >= 0) this.segments.bytes.set(bytes, at)
    return at >= 0
  }
}

function headerOf({ run, scenario, worker, log }: LogOptions): Packable {
  const { sample, anchor, flows, phases, version } = log
  return {
    format: logFormat,
    version: logVersion,
    fields: recordFields,
    cloudbench: version,
    run,
    scenario: clean(scenario),
    worker: { ...worker },
    sample,
    anchor: { monotonic_ns: anchor.monotonicNs, wall_clock_ms: anchor.wallClockMs },
    flows: flows.map((flow) => ({ ...flow, name: clean(flow.name) })),
    phases: phases.map((phase) => ({ ...phase })),
  }
}

/** Names of outcomes are made by drivers, perhaps of what a server said. */
function clean(name: string): string {
  return redactText(name.slice(0, longestName))
}

function unwritable(path: string, why: string, cause?: unknown): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_OUTPUT',
    what: `the request log ${path} cannot be written: ${why}`,
    expected: 'a writable folder with free space',
    next: '--output <folder>, or run without --log',
    cause,
  })
}
