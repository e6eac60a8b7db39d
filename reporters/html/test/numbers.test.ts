import {
  errorShareOf,
  measuredOf,
  ratePerSecond,
  type FlowMetrics,
  type HistogramView,
  type RunResult,
} from '@cloudbench/core'
import { runOf } from '@cloudbench/testkit/runs'
import { describe, expect, test } from 'vitest'
import { openPage, withoutBrowser, type Watched } from './support/browser.ts'
import { pageFor } from './support/report.ts'

type Table = Readonly<Record<string, Readonly<Record<string, number | string>>>>

/** What the tests need of the page's own types, which Node does not have. */
interface Element {
  readonly textContent: string | null
  querySelector(selector: string): (Element & { getAttribute(name: string): string | null }) | null
  querySelectorAll(selector: string): Iterable<Element>
}

/** The tables of a part of the page by their captions, then by row and column: exact values where there are any. */
async function tablesIn({ page }: Watched, selector: string): Promise<Readonly<Record<string, Table>>> {
  return (await page.locator(`${selector} table`).evaluateAll((tables: readonly Element[]) =>
    Object.fromEntries(
      tables.map((table) => {
        const cellsOf = (row: Element): Element[] => [...row.querySelectorAll('th, td')]
        const textOf = (cell: Element): string => (cell.textContent ?? '').trim()
        const titles = cellsOf(table.querySelector('thead tr')!).map(textOf)
        const rows = [...table.querySelectorAll('tbody tr')].map((row) => {
          const [name, ...cells] = cellsOf(row)
          const values = cells.map((cell, at) => {
            const exact = cell.querySelector('data')?.getAttribute('value')
            return [titles[at + 1], typeof exact === 'string' ? Number(exact) : textOf(cell)]
          })
          return [textOf(name!), Object.fromEntries(values)]
        })
        return [textOf(table.querySelector('caption')!), Object.fromEntries(rows)]
      }),
    ),
  )) as never
}

const percentiles = [50, 90, 95, 99, 99.9, 99.99]

function figuresOf(histogram: HistogramView): Record<string, number> {
  return {
    count: histogram.count,
    min: histogram.min,
    mean: histogram.mean,
    ...Object.fromEntries(percentiles.map((p) => [`p${p}`, histogram.percentile(p)])),
    max: histogram.max,
  }
}

/** All that is said of a flow. */
function expectFlow(
  tables: Readonly<Record<string, Table>>,
  { total, operations, recorders }: FlowMetrics,
  { elapsedMs, of }: { readonly elapsedMs: number; readonly of: string },
): void {
  const { response, service, lag, failures } = total
  for (const [name, histogram] of Object.entries({ response, service, lag, failures, ...recorders }))
    if (histogram.count > 0) expect(tables[`Latency${of}`]).toHaveProperty([name], figuresOf(histogram))
  for (const [name, metrics] of [['all', total] as const, ...Object.entries(operations)])
    expect(tables[`Requests${of}`]).toHaveProperty([name], {
      rate: ratePerSecond(metrics, elapsedMs),
      errors: errorShareOf(metrics),
      scheduled: metrics.scheduled,
      sent: metrics.sent,
      ok: metrics.ok,
      failed: metrics.failed,
      'timed out': metrics.timedOut,
      unanswered: metrics.unanswered,
      unsent: metrics.unsent,
    })
  for (const [name, { count }] of Object.entries(total.outcomes))
    expect(tables[`Outcomes${of}`]).toHaveProperty([name, 'count'], count)
}

async function expectNumbers(watched: Watched, { scenarios, checks }: RunResult): Promise<void> {
  for (const [at, result] of scenarios.entries()) {
    const tables = await tablesIn(watched, `#scenario-${at}`)
    const { flows, elapsedMs } = measuredOf(result)
    for (const flow of flows)
      expectFlow(tables, flow, { elapsedMs, of: result.scenario.flows.length > 1 ? ` of ${flow.flow}` : '' })
  }
  const shown = (await tablesIn(watched, '#checks'))['Checks']!
  for (const { name, addedBy, status, expected, value, actual } of checks)
    expect(shown[addedBy === undefined ? name : `${name} (${addedBy.plugin})`]).toMatchObject({
      result: expect.stringContaining(status) as string,
      expected,
      measured: value ?? actual,
    })
}

describe.skipIf(withoutBrowser)('the numbers on the page', () => {
  test('are those of the result file', async () => {
    const { url } = await pageFor(runOf('failed'))
    await expectNumbers(await openPage(url), runOf('failed'))
  })

  test('can be read without JavaScript', async () => {
    const { url } = await pageFor(runOf('failed'))
    const watched = await openPage(url, { javaScriptEnabled: false })
    // what Playwright itself evaluates still runs
    await expectNumbers(watched, runOf('failed'))
    expect(await watched.page.locator('canvas').count()).toBe(0)
    expect(await watched.page.locator('#theme').isVisible()).toBe(false)
  })

  test('of several runs stand side by side, each with its own', async () => {
    const one = runOf('passed')
    const other = { ...runOf('failed'), run: { ...runOf('failed').run, id: '20260302-120000-b' } }
    const { url } = await pageFor(one, other)
    const watched = await openPage(url)
    const rows = (await tablesIn(watched, '#comparison'))['Runs side by side']!
    expect(Object.entries(rows).map(([name, { requests }]) => [name, requests])).toEqual([
      [`reads (${one.run.id})`, 300],
      [`reads (${other.run.id})`, 290],
      ['second', 300],
    ])
    expect(await watched.page.locator('#comparison canvas').count()).toBe(1)
  })
})
