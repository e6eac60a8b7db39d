import { CloudbenchError, type Reporter, type ReporterContext } from '@cloudbench/core'
import { createRedactor } from '@cloudbench/core/text'
import type { Exporter } from './delivery/exporter.ts'
import { Outbox } from './delivery/outbox.ts'
import type { Settings } from './settings.ts'

/** A hook may take 10 s, and the end of a run 30 s. */
const hookLimitMs = 8_000
const endLimitMs = 25_000
/** A collector that is not there is said at once. */
const checkLimitMs = 3_000
/** As many as the SDK puts into one export. */
const batch = 512
/** What a collector that is down for minutes may miss. */
const capacity = 50_000

export type Context = Pick<ReporterContext, 'log' | 'redact'>

export interface SenderParts<Item, Data> {
  readonly settings: Settings
  readonly context: Context
  /** Such as `spans`. */
  readonly what: string
  createExporter(settings: Settings): Exporter<Data>
  pack(items: readonly Item[]): Data
}

/** Sends the items of one signal. */
export interface Sender<Item> {
  /** Sends nothing, to see whether it would arrive. @throws CloudbenchError when it would not. */
  check(): Promise<void>
  send(items: readonly Item[]): Promise<void>
  finish(items: readonly Item[]): Promise<void>
  close(): void
}

export function createSender<Item, Data>(parts: SenderParts<Item, Data>): Sender<Item> {
  const { settings, context, what, createExporter, pack } = parts
  const { origin, pathname } = new URL(settings.url)
  const where = `${origin}${pathname}`
  const redact = redactorOf(settings, context)
  const exporter = createExporter(settings)
  const outbox = new Outbox<Item>({
    what,
    where,
    batch,
    capacity,
    redact,
    send: (items) => exporter.export(pack(items), items.length),
    warn: (text) => context.log.warn(`${where}: ${redact(text)}`),
  })
  return {
    async check() {
      const timeoutMs = Math.min(settings.timeoutMs, checkLimitMs)
      const first = createExporter({ ...settings, timeoutMs })
      const { lost, isLater, why = '' } = await first.export(pack([]), 1)
      first.close()
      if (lost === 0 && !isLater) return
      throw new CloudbenchError({
        code: 'CB_OUTPUT',
        what: `${where} takes no ${settings.signal}: ${redact(why)}`,
        expected: 'an OpenTelemetry collector that takes OTLP over HTTP',
        next: "start one (cloudbench up otel-collector --port 4318), or set the reporter's option `endpoint`",
      })
    },
    async send(items) {
      outbox.add(items)
      await outbox.deliver(hookLimitMs)
    },
    async finish(items) {
      outbox.add(items)
      await outbox.finish(endLimitMs)
    },
    close: () => exporter.close(),
  }
}

/** Also for what is in headers, which a collector may repeat. */
function redactorOf({ headers, url }: Settings, { redact }: Context): (text: string) => string {
  const own = createRedactor()
  const { username, password } = new URL(url)
  for (const value of [...Object.values(headers), username, password])
    for (const part of [value, ...value.split(/\s+/)]) own.remember(part)
  return (text) => redact(own.redact(text))
}

/** Calls each, and waits for all of them. @throws CloudbenchError with what any of them says. */
export async function eachOf(
  reporters: readonly Reporter[],
  call: (reporter: Reporter) => unknown,
): Promise<void> {
  const results = await Promise.allSettled(reporters.map(async (reporter) => call(reporter)))
  const reasons: unknown[] = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason] : [],
  )
  const [first] = reasons
  if (reasons.length < 2 || !(first instanceof CloudbenchError)) {
    if (first !== undefined) throw first
    return
  }
  const what = reasons.map((reason) => (reason instanceof Error ? reason.message : String(reason))).join('\n')
  const { code, expected, next } = first
  throw new CloudbenchError({ code, what, expected, next, cause: first })
}
