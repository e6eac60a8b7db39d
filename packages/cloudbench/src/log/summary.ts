import { CloudbenchError, Histogram } from '@cloudbench/core'
import { HistogramRecorder } from '@cloudbench/core/log'
import { lagNs, responseNs, serviceNs, type LoggedRequest } from './request.ts'

/** Each has three histograms. */
const mostRows = 1_000

export interface SummaryRow {
  readonly scenario: string
  readonly phase: string
  readonly flow: string
  readonly operation: string
  /** Undefined for all of an operation, whose latencies are as in a result: of what was ok, or never answered. */
  readonly outcome: string | undefined
  readonly requests: number
  /** Of the flow's requests in the phase. */
  readonly share: number
  readonly lag: Histogram
  readonly service: Histogram
  readonly response: Histogram
}

type Names = Pick<SummaryRow, 'scenario' | 'phase' | 'flow' | 'operation' | 'outcome'>

class Group {
  readonly names: Names
  requests = 0
  readonly #lag = new HistogramRecorder()
  readonly #service = new HistogramRecorder()
  readonly #response = new HistogramRecorder()

  constructor(names: Names) {
    this.names = names
  }

  add(request: LoggedRequest): void {
    this.#lag.record(lagNs(request))
    this.#service.record(serviceNs(request))
    this.#response.record(responseNs(request))
  }

  row(ofFlow: number): SummaryRow {
    const [lag, service, response] = [this.#lag, this.#service, this.#response].map(
      (recorder) => new Histogram(recorder.drain()),
    )
    const share = this.requests / ofFlow
    return {
      ...this.names,
      requests: this.requests,
      share,
      lag: lag!,
      service: service!,
      response: response!,
    }
  }
}

/** Counts and distributions by phase, flow, operation and outcome. */
export class Summary {
  readonly #groups = new Map<string, Group>()
  readonly #flows = new Map<string, number>()
  #key: unknown[] = []
  #pair: readonly [Group, Group, string] | undefined

  add(request: LoggedRequest): void {
    const { log, phase, outcome } = request
    const key = [log, phase, outcome]
    // requests of one kind often follow each other
    if (this.#pair === undefined || key.some((part, at) => part !== this.#key[at]))
      this.#pair = this.#groupsOf(request)
    this.#key = key
    const [all, own, flow] = this.#pair
    this.#flows.set(flow, (this.#flows.get(flow) ?? 0) + 1)
    all.requests++
    own.requests++
    own.add(request)
    if (outcome.ok || outcome.given_up) all.add(request)
  }

  rows(): readonly SummaryRow[] {
    const sorted = [...this.#groups].toSorted(([a], [b]) => (a < b ? -1 : 1))
    return sorted.map(([, group]) => group.row(this.#flows.get(flowOf(group.names))!))
  }

  #groupsOf({ log, phase, outcome }: LoggedRequest): readonly [Group, Group, string] {
    const { flow, operation, name } = outcome
    const names = { scenario: log.scenario, phase: phase.name, flow, operation }
    const at = log.phases.indexOf(phase)
    const all = this.#group(at, { ...names, outcome: undefined })
    return [all, this.#group(at, { ...names, outcome: name }), flowOf(all.names)]
  }

  /** @param at The place of the phase in its scenario, which is the order of the lines. */
  #group(at: number, names: Names): Group {
    const { scenario, flow, operation, outcome } = names
    const key = JSON.stringify([scenario, String(at).padStart(5, '0'), flow, operation, outcome ?? ''])
    let group = this.#groups.get(key)
    if (group) return group
    if (this.#groups.size >= mostRows)
      throw new CloudbenchError({
        code: 'CB_USAGE',
        what: `the summary has more than ${mostRows} lines`,
        next: 'choose a part: --flow, --operation, --outcome or --phase',
      })
    group = new Group(names)
    this.#groups.set(key, group)
    return group
  }
}

function flowOf({ scenario, phase, flow }: Names): string {
  return JSON.stringify([scenario, phase, flow])
}
