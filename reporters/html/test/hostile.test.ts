import { readFile } from 'node:fs/promises'
import type { RunResult } from '@cloudbench/core'
import { runOf } from '@cloudbench/testkit/runs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { html, render } from '../src/html.ts'
import { openPage, withoutBrowser } from './support/browser.ts'
import { pageOfRun } from './support/report.ts'

const attacks = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(2)>',
  '"><svg onload=alert(3)>',
  "' autofocus onfocus=alert(4) x='",
  '<!--<script>',
  '</style><base href="//evil.example/">',
  'javascript:alert(5)',
  '<meta http-equiv=refresh content="0;url=//evil.example">',
]

/** A run in which every text that anyone chose is an attack. */
function hostileRun(attack: string): RunResult {
  const run = runOf('failed')
  const words = new Set([
    'main',
    'reads',
    'other',
    'get',
    'set',
    'hit',
    'ECONNRESET',
    'retries',
    'end to end',
    'cache',
  ])
  const poisoned = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string')
      return words.has(value) || ['description', 'message', 'actual', 'expected', 'example'].includes(key)
        ? `${value}${attack}`
        : value
    if (Array.isArray(value)) return value.map((item) => poisoned(item, key))
    if (typeof value !== 'object' || value === null || value instanceof Date || 'percentile' in value)
      return value
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [
        words.has(name) || name.includes('.') ? `${name}${attack}` : name,
        poisoned(part, name),
      ]),
    )
  }
  const { run: described, ...rest } = poisoned(run) as RunResult
  const setting = { path: `scenarios.${attack}`, value: { [attack]: attack }, origin: attack }
  return { ...rest, run: { ...described, name: attack, configuration: [setting], version: attack } }
}

describe.skipIf(withoutBrowser)('names from outside', () => {
  test.for(attacks)('do nothing but stand there: %s', async (attack) => {
    const { url } = await pageOfRun(hostileRun(attack))
    const { page, complaints, requests } = await openPage(url)
    expect(complaints).toEqual([])
    expect(requests).toEqual([url])
    expect(await page.locator('h1').textContent()).toBe(attack)
    expect(await page.locator('main :is(script, img, base, meta, style, [onload], [onfocus])').count()).toBe(
      0,
    )
    expect(await page.locator('[data-chart] canvas').count()).toBe(await page.locator('[data-chart]').count())
    expect(await page.locator('.legend').first().textContent()).toContain(`reads${attack}`)
  })
})

test('the policy of the page allows its own script and nothing else', async () => {
  const { path } = await pageOfRun(runOf('passed'))
  const page = await readFile(path, 'utf8')
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page)!
  expect(policy).toMatch(
    /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/,
  )
})

test('whatever a text is, no tag and no attribute comes of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const written = render(html`<p title="${text}">${text}</p>`, (given) => given)
      expect(written.replaceAll(/&#\d+;/g, '')).toMatch(/^<p title="[^"<>&]*">[^"<>&]*<\/p>$/)
    }),
  )
})

test('a secret is in no part of the page, also one that is a word of it', () => {
  const hide = (text: string): string => text.replaceAll('table', '***')
  const written = render(html`<b title="${'my table'}">${['a table', 7]}</b>`, hide)
  expect(written).toBe('<b title="my ***">a ***7</b>')
})
