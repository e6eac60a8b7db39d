import { readFile } from 'node:fs/promises'
import { measuredOf } from '@cloudbench/core'
import { describe, expect, test } from 'vitest'
import { openPage, withoutBrowser } from './support/browser.ts'
import { beginRun } from './support/live-run.ts'

const patient = { timeout: 60_000 }

describe.skipIf(withoutBrowser)('the live page', () => {
  test('follows a run to its end, and then shows what the file shows', async () => {
    // it ends when the page has seen enough of it
    const run = await beginRun('1h')
    const { page, complaints, requests } = await openPage(run.url)
    const summary = page.locator('#summary')
    await summary.getByText(/steady: measure, .* of 1h/).waitFor()
    await page.locator('#live', { hasText: 'Live' }).waitFor()
    const counted = page.locator('#scenario-0 table', {
      has: page.locator('caption', { hasText: /^\s*Requests\s*$/ }),
    })
    const sent = counted.locator('tbody tr data').nth(3)
    const early = Number(await sent.getAttribute('value'))
    await expect.poll(async () => Number(await sent.getAttribute('value')), patient).toBeGreaterThan(early)
    // what a reader does to the page survives its updates
    await page.locator('#scenario-0-flow-0-rate-legend button').first().click()
    await page.locator('#scenario-0-flow-0-intervals > summary').click()
    const rows = page.locator('#scenario-0-flow-0-intervals tbody tr')
    const before = await rows.count()
    await expect.poll(() => rows.count(), patient).toBeGreaterThan(before)
    expect(await page.locator('#scenario-0-flow-0-intervals').getAttribute('open')).toBe('')
    expect(
      await page.locator('#scenario-0-flow-0-rate-legend button').first().getAttribute('aria-pressed'),
    ).toBe('false')
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY')

    run.interrupt()
    const result = await run.result
    await page.locator('#live', { hasText: 'The run is over' }).waitFor()
    const file = /report: (\S+)/.exec(run.log())?.[1] ?? ''
    expect(await page.locator('#live').textContent()).toContain(file)
    expect(await summary.locator('.badge').first().textContent()).toContain('interrupted')
    expect(Number(await sent.getAttribute('value'))).toBe(
      measuredOf(result.scenarios[0]!).flows[0]!.total.sent,
    )
    expect(complaints).toEqual([])
    expect(new Set(requests.map((url) => url.replace(/^.*\/\/[^/]*\/[^/]*/, '')))).toEqual(
      new Set(['/', '/events']),
    )
    // one rendering: what the page shows now is what the file has
    const stored = await openPage(`file://${file}`)
    expect(await page.locator('main').innerText()).toContain(await stored.page.locator('h1').innerText())
    const tableOf = async (where: typeof page): Promise<string[]> =>
      await where.locator('main table').allTextContents()
    expect(await tableOf(page)).toEqual(await tableOf(stored.page))
    expect(await readFile(file, 'utf8')).not.toContain('data-events')
  })

  test('says so when cloudbench is gone, and keeps what it had', async () => {
    const run = await beginRun('1h')
    const { page } = await openPage(run.url)
    await page
      .locator('#summary')
      .getByText(/measure/)
      .waitFor()
    await page.context().setOffline(true)
    run.interrupt()
    await run.result
    await page.locator('#live', { hasText: /connection to cloudbench is lost|The run is over/ }).waitFor()
    expect(await page.locator('#scenario-0').count()).toBe(1)
  })
})
