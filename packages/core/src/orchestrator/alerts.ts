import { alertResult, findingOfWatch, findingOfWhole, isOfWhole } from '../checks/alert-results.ts'
import type { Alert } from '../checks/alert.ts'
import { textBeside, textOf } from '../checks/checks.ts'
import { doubted } from '../checks/doubt.ts'
import { Watch, type LastingAlert } from '../checks/watch.ts'
import type { Facts } from '../plugin/facts.ts'
import type { CheckResult, Interval, PhaseResult, Scenario } from '../plugin/model.ts'
import { formatDuration } from '../text/format.ts'
import type { Judgement } from '../verdict/judge.ts'

interface Watched {
  readonly alert: LastingAlert
  readonly watch: Watch
}

/** The alerts of a scenario while it runs. One that aborts does so as soon as it has lasted. */
export class Alerts {
  readonly #alerts: readonly Alert[]
  readonly #scenario: string
  readonly #watched: readonly Watched[]
  /** The flows across zones, or why there are none. */
  readonly #across: ReadonlySet<string> | string
  readonly #abort = new AbortController()

  constructor(alerts: readonly Alert[], scenario: Scenario, facts: Readonly<Record<string, Facts>>) {
    this.#alerts = alerts
    this.#scenario = scenario.id
    this.#watched = alerts.filter(isLasting).map((alert) => ({ alert, watch: new Watch(alert) }))
    this.#across = flowsAcross(scenario, facts)
  }

  /** Aborted when the scenario is to end. */
  get aborted(): AbortSignal {
    return this.#abort.signal
  }

  add(interval: Interval): void {
    for (const { alert, watch } of this.#watched) {
      if (alert.kind === 'alerts' && interval.phase.kind === 'warmup') continue
      watch.add({ ...interval, flows: interval.flows.filter(({ flow }) => this.#isMeant(alert, flow)) })
    }
    if (this.#fired().length > 0) this.#abort.abort()
  }

  /** What ended the scenario: `after 12 s: errors.rate 34 % > 20 % for 10 s`. */
  get ending(): string | undefined {
    const fired = this.#fired()
    if (fired.length === 0) return undefined
    const texts = fired.map(({ alert: { condition, lastsMs, scoped }, watch }) => {
      const { name, metric } = scoped
      const { limit, operator } = condition
      const value = textBeside(limit, watch.worst!, metric.unit)
      return `${name} ${value} ${operator} ${textOf(limit, metric.unit)} for ${formatDuration(lastsMs)}`
    })
    return `after ${formatDuration(fired[0]!.watch.firedMs!)}: ${texts.join(', and ')}`
  }

  /** Each alert as a check. `unfinished`: why those that did not fire cannot be judged. */
  results(
    phases: readonly PhaseResult[],
    unfinished: string | undefined,
    judgement?: Judgement,
  ): CheckResult[] {
    return this.#alerts.map((alert) => {
      const skipped = (actual: string) =>
        alertResult(alert, this.#scenario, { status: 'skipped', actual } as const)
      const watched = this.#watched.find((one) => one.alert === alert)
      if (unfinished !== undefined && watched?.watch.firedMs === undefined) return skipped(unfinished)
      if (alert.acrossZones && typeof this.#across === 'string') return skipped(this.#across)
      const finding = watched
        ? findingOfWatch(watched.alert, watched.watch, phases)
        : findingOfWhole(alert, phases, ({ flow }) => this.#isMeant(alert, flow))
      const result = alertResult(alert, this.#scenario, finding)
      if (!judgement || !isOfWhole(alert)) return result
      const { number, verdict } = judgement.on(alert.scoped)
      return doubted(result, number, verdict, alert)
    })
  }

  #isMeant({ acrossZones }: Alert, flow: string): boolean {
    return !acrossZones || (typeof this.#across !== 'string' && this.#across.has(flow))
  }

  #fired(): Watched[] {
    return this.#watched.filter(({ alert, watch }) => alert.kind === 'abort' && watch.firedMs !== undefined)
  }
}

function isLasting(alert: Alert): alert is LastingAlert {
  return alert.lastsMs !== undefined
}

/** A target that was found or started here is in the zone of this machine. */
function flowsAcross(
  { flows }: Scenario,
  facts: Readonly<Record<string, Facts>>,
): ReadonlySet<string> | string {
  const given = flows.filter(({ target }) => target.origin === 'given')
  const unknown = given.find(({ target }) => target.zone === undefined)
  const own = Object.values(facts).find((found) => found['cloud.zone'] !== undefined)?.['cloud.zone']
  const across = given.filter(({ target: { zone } }) => zone !== undefined && zone !== own)
  if (own !== undefined && across.length > 0) return new Set(across.map(({ name }) => name))
  if (unknown) return `set targets.${unknown.target.name}.zone to the zone of that target`
  if (given.length === 0) return 'the target is on this machine'
  if (own === undefined) return 'the zone of this machine is not known: no environment found cloud.zone'
  return `the target is in ${own}, as this machine is`
}
