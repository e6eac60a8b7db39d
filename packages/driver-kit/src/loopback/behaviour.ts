import { CloudbenchError } from '@cloudbench/core'
import type { LoopbackOptions } from '@cloudbench/core'

/** The time and the timer that a behaviour runs on. */
export interface BehaviourClock {
  /** Monotonic, in milliseconds. */
  now(): number
  /** Calls back after that long, and not before; returns a function that prevents it. */
  after(delayMs: number, callback: () => void): () => void
}

/** Answers one request: as it should be, or with the failure that was asked for. */
type Answer = (isFailure: boolean) => void

/** When a loopback server answers, and how. */
export interface Behaviour {
  /** Takes a request; `answer` is called once, now or later, in the order of arrival. */
  admit(answer: Answer): void
  /** Forgets everything that was not answered yet. */
  close(): void
}

export type BehaviourOptions = Pick<
  LoopbackOptions,
  'delayMs' | 'stall' | 'capacityPerSecond' | 'failureRate'
>

interface Waiting {
  readonly readyMs: number
  readonly isFailure: boolean
  readonly answer: Answer
}

const monotonic: BehaviourClock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    if (delayMs < coarseMs) {
      const timer = setTimeout(callback, Math.max(0, Math.ceil(delayMs)))
      return () => clearTimeout(timer)
    }
    // a timer is up to 2 ms late, which would be the server's doing in every known answer: the rest is polled
    const dueMs = performance.now() + delayMs
    let immediate: NodeJS.Immediate | undefined
    const poll = (): void => {
      if (performance.now() >= dueMs) callback()
      else immediate = setImmediate(poll)
    }
    const timer = setTimeout(poll, Math.floor(delayMs - coarseMs))
    return () => {
      clearTimeout(timer)
      clearImmediate(immediate)
    }
  },
}

/** Shorter waits are not worth a core that polls. */
const coarseMs = 2

/**
 * A server that behaves exactly as prescribed. Times count from now on.
 * @throws CloudbenchError for what no server can do, such as a negative capacity.
 */
export function createBehaviour(options: BehaviourOptions, clock: BehaviourClock = monotonic): Behaviour {
  assertPossible(options)
  const { delayMs = 0, stall, capacityPerSecond, failureRate = 0 } = options
  const startMs = clock.now()
  const serviceMs = capacityPerSecond === undefined ? 0 : 1_000 / capacityPerSecond
  const isImmediate = delayMs === 0 && stall === undefined && serviceMs === 0
  const queue: Waiting[] = []
  let head = 0
  let admitted = 0
  let servedMs = 0
  let cancel: (() => void) | undefined

  const failsNext = (): boolean => {
    // evenly spread: the number of failures never is more than one away from the share that was asked for
    const isFailure = Math.floor((admitted + 1) * failureRate) > Math.floor(admitted * failureRate)
    admitted++
    return isFailure
  }

  /** When an answer to a request that arrives now is ready. Never earlier than that to the one before. */
  const readyMs = (): number => {
    const arrivalMs = clock.now() - startMs
    servedMs = afterWork(Math.max(arrivalMs, servedMs), serviceMs, stall)
    return outsideStall((serviceMs === 0 ? arrivalMs : servedMs) + delayMs, stall)
  }

  const release = (): void => {
    cancel = undefined
    while (head < queue.length && queue[head]!.readyMs <= clock.now() - startMs) {
      const { answer, isFailure } = queue[head++]!
      answer(isFailure)
    }
    if (head === queue.length) {
      queue.length = 0
      head = 0
    } else {
      if (head > 1_000) queue.splice(0, head)
      if (head > 1_000) head = 0
      arm()
    }
  }

  const arm = (): void => {
    cancel ??= clock.after(queue[head]!.readyMs - (clock.now() - startMs), release)
  }

  return {
    admit(answer) {
      const isFailure = failsNext()
      if (isImmediate) {
        answer(isFailure)
        return
      }
      queue.push({ readyMs: readyMs(), isFailure, answer })
      arm()
    },
    close() {
      cancel?.()
      cancel = undefined
      queue.length = 0
      head = 0
    },
  }
}

function assertPossible({ capacityPerSecond, failureRate, stall }: BehaviourOptions): void {
  const expected =
    capacityPerSecond !== undefined && !(capacityPerSecond > 0)
      ? 'a capacityPerSecond above 0'
      : failureRate !== undefined && !(failureRate >= 0 && failureRate <= 1)
        ? 'a failureRate from 0 to 1'
        : stall?.periodMs !== undefined && stall.periodMs <= stall.stallMs
          ? 'a stall.periodMs longer than stall.stallMs'
          : undefined
  if (expected !== undefined)
    throw new CloudbenchError({
      code: 'CB_PLUGIN_OPTIONS',
      what: 'a loopback server cannot behave as asked',
      expected,
    })
}

type Stall = NonNullable<LoopbackOptions['stall']>

/** The end of the stall that a moment falls into; otherwise the moment itself. */
function outsideStall(atMs: number, stall: Stall | undefined): number {
  return stall ? (stallAt(atMs, stall)?.endMs ?? atMs) : atMs
}

/** When work that begins at a moment is done, as nothing is done while the server stalls. */
function afterWork(fromMs: number, workMs: number, stall: Stall | undefined): number {
  if (!stall || workMs === 0) return fromMs + workMs
  let atMs = outsideStall(fromMs, stall)
  let leftMs = workMs
  for (;;) {
    const nextMs = nextStallMs(atMs, stall)
    if (atMs + leftMs <= nextMs) return atMs + leftMs
    leftMs -= nextMs - atMs
    atMs = nextMs + stall.stallMs
  }
}

function stallAt(
  atMs: number,
  { afterMs, stallMs, periodMs }: Stall,
): { readonly endMs: number } | undefined {
  if (atMs < afterMs) return undefined
  const beginMs =
    periodMs === undefined ? afterMs : afterMs + Math.floor((atMs - afterMs) / periodMs) * periodMs
  return atMs < beginMs + stallMs ? { endMs: beginMs + stallMs } : undefined
}

/** When the next stall begins; Infinity when there is none any more. */
function nextStallMs(atMs: number, { afterMs, periodMs }: Stall): number {
  if (atMs < afterMs) return afterMs
  if (periodMs === undefined) return Infinity
  return afterMs + (Math.floor((atMs - afterMs) / periodMs) + 1) * periodMs
}
