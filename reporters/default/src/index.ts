import { defineReporter, type Interval } from '@cloudbench/core'
import { createStyle } from '@cloudbench/core/text'
import { z } from '@cloudbench/schema'
import { announce } from './announce.ts'
import { lanes } from './lanes.ts'
import { flowLine, progress } from './progress.ts'
import { createScreen } from './screen.ts'
import { sideBySide, summarize } from './summary.ts'

/** Without a terminal, how often to print a line of progress. */
const heartbeatMs = 10_000

const options = z.strictObject({
  live: z.boolean().default(true).describe('Whether a terminal shows progress while the load runs'),
})

/** The terminal: what runs, its progress and its result. */
export default defineReporter({
  name: 'default',
  terminal: 'screen',
  options,
  create({ options: { live }, terminal }) {
    const { color, isTTY } = terminal.screen
    const style = createStyle(color)
    const screen = createScreen(terminal.screen)
    const columns = (): number => terminal.screen.columns
    const isLive = live && isTTY
    let saidMs = 0
    const heartbeat = (interval: Interval): void => {
      const { phase, endMs, startMs, flows } = interval
      // the table follows the last one, which may be a sliver without a single request
      if (endMs - saidMs < heartbeatMs || endMs >= phase.durationMs) return
      saidMs = endMs
      for (const flow of flows) screen.print([`  ${flowLine(flow, phase, endMs - startMs)}`])
    }
    return {
      onScenarioStart(scenario) {
        const [title = '', ...rest] = announce(scenario)
        screen.print([style.bold(title), ...rest.map((line) => style.dim(line))])
      },
      onPhaseStart() {
        saidMs = 0
      },
      onInterval(interval) {
        if (isLive) screen.show(progress(interval, style, columns()))
        else if (live) heartbeat(interval)
      },
      onScenarioEnd(result) {
        screen.print(['', ...summarize(result, style, columns()), ''])
      },
      onRunEnd({ run, scenarios }) {
        const lines =
          run.merged === undefined ? lanes(scenarios, style) : sideBySide(scenarios, style, columns())
        if (scenarios.length > 1 && lines.length > 0) screen.print([...lines, ''])
      },
      close() {
        screen.close()
      },
    }
  },
})
