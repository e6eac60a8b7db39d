import type { Charts } from './charts/chart.ts'
import { html, type Content } from './html.ts'
import type { Report } from './report.ts'
import { checksAndAudits } from './sections/checks.ts'
import { comparison } from './sections/comparison.ts'
import { scenarioSection } from './sections/scenario.ts'
import { setup } from './sections/setup.ts'
import { summary } from './sections/summary.ts'

/** Everything that changes while a run goes on, and the charts in it. */
export function bodyOf(report: Report): { readonly content: Content; readonly charts: Charts } {
  const charts: Charts = {}
  const sections: readonly (readonly [id: string, title: string, content: Content])[] = [
    ['summary', 'Summary', summary(report)],
    ['comparison', 'Side by side', comparison(report, charts)],
    ['checks', 'Checks', checksAndAudits(report)],
    ...report.scenarios.map(
      (scenario, at) =>
        [`scenario-${at}`, scenario.scenario.id, scenarioSection(scenario, at, charts)] as const,
    ),
    ['setup', 'Setup', setup(report)],
  ]
  const present = sections.filter(([, , content]) => content !== undefined)
  const content = html`<nav aria-label="Sections">
      <ul>
        ${present.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
      </ul>
    </nav>
    <main id="main">${present.map(([, , section]) => section)}</main>`
  return { content, charts }
}
