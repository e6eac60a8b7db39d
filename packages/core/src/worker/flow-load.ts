import type { Clock } from '../load/clock.ts'
import { isTimed } from '../load/is-timed.ts'
import type { Slice } from '../load/schedule.ts'
import { Schedule } from '../load/schedule.ts'
import { HistogramRecorder } from '../metrics/recorder.ts'
import type { Connection, Outcome } from '../plugin/driver.ts'
import type { Load } from '../plugin/model.ts'
import type { FlowTotals } from '../protocol/protocol.ts'
import type { Connections } from './connections.ts'
import { failureName } from './failure-name.ts'
import type { RequestObserver } from './request-observer.ts'
import type { SlotOwner } from './slots.ts'
import { IdleSlots, Lane, type RequestSlot } from './slots.ts'
import type { Tally } from './tally.ts'

/** After this long the load yields to the event loop, however quickly answers come. */
const turnMs = 10

/** A process that was held up this long looks first at what has come for connections that were idle this long. */
const heldUpMs = 5
const idleForMs = 50

export interface FlowLoadOptions {
  readonly clock: Clock
  readonly load: Load
  readonly tally: Tally
  /** Of the random numbers in requests. */
  readonly salt: number
  /** Of when requests come due. */
  readonly arrivalSalt: number
  /** Number of the phase's first request: numbers go on through all phases. */
  readonly firstIndex: number
  readonly slice: Slice
  readonly startMs: number
  readonly endMs: number
  readonly timeoutMs: number
  /** The generator's own lateness, of all flows. */
  readonly dispatchLag: HistogramRecorder
  readonly connections: Pick<Connections, 'replace'>
  readonly phase: FlowOwner
  readonly requests?: RequestObserver | undefined
}

/** The phase of a flow. Functions made for each phase would have V8 throw away what it compiled for the one before. */
export interface FlowOwner {
  /** The next wake may be due sooner. */
  rearm(): void
  /** The driver broke its contract. */
  broken(error: unknown): void
}

/**
 * Where a flow keeps its times. But for the last change, they are integrals from the start to the end of the schedule:
 * what comes later belongs to no rate and no mean.
 */
const cell = { changedMs: 0, inFlightMs: 1, requestMs: 2, waitMs: 3 } as const

/** One flow of one worker during one phase: sends what is due, times it, and accounts for every arrival. */
export class FlowLoad implements SlotOwner {
  readonly salt: number
  readonly dispatchLag: HistogramRecorder
  readonly #clock: Clock
  readonly #tally: Tally
  readonly #isOpen: boolean
  readonly #thinkMs: number
  readonly #isTimed: boolean
  readonly #schedule: Schedule | undefined
  readonly #stride: number
  readonly #firstIndex: number
  readonly #timeoutMs: number
  readonly #startMs: number
  readonly #connections: Pick<Connections, 'replace'>
  readonly #phase: FlowOwner
  readonly #requests: RequestObserver | undefined
  readonly #lanes = new Set<Lane>()
  /** Requests that never left, as their connection was dead already. Rare. */
  readonly #givenBack: { readonly index: number; readonly dueMs: number }[] = []
  /** Slots whose requests are about to be. */
  readonly #returned: { readonly slot: RequestSlot; readonly error: unknown }[] = []
  readonly #idle = new IdleSlots()
  readonly #thinking = new IdleSlots()
  #endMs: number
  #nextIndex: number
  #started = false
  #pumping = false
  #turnEndsMs = 0
  #deferred = false
  #sent = 0
  #done = 0
  #timedOut = 0
  #unanswered = 0
  #unsent = 0
  #surplus = 0
  #inFlight = 0
  /** Answers that are there, and without an outcome yet. */
  #unjudged = 0
  #slots = 0
  #slotsAdded = 0
  #placesChangedMs: number
  #slotMs = 0
  #laneMs = 0
  /** Times that change with every request, where a number needs no object of its own. */
  readonly #times = new Float64Array(4)

  constructor(options: FlowLoadOptions) {
    const { load, slice } = options
    this.salt = options.salt
    this.dispatchLag = options.dispatchLag
    this.#clock = options.clock
    this.#tally = options.tally
    this.#isOpen = load.model === 'open'
    this.#thinkMs = load.model === 'closed' ? load.thinkMs : 0
    this.#isTimed = isTimed(load)
    this.#schedule = load.model === 'open' ? new Schedule(load, options.arrivalSalt, slice) : undefined
    // a worker without connections has no part in the schedule
    if (options.endMs <= options.startMs) this.#schedule?.endAt(0)
    this.#stride = slice.stride
    this.#firstIndex = options.firstIndex
    this.#nextIndex = options.firstIndex + slice.first
    this.#startMs = options.startMs
    this.#endMs = options.endMs
    this.#timeoutMs = options.timeoutMs
    this.#connections = options.connections
    this.#phase = options.phase
    this.#requests = options.requests
    this.#times[cell.changedMs] = options.startMs
    this.#placesChangedMs = options.startMs
  }

  /** Starts using a connection, at the start and whenever one was replaced. */
  add(lane: Lane): void {
    const nowMs = this.#clock.now()
    this.#integratePlaces(nowMs)
    this.#lanes.add(lane)
    this.#slots += lane.slots.length
    this.#slotsAdded += lane.slots.length
    for (const slot of lane.slots) {
      slot.idleMs = Math.max(nowMs, this.#startMs)
      this.#idle.push(slot)
    }
    if (this.#started) this.pump(nowMs)
    this.#phase.rearm()
  }

  /** When the flow next has something to send; Infinity while it waits for answers, or is over. */
  get wakeMs(): number {
    let wakeMs = Infinity
    if (this.#idle.size > 0)
      if (this.#schedule) wakeMs = this.#dueMs()
      else if (!this.#started) wakeMs = this.#startMs

    if (this.#thinking.size > 0) wakeMs = Math.min(wakeMs, this.#thinking.first.idleMs + this.#thinkMs)
    return wakeMs < this.#endMs || this.#schedule ? wakeMs : Infinity
  }

  /** Nothing is in flight and nothing is left to send. */
  get isOver(): boolean {
    if (this.#inFlight > 0 || this.#unjudged > 0) return false
    if (!this.#schedule) return this.#clock.now() >= this.#endMs
    return this.#dueMs() === Infinity && this.#givenBack.length === 0
  }

  /** Begins a turn of the event loop in which the flow may send. Before its start it has nothing to send. */
  wake(nowMs: number): void {
    if (nowMs < this.#startMs) return
    this.#started = true
    // timers come before input, and the server may have closed the connection meanwhile
    if (this.#isHeldUp(nowMs)) {
      this.#yield()
      return
    }
    this.#turnEndsMs = nowMs + turnMs
    this.pump(nowMs)
  }

  /** Sends everything that is due while there are free connections. */
  pump(atMs: number): void {
    if (this.#pumping) return
    this.#pumping = true
    let nowMs = atMs
    this.#wakeThinkers(nowMs)
    while (this.#idle.size > 0 && !this.#yields(nowMs)) {
      if (this.#givenBack.length > 0 && this.#sendsAgain(nowMs)) nowMs = this.#clock.now()
      else if (this.#schedule) {
        const dueMs = this.#dueMs()
        if (dueMs > nowMs) break
        const slot = this.#idle.shift()
        // late although a connection was free: that is the generator's own fault
        if (slot.idleMs <= dueMs) this.dispatchLag.record((nowMs - dueMs) * 1e6)
        const index = this.#firstIndex + this.#schedule.index
        this.#schedule.advance()
        this.#fire(slot, index, dueMs, nowMs)
      } else {
        if (nowMs >= this.#endMs) break
        const index = this.#nextIndex
        this.#nextIndex += this.#stride
        this.#fire(this.#idle.shift(), index, nowMs, nowMs)
      }
      // reading the clock is a good part of what a request costs
      if (this.#idle.size > 0) nowMs = this.#clock.now()
    }
    this.#pumping = false
  }

  answered(slot: RequestSlot): void {
    if (!slot.isInFlight) return
    const nowMs = this.#clock.now()
    slot.answeredMs = nowMs
    this.#unjudged++
    this.#leave(slot, nowMs)
  }

  finish(slot: RequestSlot, outcome: Outcome): void {
    if (!slot.busy) {
      if (!slot.lane.retired) this.#surplus++
      return
    }
    const nowMs = this.#clock.now()
    try {
      this.#end(slot, outcome, nowMs)
    } catch (error) {
      this.#phase.broken(error)
      return
    }
    if (this.#goesOn(slot, nowMs)) return
    // an answer that came too late still shows that the connection is good
    if (this.#thinkMs > 0) this.#thinking.push(slot)
    else this.#idle.push(slot)
    this.pump(nowMs)
    // what only waits for answers has no next wake
    if (this.#isTimed) this.#phase.rearm()
  }

  fail(slot: RequestSlot, error: unknown): void {
    this.#takeBack()
    if (!slot.busy) {
      if (!slot.lane.retired) this.#surplus++
      return
    }
    this.#retire(slot.lane, failureName(error), this.#clock.now(), error)
  }

  unsent(slot: RequestSlot, error: unknown): void {
    if (!slot.isInFlight) {
      this.fail(slot, error)
      return
    }
    // a driver may give back several: none of them may fail with the connection
    if (this.#returned.push({ slot, error }) === 1) queueMicrotask(() => this.#takeBack())
  }

  /** The driver says that a connection is dead, in use or idle. False when the phase does not use it. */
  lose(connection: Connection, error: unknown): boolean {
    for (const lane of this.#lanes)
      if (lane.connection === connection) {
        this.#takeBack()
        if (!lane.retired) this.#retire(lane, nameOf(error), this.#clock.now(), error)
        return true
      }
    return false
  }

  /**
   * Gives up requests that have waited too long, and replaces their connections. Returns when the next one may have:
   * none will before, since what is sent from now on has its whole time.
   */
  sweep(nowMs: number): number {
    let earliestMs = nowMs
    for (const lane of this.#lanes) {
      const sentMs = firstSentMs(lane)
      if (nowMs - sentMs >= this.#timeoutMs) this.#retire(lane, 'connection closed after a time-out', nowMs)
      else earliestMs = Math.min(earliestMs, sentMs)
    }
    return earliestMs + this.#timeoutMs
  }

  /** Ends the schedule: what comes due later no longer counts. */
  stop(nowMs: number): void {
    this.#endMs = Math.min(this.#endMs, nowMs)
    this.#schedule?.endAt(this.#endMs - this.#startMs)
  }

  /** Accounts for what will not be answered or sent any more. */
  giveUp(nowMs: number): void {
    this.#takeBack()
    for (const lane of this.#lanes) {
      const busy = lane.slots.filter((slot) => slot.busy)
      for (const slot of busy) {
        const doneMs = this.#release(slot, nowMs)
        this.#unanswered++
        this.#tally.givenUp('unanswered', slot.dueMs, slot.sentMs, doneMs, this.#isOpen)
        this.#requests?.ended(slot, 'unanswered', doneMs)
      }
      // an answer may still come: the connection cannot be used again
      if (busy.length > 0) this.#drop(lane, nowMs)
    }
    if (!this.#schedule) return
    const waiting = this.#givenBack.splice(0)
    this.#unsent += waiting.length
    this.#tally.unsent(waiting.length, (at) => Math.max(0, nowMs - waiting[at]!.dueMs))
    const { count, dueMs } = this.#schedule.takeRest()
    this.#unsent += count
    this.#tally.unsent(count, (at) => Math.max(0, nowMs - this.#startMs - dueMs(at)))
  }

  /** What the flow has counted so far, at the given time. */
  totals(nowMs: number): FlowTotals {
    this.#integrate(nowMs)
    this.#integratePlaces(nowMs)
    let waitMs = this.#times[cell.waitMs]!
    for (const lane of this.#lanes)
      for (const slot of lane.slots) if (!slot.isInFlight) waitMs += this.#counted(slot.idleMs, nowMs)
    return {
      scheduled: this.#sent + this.#unsent,
      sent: this.#sent,
      done: this.#done,
      timedOut: this.#timedOut,
      unanswered: this.#unanswered,
      unsent: this.#unsent,
      inFlightMs: this.#times[cell.inFlightMs]!,
      requestMs: this.#times[cell.requestMs]!,
      slotMs: this.#slotMs,
      laneMs: this.#laneMs,
      waitMs,
      slotsAdded: this.#slotsAdded,
      surplusAnswers: this.#surplus,
    }
  }

  /** On the load's clock; Infinity when no arrival of this slice is left. */
  #dueMs(): number {
    return this.#startMs + this.#schedule!.dueMs
  }

  #fire(slot: RequestSlot, index: number, dueMs: number, nowMs: number): void {
    slot.dueMs = dueMs
    slot.sentMs = nowMs
    this.#sent++
    this.#times[cell.waitMs]! += Math.max(0, Math.min(nowMs, this.#endMs) - slot.idleMs)
    this.#integrate(nowMs)
    this.#inFlight++
    slot.send(index)
  }

  /** Gives a place to the next request of a closed loop at once. False where there is more to consider than that. */
  #goesOn(slot: RequestSlot, nowMs: number): boolean {
    if (this.#isTimed || this.#pumping || this.#idle.size > 0 || this.#givenBack.length > 0) return false
    if (nowMs >= this.#turnEndsMs || nowMs >= this.#endMs) return false
    this.#pumping = true
    const index = this.#nextIndex
    this.#nextIndex += this.#stride
    this.#fire(slot, index, nowMs, nowMs)
    this.#pumping = false
    // a driver may have answered already
    if (this.#idle.size > 0) this.pump(this.#clock.now())
    return true
  }

  /** Sends what was given back before anything else. False when a closed loop has ended. */
  #sendsAgain(nowMs: number): boolean {
    if (!this.#isOpen && nowMs >= this.#endMs) return false
    const { index, dueMs } = this.#givenBack.shift()!
    this.#fire(this.#idle.shift(), index, this.#isOpen ? dueMs : nowMs, nowMs)
    return true
  }

  /** Takes what a driver has given back, and has everything else on its connections fail. */
  #takeBack(): void {
    if (this.#returned.length === 0) return
    const nowMs = this.#clock.now()
    const returned = this.#returned.splice(0)
    for (const { slot } of returned) {
      if (!slot.isInFlight) continue
      this.#release(slot, nowMs)
      this.#sent--
      this.#givenBack.push({ index: slot.index, dueMs: slot.dueMs })
    }
    for (const { slot, error } of returned)
      if (!slot.lane.retired) this.#retire(slot.lane, nameOf(error), nowMs, error)
    // others may be free
    this.pump(nowMs)
    this.#phase.rearm()
  }

  /** Counts a request by its answer. One that has taken longer than the limit has timed out, whatever the answer is. */
  #end(slot: RequestSlot, outcome: Outcome, nowMs: number): void {
    const doneMs = this.#release(slot, nowMs)
    if (doneMs - slot.sentMs >= this.#timeoutMs) {
      this.#timedOut++
      this.#tally.givenUp('timedOut', slot.dueMs, slot.sentMs, doneMs, this.#isOpen)
      this.#requests?.ended(slot, 'timedOut', doneMs)
      return
    }
    this.#done++
    this.#tally.answered(outcome, slot.dueMs, slot.sentMs, doneMs, this.#isOpen)
    this.#requests?.ended(slot, outcome, doneMs)
    // in an open loop, what is in flight at the end may be a queue that grows: no part of it has been served
    if (doneMs > this.#endMs)
      this.#tally.late(outcome, this.#isOpen ? 1 : lateShare(slot.sentMs, this.#endMs, doneMs))
  }

  /** Frees the place of a request. Returns when the request was over: as soon as the answer was there. */
  #release(slot: RequestSlot, nowMs: number): number {
    if (slot.isInFlight) {
      slot.busy = false
      this.#leave(slot, nowMs)
      return nowMs
    }
    slot.busy = false
    this.#unjudged--
    return slot.answeredMs
  }

  #leave(slot: RequestSlot, nowMs: number): void {
    this.#integrate(nowMs)
    this.#inFlight--
    this.#times[cell.requestMs]! += Math.max(0, Math.min(nowMs, this.#endMs) - slot.sentMs)
    slot.idleMs = nowMs
  }

  /** Adds up what has been in flight since the last change. */
  #integrate(nowMs: number): void {
    const spanMs = Math.max(0, Math.min(nowMs, this.#endMs) - this.#times[cell.changedMs]!)
    this.#times[cell.changedMs] = Math.max(nowMs, this.#startMs)
    this.#times[cell.inFlightMs]! += this.#inFlight * spanMs
  }

  /** Adds up what has been in use since connections last came or went, which is not per request. */
  #integratePlaces(nowMs: number): void {
    const spanMs = this.#counted(this.#placesChangedMs, nowMs)
    this.#placesChangedMs = nowMs
    this.#slotMs += this.#slots * spanMs
    this.#laneMs += this.#lanes.size * spanMs
  }

  /** How much of a stretch of time lies between the start and the end of the schedule. */
  #counted(fromMs: number, untilMs: number): number {
    return this.#clamped(untilMs) - this.#clamped(fromMs)
  }

  #clamped(timeMs: number): number {
    return timeMs < this.#startMs ? this.#startMs : timeMs > this.#endMs ? this.#endMs : timeMs
  }

  /** Requests on a dead connection fail with it. */
  #retire(lane: Lane, outcomeName: string, nowMs: number, error?: unknown): void {
    for (const slot of lane.slots) {
      if (!slot.busy) continue
      this.#end(slot, this.#tally.loss(outcomeName, error), nowMs)
    }
    this.#drop(lane, nowMs)
  }

  #drop(lane: Lane, nowMs: number): void {
    this.#integratePlaces(nowMs)
    for (const slot of lane.slots) this.#times[cell.waitMs]! += this.#counted(slot.idleMs, nowMs)
    lane.retired = true
    this.#lanes.delete(lane)
    this.#slots -= lane.slots.length
    this.#idle.removeRetired()
    this.#thinking.removeRetired()
    // it is dead or given up
    this.#connections.replace(lane.index)
  }

  #wakeThinkers(nowMs: number): void {
    while (this.#thinking.size > 0 && this.#thinking.first.idleMs + this.#thinkMs <= nowMs)
      this.#idle.push(this.#thinking.shift())
  }

  /** True when it is the event loop's turn; the flow then resumes on its own. */
  #yields(nowMs: number): boolean {
    if (nowMs < this.#turnEndsMs) return false
    this.#yield()
    return true
  }

  #yield(): void {
    if (this.#deferred) return
    this.#deferred = true
    this.#clock.soon(() => {
      this.#deferred = false
      const nowMs = this.#clock.now()
      this.#turnEndsMs = nowMs + turnMs
      this.pump(nowMs)
      this.#phase.rearm()
    })
  }

  #isHeldUp(nowMs: number): boolean {
    if (!this.#schedule || this.#idle.size === 0 || nowMs - this.#dueMs() < heldUpMs) return false
    return nowMs - this.#idle.first.idleMs >= idleForMs
  }
}

function nameOf(error: unknown): string {
  return error === undefined ? 'connection lost' : failureName(error)
}

/** How much of an answer's time lay after the end. */
function lateShare(sentMs: number, endMs: number, doneMs: number): number {
  return sentMs < endMs ? (doneMs - endMs) / (doneMs - sentMs) : 1
}

/** When the oldest request in flight on a connection was sent; Infinity without one. */
function firstSentMs(lane: Lane): number {
  let firstMs = Infinity
  for (const slot of lane.slots) if (slot.isInFlight && slot.sentMs < firstMs) firstMs = slot.sentMs
  return firstMs
}
