import type { Interval, Phase, Step, TerminalStream } from '@cloudbench/core'
import { cut, formatDuration, visible, type Style } from '@cloudbench/core/text'
import { stepText, type Live } from './live.ts'
import { createProgress, type Progress } from './progress.ts'
import type { Screen } from './screen.ts'

/** Steps that are over sooner are not shown, but for the first. */
const tickMs = 500

/** Draws on a terminal: lines that are replaced, also while nothing is heard. */
export function createDrawing(screen: Screen, style: Style, stream: TerminalStream): Live {
  let timer: NodeJS.Timeout | undefined
  let lines: (() => readonly string[]) | undefined
  let step: Step | undefined
  let stepMs = 0
  let progress: Progress | undefined
  let isFirst = true
  let drawn = ''
  const draw = (): void => {
    const next = lines?.() ?? []
    const text = `${stream.columns}\n${next.join('\n')}`
    if (text === drawn) return
    drawn = text
    screen.show(next)
  }
  const follow = (what: () => readonly string[]): void => {
    lines = what
    timer ??= setInterval(draw, tickMs).unref()
  }
  return {
    onStep(next) {
      if (next.doing !== step?.doing) stepMs = performance.now()
      step = next
      follow(() => {
        const tookS = Math.floor((performance.now() - stepMs) / 1_000)
        const text = stepText(next, tookS === 0 ? '' : formatDuration(tookS * 1_000))
        return [style.dim(cut(`${visible(text)} …`, stream.columns))]
      })
      // until then there was nothing at all
      if (isFirst) draw()
      isFirst = false
    },
    onPhaseStart(phase: Phase) {
      step = undefined
      isFirst = false
      progress ??= createProgress(style)
      progress.begin(phase)
      follow(() => progress?.lines(stream) ?? [])
      draw()
    },
    onInterval(interval: Interval) {
      progress?.add(interval)
      draw()
    },
    rest() {
      clearInterval(timer)
      timer = undefined
      lines = undefined
      step = undefined
      progress = undefined
      drawn = ''
      screen.clear()
    },
  }
}
