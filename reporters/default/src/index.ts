import { defineReporter } from '@cloudbench/core'
import { createStyle } from '@cloudbench/core/text'
import { z } from '@cloudbench/schema'
import { announce } from './announce.ts'
import { createDrawing } from './drawing.ts'
import { createHeartbeat } from './heartbeat.ts'
import { lanes } from './lanes.ts'
import { fold } from './lines.ts'
import { silent } from './live.ts'
import { overview } from './overview.ts'
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
    let [number, total] = [0, 0]
    return {
      onStep: live.onStep,
      onRunStart({ scenarios }) {
        total = scenarios.length
      },
      onScenarioStart(scenario) {
        const [title = [], ...rest] = announce(scenario, ++number, total).map((line) => fold(line, stream))
        print([...title.map((line) => style.bold(line)), ...rest.flat().map((line) => style.dim(line))])
      },
      onPhaseStart: live.onPhaseStart,
      onInterval: live.onInterval,
      onScenarioEnd(result) {
        print(['', ...summarize(result, style, stream), ''])
      },
      onRunEnd({ run, scenarios }) {
        const compared =
          run.merged === undefined ? lanes(scenarios, style) : sideBySide(scenarios, style, stream.columns)
        for (const lines of [scenarios.length > 1 ? compared : [], overview(scenarios, style)])
          if (lines.length > 0) print([...lines, ''])
      },
      close() {
        live.rest()
        screen.close()
      },
    }
  },
})
