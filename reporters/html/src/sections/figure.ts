import type { Chart, Charts } from '../charts/chart.ts'
import { html, type Content, type Markup } from '../html.ts'

interface Figure {
  readonly id: string
  readonly title: string
  readonly note?: string
  /** What someone who does not see the chart should know of it. */
  readonly alternative: Content
  readonly chart: Chart | undefined
  /** How much room it needs. */
  readonly size?: 'large' | 'medium' | 'small'
}

/** The place of a chart; the script of the page draws it. Nothing where there is nothing to draw. */
export function figure(
  charts: Charts,
  { id, title, note, alternative, chart, size = 'large' }: Figure,
): Markup | undefined {
  if (chart === undefined) return undefined
  charts[id] = chart
  return html`<figure class="${size}">
    <figcaption>
      <p class="title">${title}</p>
      ${note !== undefined && html`<p>${note}</p>`}
    </figcaption>
    <div class="chart" id="${id}" data-chart role="img" aria-label="${title}: ${alternative}"></div>
    <div class="legend" id="${id}-legend" data-legend role="group" aria-label="Lines of ${title}"></div>
  </figure>`
}
