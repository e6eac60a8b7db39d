import { defineReporter } from '@cloudbench/core'
import { createStyle } from '@cloudbench/core/text'
import { z } from '@cloudbench/schema'
import { announce } from './announce.ts'
import { createDrawing } from './drawing.ts'
import { createHeartbeat } from './heartbeat.ts'
import { lanes } from './lanes.ts'
import { fold } from './lines.ts'
import { silent } from './live.ts'
import { createScreen } from './screen.ts'
import { sideBySide } from './side-by-side.ts'
import { summarize } from './summary.ts'

const options = z.strictObject({
  live: z.boolean().default(true).describe('Whether progress is shown while the load runs'),
})

/** The terminal: what runs, its progress and its result. */
export default defineReporter({
  name: 'default',
  terminal: 'screen',
  options,
  create({ options: { live: isLive }, terminal: { screen: stream } }) {
    const style = createStyle(stream.color)
    const screen = createScreen(stream)
    const live = !isLive
      ? silent
      : stream.isTTY
        ? createDrawing(screen, style, stream)
        : createHeartbeat(screen.print)
    const print = (lines: readonly string[]): void => {
      live.rest()
      screen.print(lines)
    }
    return {
      onStep: live.onStep,
      onScenarioStart(scenario) {
        const [title = '', ...rest] = announce(scenario)
        print([
          style.bold(title),
          ...rest.flatMap((line) => fold(line, stream)).map((line) => style.dim(line)),
        ])
      },
      onPhaseStart: live.onPhaseStart,
      onInterval: live.onInterval,
      onScenarioEnd(result) {
        print(['', ...summarize(result, style, stream), ''])
      },
      onRunEnd({ run, scenarios }) {
        const lines =
          run.merged === undefined ? lanes(scenarios, style) : sideBySide(scenarios, style, stream.columns)
        if (scenarios.length > 1 && lines.length > 0) print([...lines, ''])
      },
      close() {
        live.rest()
        screen.close()
      },
    }
  },
})
