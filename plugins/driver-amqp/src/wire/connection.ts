import { errorWithCode } from '@cloudbench/driver-kit'
import { codes } from './codes.ts'
import { Fields } from './fields.ts'
import { FrameReader, type FrameListener } from './frame-reader.ts'
import { emptyFrame, headBytes, protocolHeaders, types } from './frame.ts'
import { Links, type Link } from './links.ts'
import { malformed } from './malformed.ts'
import { isPlainlyAccepted, reasonOf, verdictAt } from './outcome.ts'
import type { Output } from './output.ts'
import * as write from './performatives.ts'
import type { Receiving } from './receiving.ts'
import type { Sending } from './sending.ts'
import { Session } from './session.ts'
import { isDescribed } from './values.ts'

const absent = -1
const smallestFrame = 512
/** A broker that wants more signs of life than this is not served with more. */
const shortestBeatMs = 50
const longestTimerMs = 0x7fff_ffff

/** What a client says of itself. */
export interface Introduction {
  readonly containerId: string
  readonly hostname: string
  /** How often the peer has to say something; 0: never. */
  readonly idleTimeOutMs: number
  readonly mechanism: { readonly name: string; readonly response: Buffer }
}

/** What a peer says of itself. */
export interface Peer {
  readonly largestFrame: number
  readonly properties: ReadonlyMap<unknown, unknown>
}

/** One connection with one session, as a client: what was read goes in, and frames go out. */
export class WireConnection implements FrameListener {
  readonly session: Session
  readonly links = new Links()
  readonly opened: PromiseWithResolvers<Peer> = Promise.withResolvers()
  readonly begun: PromiseWithResolvers<void> = Promise.withResolvers()
  readonly closed: PromiseWithResolvers<void> = Promise.withResolvers()
  sending: Sending | undefined
  receiving: Receiving | undefined
  readonly #output: Output
  readonly #introduction: Introduction
  readonly #onEnd: (cause: unknown) => void
  readonly #reader = new FrameReader(this, write.largestFrame)
  readonly #fields = new Fields()
  /** Until the peer has accepted the credentials, frames are those of SASL. */
  #isAuthenticated = false
  /** That of the peer; absent before it has begun the session. */
  #channel = absent
  #heartbeat: NodeJS.Timeout | undefined
  #isClosing = false

  /** @param onEnd Told why the peer ends the connection, the session or a link; undefined where it gives no reason. */
  constructor(output: Output, introduction: Introduction, onEnd: (cause: unknown) => void) {
    this.#output = output
    this.#introduction = introduction
    this.#onEnd = onEnd
    this.session = new Session(output)
  }

  start(): void {
    this.#output.write(protocolHeaders.sasl)
  }

  /** @throws Error when the peer does not keep to the protocol. */
  read(bytes: Buffer, length: number): void {
    this.#reader.read(bytes, length)
    this.receiving?.flush()
  }

  begin(): Promise<void> {
    this.#output.write(write.begin())
    return this.begun.promise
  }

  /** Never settles when the peer refuses: that ends the link, the session or the connection. */
  attach(link: Link): Promise<void> {
    this.#output.write(write.attach(link.request))
    return link.attached.promise
  }

  detach(link: Link): Promise<void> {
    link.isClosing = true
    this.#output.write(write.detach(link.request.handle))
    return link.detached.promise
  }

  close(): Promise<void> {
    this.#isClosing = true
    this.#output.write(write.close)
    return this.closed.promise
  }

  /** The connection is gone. */
  stop(): void {
    clearInterval(this.#heartbeat)
  }

  header(bytes: Buffer, at: number): void {
    const expected = this.#isAuthenticated ? protocolHeaders.amqp : protocolHeaders.sasl
    if (bytes.compare(expected, 0, headBytes, at, at + headBytes) !== 0)
      throw malformed(foreignHeader(bytes.subarray(at, at + headBytes)))
  }

  frame(type: number, channel: number, bytes: Buffer, at: number, end: number): void {
    if (type !== (this.#isAuthenticated ? types.amqp : types.sasl)) throw malformed(`a frame of type ${type}`)
    // a sign of life
    if (at === end) return
    const code = this.#fields.enter(bytes, at, end)
    if (!this.#isAuthenticated) this.#readSasl(code)
    else if (code === codes.open) this.#readOpen()
    else if (code === codes.begin) this.#readBegin(channel)
    else if (code === codes.close) this.#readClose()
    else if (channel !== this.#channel) throw malformed(`a frame on channel ${channel}, which has no session`)
    else this.#readOfSession(code, bytes, end)
  }

  #readOfSession(code: number, bytes: Buffer, end: number): void {
    const fields = this.#fields
    switch (code) {
      case codes.transfer:
        this.#readTransfer(bytes, end)
        return
      case codes.disposition:
        this.#readDisposition(bytes)
        return
      case codes.flow:
        this.#readFlow()
        return
      case codes.attach:
        this.#readAttach()
        return
      case codes.detach:
        this.#readDetach()
        return
      case codes.end:
        this.#output.write(write.end)
        this.#onEnd(reasonOf(fields.value()))
        return
      default:
        throw malformed('a frame of a kind that AMQP 1.0 does not have')
    }
  }

  #readTransfer(bytes: Buffer, end: number): void {
    const { inlet } = this.links.at(this.#fields.uint(absent))
    if (inlet === undefined || this.receiving === undefined) throw malformed('a message on a link that sends')
    this.receiving.transfer(inlet, this.#fields, bytes, end)
  }

  #readDisposition(bytes: Buffer): void {
    const fields = this.#fields
    const isOfReceiver = fields.boolean(false)
    const first = fields.uint(absent)
    const last = fields.uint(first)
    const isSettled = fields.boolean(false)
    // messages that were received are settled already
    if (!isOfReceiver) return
    if (first === absent) throw malformed('a disposition of no delivery')
    const { at, end } = fields
    const verdict = isPlainlyAccepted(bytes, at, end) ? 'accepted' : verdictAt(bytes, at, end)
    if (verdict === undefined && !isSettled) return
    this.sending?.settled(first, last, verdict)
    // a peer that settles second waits for this side
    if (!isSettled) this.#output.write(write.settlement(first, last))
  }

  #readFlow(): void {
    const fields = this.#fields
    const nextIncoming = fields.uint(0)
    this.session.flowed(nextIncoming, fields.uint(0))
    fields.skip()
    fields.skip()
    const handle = fields.uint(absent)
    const received = fields.uint(0)
    const credit = fields.uint(0)
    fields.skip()
    const isDrain = fields.boolean(false)
    const wantsAnswer = fields.boolean(false)
    const link = handle === absent ? undefined : this.links.at(handle)
    if (link === undefined || link.request.isReceiver) this.sending?.pump()
    else this.sending?.flowed(received, credit, isDrain)
    if (!wantsAnswer) return
    if (link?.inlet !== undefined) this.session.writeFlow(link.inlet)
    else this.sending?.writeFlow()
  }

  #readAttach(): void {
    const fields = this.#fields
    const name = fields.text()
    const handle = fields.uint(absent)
    const isReceiver = fields.boolean(false)
    fields.skip()
    fields.skip()
    const source = fields.value()
    const target = fields.value()
    fields.skip()
    fields.skip()
    const deliveryCount = fields.uint(0)
    const link = this.links.attached(name, handle, isReceiver)
    if (link.inlet !== undefined) link.inlet.deliveryCount = deliveryCount
    // a peer that refuses names no node, and detaches the link with the reason
    if (isDescribed(isReceiver ? target : source)) link.attached.resolve()
  }

  #readDetach(): void {
    const fields = this.#fields
    const handle = fields.uint(absent)
    fields.skip()
    const link = this.links.at(handle)
    this.links.remove(handle)
    if (link.isClosing) {
      link.detached.resolve()
      return
    }
    const reason = reasonOf(fields.value())
    this.#output.write(write.detach(link.request.handle))
    this.#onEnd(reason)
  }

  #readOpen(): void {
    const fields = this.#fields
    fields.skip()
    fields.skip()
    const largestFrame = fields.uint(0xffff_ffff)
    fields.skip()
    const idleTimeOutMs = fields.uint(0)
    for (let field = 0; field < 4; field++) fields.skip()
    const properties = fields.value()
    if (largestFrame < smallestFrame) throw malformed(`a peer that takes frames of only ${largestFrame} B`)
    if (idleTimeOutMs > 0)
      this.#heartbeat ??= setInterval(
        () => this.#output.write(emptyFrame),
        Math.max(shortestBeatMs, Math.min(idleTimeOutMs / 2, longestTimerMs)),
      )
    this.opened.resolve({ largestFrame, properties: properties instanceof Map ? properties : new Map() })
  }

  #readBegin(channel: number): void {
    const fields = this.#fields
    if (this.#channel !== absent || fields.uint(absent) !== 0)
      throw malformed('a begin of a session that was not asked for')
    this.#channel = channel
    this.session.nextIncoming = fields.uint(0)
    this.session.flowed(0, fields.uint(0))
    this.begun.resolve()
  }

  #readClose(): void {
    const reason = reasonOf(this.#fields.value())
    if (!this.#isClosing) this.#output.write(write.close)
    this.closed.resolve()
    this.#onEnd(reason)
  }

  #readSasl(code: number): void {
    const fields = this.#fields
    const { mechanism, containerId, hostname, idleTimeOutMs } = this.#introduction
    if (code === codes.saslMechanisms) {
      const offered = fields.value()
      const names: readonly unknown[] = Array.isArray(offered) ? offered : [offered]
      if (!names.includes(mechanism.name))
        throw errorWithCode(
          'amqp:unauthorized-access',
          `No suitable mechanism; server supports ${names.join()}`,
        )
      this.#output.write(write.saslInit(mechanism.name, mechanism.response, hostname))
    } else if (code === codes.saslOutcome) {
      const outcome = fields.uint(absent)
      if (outcome !== 0) throw notAuthenticated(outcome)
      this.#isAuthenticated = true
      this.#reader.expectHeader()
      this.#output.write(protocolHeaders.amqp)
      this.#output.write(write.open(containerId, hostname, idleTimeOutMs))
    } else throw malformed(`a SASL frame of a kind that ${mechanism.name} does not have`)
  }
}

/** 1 stands for wrong credentials, the others for a failure of the peer's own. */
function notAuthenticated(outcome: number): Error {
  const condition = outcome === 1 ? 'amqp:unauthorized-access' : 'amqp:internal-error'
  return errorWithCode(condition, `Failed to authenticate: ${outcome}`)
}

function foreignHeader(header: Buffer): string {
  if (header.toString('latin1', 0, 4) !== 'AMQP')
    return `it begins with ${JSON.stringify(header.toString('latin1'))}`
  const [id, major, minor, revision] = header.subarray(4)
  if (major === 9 || minor === 9) return `it speaks AMQP 0-9-1`
  if (major === 1 && minor === 0 && revision === 0)
    return id === 2 ? 'it wants TLS (amqps://)' : `it does not authenticate clients by SASL (protocol ${id})`
  return `it speaks AMQP ${major}.${minor}.${revision} (protocol ${id})`
}
