import type { Scenario, Target } from '@cloudbench/core'
import { formatClient, formatDuration, formatLoad } from '@cloudbench/core/text'
import type { Charts } from '../charts/chart.ts'
import { html, type Content } from '../html.ts'
import type { ScenarioReport } from '../report.ts'
import { badge } from './badge.ts'
import { doubtSection } from './doubt.ts'
import { errorList } from './errors.ts'
import { factList } from './fact-list.ts'
import { facts } from './facts.ts'
import { flowSection } from './flow.ts'
import { generator } from './generator.ts'
import { singleRequests } from './single-requests.ts'
import { details } from './table.ts'

const origins: Readonly<Record<Target['origin'], string>> = {
  given: '',
  found: ', found on this machine',
  started: ', started for this run',
  loopback: ', loopback of the driver',
}

/** All that is known of one scenario. */
export function scenarioSection(report: ScenarioReport, at: number, charts: Charts): Content {
  const { scenario, state, aborted, errors, phases, workers, prepared, verdict } = report
  const id = `scenario-${at}`
  const breaches = phases.flatMap((phase) => phase.breaches)
  return html`<section id="${id}" class="card" aria-labelledby="${id}-title">
    <div class="verdict">
      <h2 id="${id}-title">${scenario.id}</h2>
      ${badge(state)} ${verdict !== undefined && badge(verdict.validity, 'verdict')}
    </div>
    ${scenario.description !== '' && html`<p class="lead">${scenario.description}</p>`} ${about(scenario)}
    ${isFloor(scenario) && html`<p class="notice">Measured against the driver’s own loopback server, which does no work: the cost of generator and client library alone, not the speed of a service.</p>`}
    ${aborted !== undefined && html`<p class="notice">The load was ended early: ${aborted}</p>`}
    ${errorList(errors)}
    ${
      breaches.length > 0 &&
      html`<ul class="errors">
        ${breaches.map((breach) => html`<li>Accounting: ${breach}</li>`)}
      </ul>`
    }
    ${doubtSection(report, id)}
    ${scenario.flows.map(({ name }, index) => flowSection(report, name, `${id}-flow-${index}`, charts))}
    ${generator(report, id, charts)} ${singleRequests(report)}
    ${
      workers.length > 0 &&
      details(
        `${id}-workers`,
        'What was found out about the workers and the target',
        facts([
          ...workers.map(({ index, pid, facts: own, attribution }) => ({
            title: `worker ${index}, process ${pid}`,
            facts: { ...own, ...(attribution.length > 0 && { 'command line': { added: attribution } }) },
          })),
          ...(prepared === undefined ? [] : [{ title: 'target', facts: prepared }]),
        ]),
      )
    }
  </section>`
}

function isFloor({ flows }: Scenario): boolean {
  return flows.some(({ target }) => target.origin === 'loopback')
}

/** What ran, in one list. */
function about({ flows, phases, workers, workersReason, dispatch, seed, tags }: Scenario): Content {
  const measured = phases.find(({ kind }) => kind === 'measure') ?? phases[0]
  const rows: (readonly [string, Content])[] = flows.flatMap(({ name, driver, workload, client, target }) => {
    const load = measured?.loads[name]
    const label = flows.length > 1 ? `${name}: ` : ''
    const by = client === undefined ? '' : ` by ${formatClient(client)}`
    return [
      ['Target', `${label}${target.url || target.name}${origins[target.origin]}`],
      ['Workload', `${label}${driver} ${workload}${by}`],
      ...(load ? [['Load', `${label}${formatLoad(load)}`] as const] : []),
    ] as const
  })
  rows.push(
    ['Phases', phases.map(({ name, durationMs }) => `${name} ${formatDuration(durationMs)}`).join(', ')],
    ['Workers', workersReason === undefined ? workers : `${workers}, since ${workersReason}`],
    ['Dispatch, seed', `${dispatch}, ${seed}`],
  )
  if (tags.length > 0) rows.push(['Tags', tags.join(', ')])
  return factList(rows)
}
