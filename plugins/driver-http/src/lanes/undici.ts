import { setImmediate as turn } from 'node:timers/promises'
import type { ByteCount, Connection, Counter, DriverContext, Slot } from '@cloudbench/core'
import { serverNameOf, sharedTls } from '@cloudbench/driver-kit'
import { safeMethods, type RequestWriter } from '@cloudbench/driver-kit/http'
import { Client, type Dispatcher } from 'undici'
import type { HttpOptions } from '../options.ts'
import type { LanePlan, OpenLane } from './lane.ts'
import { isLoss, undiciFailure } from './undici/failure.ts'
import { createOpener, type Opener } from './undici/opener.ts'
import { composeRequest, type RequestParts, type RequestPlan } from './undici/request.ts'

const emptyBody = Buffer.alloc(0)

/** A client of undici's for each connection. */
export const openLane: OpenLane = async (context, plan) => {
  const { options } = context
  const reopened = context.counter('connections reopened')
  const opener = createOpener({
    origin: plan.origin,
    connectTimeoutMs: options.connectTimeoutMs,
    socketPath: plan.socketPath,
    proxy: plan.proxy,
    tls: plan.origin.startsWith('https:') ? await sharedTls(context) : undefined,
    onReopen: () => reopened.add(1),
    sockets: context.sockets,
  })
  await opener.openFirst(context.signal).catch((error: unknown) => {
    throw plan.connectError(undiciFailure(error))
  })
  return new UndiciConnection(context, plan, opener)
}

/** Asks with `request`, and reads every answer to its end, as an application does. */
class UndiciConnection implements Connection {
  readonly reportsSockets = true
  readonly streams: number
  readonly #client: Client
  readonly #opener: Opener
  readonly #judge: LanePlan['judge']
  readonly #writer: RequestWriter
  readonly #requestPlan: RequestPlan
  readonly #bytes: ByteCount
  readonly #resent: Counter
  #isStopped = false
  /** Requests that had left on the last connection, and were not answered when it closed. */
  #unanswered = 0

  constructor(context: DriverContext<HttpOptions>, plan: LanePlan, opener: Opener) {
    const { origin, streams, keepAlive = true } = plan
    const { hostname, protocol } = new URL(origin)
    const servername = protocol === 'https:' ? serverNameOf(hostname, context.options.tls) : undefined
    this.streams = streams
    this.#client = new Client(origin, {
      pipelining: keepAlive ? streams : 0,
      connect: (where, callback) =>
        opener.connect(where, (...result) => {
          // while undici does not know yet that it is closed
          result[1]?.on('close', () => (this.#unanswered = this.#client.stats.running))
          callback(...result)
        }),
    })
    this.#opener = opener
    this.#judge = plan.judge
    this.#writer = plan.createWriter()
    this.#requestPlan = { streams, keepAlive, servername, trace: context.trace }
    this.#bytes = context.bytes
    this.#resent = context.counter('resent')
    this.#client.on('disconnect', (_origin, _targets, error) => this.#lost(error))
  }

  issue(slot: Slot): void {
    const writer = this.#writer
    const parts = composeRequest(writer.requests[writer.next(slot)]!, this.#requestPlan, slot)
    this.#bytes.sent += parts.body?.length ?? 0
    void this.#ask(slot, parts, false)
  }

  async close(): Promise<void> {
    this.#stop()
    // the host may close from within a failed request, while undici is still at work on its queue
    await turn()
    await this.#client.destroy()
  }

  async #ask(slot: Slot, parts: RequestParts, isAgain: boolean): Promise<void> {
    let answer: Dispatcher.ResponseData | undefined
    let body: Buffer
    try {
      answer = await this.#client.request(parts)
      body = Buffer.from(await answer.body.arrayBuffer())
    } catch (error) {
      const isInBody = answer !== undefined
      if (isAgain || isInBody || !isLoss(error) || !this.#mayLeaveAgain()) {
        this.#fail(slot, error, isInBody, isAgain)
        return
      }
      this.#resent.add(1)
      return await this.#ask(slot, parts, true)
    }
    this.#opener.answered()
    this.#end(slot, answer, body)
  }

  #end(slot: Slot, { statusCode, headers }: Dispatcher.ResponseData, body: Buffer): void {
    this.#bytes.received += body.length
    if (statusCode < this.#judge.keepsBodyFrom || body.length === 0) {
      slot.done(this.#judge.outcomeOf(statusCode, emptyBody, this.#writer, ''))
      return
    }
    // what is kept will be decoded and read
    slot.answered()
    const encoding = String(headers['content-encoding'] ?? '')
    slot.done(this.#judge.outcomeOf(statusCode, body, this.#writer, encoding))
  }

  /**
   * undici sends what was behind the first unanswered request on another connection, whatever it is, and says nothing of
   * it. Here that is counted, or no other connection opens.
   */
  #lost(error: NodeJS.ErrnoException): void {
    const isUndicis = error.code === 'UND_ERR_INFO'
    const again = isUndicis ? this.#unanswered : this.#unanswered - 1
    this.#unanswered = 0
    if (again <= 0) return
    if (this.#mayLeaveAgain()) this.#resent.add(again)
    else this.#stop()
  }

  #mayLeaveAgain(): boolean {
    const areSafe = this.#writer.requests.every(({ method }) => safeMethods.has(method))
    return !this.#isStopped && this.#opener.hasAnswered && areSafe
  }

  #stop(): void {
    this.#isStopped = true
    this.#opener.stop()
  }

  #fail(slot: Slot, error: unknown, isInBody: boolean, hasLeft: boolean): void {
    this.#stop()
    const failure = undiciFailure(error, isInBody)
    if (!hasLeft && error === this.#opener.refusal) slot.unsent(failure)
    else slot.fail(failure)
  }
}
