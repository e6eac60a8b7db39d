import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { runOf } from '@cloudbench/testkit/runs'
import { describe, expect, test } from 'vitest'
import { openPage, withoutBrowser, type Watched } from './support/browser.ts'
import { pageFor } from './support/report.ts'

interface Axe {
  run(): Promise<{
    readonly violations: readonly {
      readonly id: string
      readonly nodes: readonly { readonly html: string }[]
    }[]
  }>
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What keeps someone from reading it, by the rules of WCAG. */
async function obstacles({ page }: Watched): Promise<string[]> {
  await page.evaluate(axe)
  return await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { readonly axe: Axe }).axe.run()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  })
}

describe.skipIf(withoutBrowser)('the page', () => {
  const views = [360, 900, 1600].flatMap((width) =>
    (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
  )
  test.for(views)(
    'is drawn, fits and can be read by anyone at $width pixels, $colorScheme',
    async ({ width, colorScheme }) => {
      for (const name of ['failed', 'unicode', 'hour', 'doubtful', 'invalid'] as const) {
        const { url } = await pageFor(runOf(name))
        const watched = await openPage(url, { viewport: { width, height: 900 }, colorScheme })
        const { page, complaints, requests } = watched
        const charts = await page.locator('[data-chart]').count()
        expect(charts).toBeGreaterThan(3)
        expect(await page.locator('[data-chart] canvas').count()).toBe(charts)
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
        expect(await obstacles(watched)).toEqual([])
        expect(complaints).toEqual([])
        expect(requests).toEqual([url])
      }
    },
  )
})
