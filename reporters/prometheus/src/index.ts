import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineReporter, type Reporter, type ReporterContext } from '@cloudbench/core'
import { distinctNames } from '@cloudbench/core/text'
import { createBoard } from './board.ts'
import { createGateway } from './gateway.ts'
import { options, type PrometheusOptions } from './options.ts'
import { withEnd, withInterval, withPhase, withPhaseEnd, withRunEnd } from './progress.ts'
import { createPush, lost } from './push.ts'
import { createScrape, type Scrape } from './scrape.ts'

const usualGateway = 'http://127.0.0.1:9091'

/** What a run measures, for Prometheus: pushed to a Pushgateway once per interval, or scraped while it goes on. */
export default defineReporter({ name: 'prometheus', options, create })

function create({ options: given, output, log, redact }: ReporterContext<PrometheusOptions>): Reporter {
  const { listen, linger, timeout, pushgateway = listen ? undefined : usualGateway } = given
  const nameOf = distinctNames(redact)
  const board = createBoard(given, nameOf)
  const { text, change } = board
  const gateway = pushgateway === undefined ? undefined : createGateway(pushgateway, timeout)
  const push = gateway && createPush({ gateway, job: nameOf(given.job), log, text })
  let scrape: Scrape | undefined
  return {
    async onRunStart(run) {
      board.begin(run)
      if (listen) scrape = await createScrape(listen, () => text(board.all))
      if (scrape) log.info(`scrape ${scrape.url}`)
      const [first] = board.all
      // finds out before any load whether it is taken
      if (first) await push?.put(first)
    },
    onScenarioStart: ({ id }) => push?.update(board.of(id)),
    onPhaseStart: (phase) => void change(phase.scenario, (progress) => withPhase(progress, phase)),
    onInterval: (interval) =>
      push?.update(change(interval.phase.scenario, (progress) => withInterval(progress, interval))),
    onPhaseEnd: (result) => void change(result.phase.scenario, (progress) => withPhaseEnd(progress, result)),
    onScenarioEnd: (result) =>
      push?.update(change(result.scenario.id, (progress) => withEnd(progress, result))),
    async onRunEnd(result) {
      const ended = board.all.map(({ progress }) =>
        change(progress.scenario.id, (known) => withRunEnd(known, result)),
      )
      const puts = ended.filter((exposed) => push?.has(exposed)).map((exposed) => push!.put(exposed))
      const failed = (await Promise.allSettled(puts)).find((put) => put.status === 'rejected')
      if (failed) throw lost(failed.reason, join(output.folder, `${result.run.id}.json`))
      // who pressed Ctrl-C does not want to wait
      if (result.reason === 'interrupted' || ended.length === 0 || linger === 0) return
      await scrape?.scraped(linger)
      if (given.delete && push) await sleep(linger)
    },
    async close() {
      if (given.delete) await push?.remove()
      await scrape?.close()
    },
  }
}
