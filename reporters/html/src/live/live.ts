import type { Logger, Reporter, RunResult } from '@cloudbench/core'
import { html, render } from '../html.ts'
import { partsOf, type Parts } from '../page.ts'
import { reportOf, waiting, type Report } from '../report.ts'
import { createFeed } from './feed.ts'
import { hasPerson, openBrowser } from './open-browser.ts'
import { startServer } from './server.ts'

interface LiveOptions {
  /** Resolves with the path. */
  readonly write: (report: Report) => Promise<string>
  readonly port: number
  /** Whether someone may be looking. */
  readonly isPerson: boolean
  readonly log: Logger
  readonly redact: (text: string) => string
}

/** Writes the page, and serves it while the run goes on. */
export async function liveReporter({ write, port, isPerson, log, redact }: LiveOptions): Promise<Reporter> {
  const feed = createFeed()
  let result: RunResult | undefined
  let file: string | undefined
  const partsNow = (): Parts => {
    const report = result === undefined ? feed.report() : reportOf(result)
    return report === undefined ? beforeTheRun(feed.doing, redact) : partsOf(report, redact)
  }
  const server = await startServer(port, partsNow)
  log.info(`live: ${server.url}`)
  if (hasPerson(isPerson)) openBrowser(server.url)
  const heard =
    <Payload>(hear: (payload: Payload) => void | Promise<void>) =>
    async (payload: Payload): Promise<void> => {
      await hear(payload)
      server.changed()
    }
  return {
    onStep: heard(feed.onStep),
    onRunStart: heard(async (run) => {
      await feed.onRunStart(run)
      await write({ run, scenarios: run.scenarios.map(waiting) })
    }),
    onScenarioStart: heard(feed.onScenarioStart),
    onPhaseStart: heard(feed.onPhaseStart),
    onInterval: heard(feed.onInterval),
    onPhaseEnd: heard(feed.onPhaseEnd),
    onScenarioEnd: heard(feed.onScenarioEnd),
    async onRunEnd(ended) {
      result = ended
      file = await write(reportOf(ended))
      log.info(`report: ${file}`)
    },
    close: () => server.end(file),
  }
}

function beforeTheRun(doing: string | undefined, redact: (text: string) => string): Parts {
  const content = html`<main id="main">
    <section class="card" aria-labelledby="summary-title">
      <h1 id="summary-title">cloudbench</h1>
      <p class="lead" id="lead">The run begins as soon as its targets are ready.</p>
      ${doing !== undefined && html`<p class="hint">${doing}</p>`}
    </section>
  </main>`
  return { html: render(content, redact), charts: '{}', title: 'cloudbench' }
}
