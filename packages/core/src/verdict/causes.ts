import type { VerdictReason } from '../plugin/verdict.ts'
import type { Attribution, SignalOf } from './attribution.ts'
import type { Cause, Effect, Figure } from './effect.ts'
import { isOpen, measuresGenerator, type Measurement } from './measurement.ts'
import { reasonOf, type JudgedSignal } from './signal-row.ts'

/** The mean, and the rate of a closed loop, are those of all requests: what reaches one in twenty is noticed in them. */
const noticedShare = 0.05
/** Held up for less than this in all, a load thread was disturbed, but the run is not ruined. */
const leastHeldUpMs = 1_000

/** Nothing that was measured can be believed: books that do not add up, and a worker that was lost. */
export function brokenCauses({ evidence, phases }: Measurement): Cause[] {
  const breaches = phases.flatMap((phase) => phase.breaches)
  const errors = evidence.errors.filter(({ source }) => source === 'accounting').map(({ message }) => message)
  const lost = evidence.errors.find(({ source }) => /^worker \d+$/.test(source))
  const [broken] = [...breaches, ...errors]
  const reasons: VerdictReason[] = []
  if (broken !== undefined)
    reasons.push({
      code: 'ACCOUNTING',
      validity: 'invalid',
      text: `the books do not add up: ${broken}`,
      advice: 'this is a fault of cloudbench or of the driver: report it with the result file',
    })
  if (lost !== undefined)
    reasons.push({
      code: 'WORKER_LOST',
      validity: 'invalid',
      text: `${lost.source} was lost: ${lost.message}`,
      advice: 'what it measured is missing: see the errors, and run again',
      worker: Number(lost.source.slice('worker '.length)),
    })
  return reasons.map((reason) => ({ whole: reason, on: () => ({ validity: 'invalid', reason }) }))
}

/** What the machine and the generator say about themselves. */
export function signalCauses(measurement: Measurement, signals: readonly JudgedSignal[]): Cause[] {
  return signals.flatMap((signal): Cause[] => {
    const { validity } = signal.verdict
    if (validity !== 'suspect' && validity !== 'invalid') return []
    const { name, concerns } = signal.row
    if (concerns === 'nothing') return []
    if (concerns === 'own') return ownCauses(measurement, signal, validity)
    const reason = reasonOf(signal, 'suspect')
    const effect: Effect = { validity: 'suspect', reason }
    // a fact about the machine needs no number to be true
    if (concerns === 'run')
      return [{ on: (figure) => (follows(figure, measurement) ? effect : undefined), whole: reason }]
    const reach = signal.observation!.reach ?? signal.verdict.observed!
    // the network carries requests, and the generator is what it measures
    const isOfNetwork = name === 'allowance'
    return [
      {
        on: (figure) =>
          reaches(figure, reach, measurement) || (isOfNetwork && figure.quantity.kind === 'rate')
            ? effect
            : undefined,
      },
    ]
  })
}

/** A run of a second that was held up for a fifth of it was disturbed once, and is too short to say more. */
function isLong({ verdict }: JudgedSignal, measurement: Measurement): boolean {
  const { elapsedMs, flows } = measurement
  const isOwnWork = flows.every(({ flow }) => measuresGenerator(measurement, flow))
  return !isOwnWork && verdict.observed! * elapsedMs >= leastHeldUpMs
}

function ownCauses(measurement: Measurement, signal: JudgedSignal, validity: 'suspect' | 'invalid'): Cause[] {
  const suspect: Effect = { validity: 'suspect', reason: reasonOf(signal, 'suspect') }
  const asItIs: Effect = { validity, reason: reasonOf(signal, validity) }
  switch (signal.row.name) {
    case 'stalled':
      return [
        {
          on: (figure) =>
            figure.quantity.kind === 'rate' && isClosed(figure, measurement) ? asItIs : undefined,
          ...(validity === 'invalid' && isLong(signal, measurement) && { whole: asItIs.reason }),
        },
      ]
    case 'busy':
      // what a closed loop makes of it is said flow by flow; in an open one, pauses and lag say how much it mattered
      return [
        {
          on: (figure) => {
            if (figure.quantity.kind !== 'latency' && figure.quantity.kind !== 'rate') return undefined
            if (isClosed(figure, measurement)) return asItIs
            return figure.quantity.kind === 'latency' ? suspect : undefined
          },
        },
      ]
    case 'ceiling':
      return [
        {
          on: (figure) =>
            figure.quantity.kind === 'latency' && !isClosed(figure, measurement) ? suspect : undefined,
        },
      ]
    case 'loopGap':
      return [
        {
          on: (figure) =>
            figure.selection.flows.some(({ flow }) => flow === signal.observation!.flow) && takesTime(figure)
              ? asItIs
              : undefined,
        },
      ]
    default:
      // numbers have their own: see `ownEffects`
      return []
  }
}

/** What limited a flow. */
export function limitCauses({ limit, reason }: Attribution): Cause[] {
  const of = (figure: Figure): boolean => figure.selection.flows.some(({ flow }) => flow === reason.flow)
  const { validity } = reason
  if (validity === 'unknown') return []
  if (limit === 'generator') {
    // in an open loop it is the whole run: what came due was not sent
    if (reason.code === 'GENERATOR_LIMITED')
      return [{ whole: reason, on: () => ({ validity: 'invalid', reason }) }]
    return [{ on: (figure) => (of(figure) && takesTime(figure) ? { validity, reason } : undefined) }]
  }
  return [
    {
      on(figure) {
        if (!of(figure)) return undefined
        const { quantity } = figure
        if (quantity.kind === 'rate') return limit === 'target' ? undefined : { validity: 'suspect', reason }
        if (quantity.kind !== 'latency' || quantity.basis === 'none') return undefined
        // how long requests took that were sent is not what a pool changes
        if (quantity.basis === 'sent' && limit === 'pool') return undefined
        return { validity, reason, isLowerBound: validity === 'invalid' }
      },
    },
  ]
}

/** A rate, or a latency of the target. */
export function takesTime({ quantity }: Figure): boolean {
  return quantity.kind === 'rate' || (quantity.kind === 'latency' && quantity.basis !== 'none')
}

/** A latency of the target, or a rate that follows from it: that of an open loop was asked for. */
function follows(figure: Figure, measurement: Measurement): boolean {
  return takesTime(figure) && (figure.quantity.kind !== 'rate' || isClosed(figure, measurement))
}

function isClosed({ selection }: Figure, measurement: Measurement): boolean {
  return selection.flows.some(
    ({ flow }) => !isOpen(measurement, flow) && !measuresGenerator(measurement, flow),
  )
}

/** What reaches a share of the requests can move a quantile from there on. */
function reaches(figure: Figure, share: number, measurement: Measurement): boolean {
  const { quantity } = figure
  if (quantity.kind === 'rate') return isClosed(figure, measurement) && share >= noticedShare
  if (quantity.kind !== 'latency' || quantity.basis === 'none') return false
  if (quantity.q === undefined) return share >= noticedShare
  return share > 0 && share >= 1 - quantity.q - 1e-9
}

/** For tests and for what asks about one signal. */
export function finder(signals: readonly JudgedSignal[]): SignalOf {
  return (name) => signals.find(({ row }) => row.name === name)
}
