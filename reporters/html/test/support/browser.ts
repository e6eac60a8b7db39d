import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { afterAll, onTestFinished } from 'vitest'

const names = ['chromium', 'chromium-browser', 'google-chrome']

async function findBrowser(): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter))
    for (const name of names) {
      const path = join(folder, name)
      const isThere = await access(path).then(
        () => true,
        () => false,
      )
      if (isThere) return path
    }
  return undefined
}

const program = await findBrowser()

/** Tests in a real browser are skipped where there is none, unless the environment requires it. */
export const withoutBrowser =
  program === undefined && (process.env['CLOUDBENCH_REQUIRE_BROWSER'] ?? '') === ''

let browser: Promise<Browser> | undefined
afterAll(async () => {
  await (await browser)?.close()
})

/** A page, and everything about it that people should not see. */
export interface Watched {
  readonly page: Page
  /** Errors of scripts, of the policy, and other complaints. */
  readonly complaints: string[]
  /** What it asked the network for. */
  readonly requests: string[]
}

export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<Watched> {
  browser ??= chromium.launch({
    executablePath: program ?? 'chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  const context = await (await browser).newContext(options)
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const complaints: string[] = []
  const requests: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => requests.push(request.url()))
  await page.goto(url)
  return { page, complaints, requests }
}
