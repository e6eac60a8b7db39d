import type { Phase } from '@cloudbench/core'
import { cut, formatDuration, visible } from '@cloudbench/core/text'

const barWidth = 20

/** How much of a phase is done, and how long it takes to its end. */
export function bar({ name, kind, durationMs }: Phase, doneMs: number, columns: number): string {
  const done = Math.min(1, durationMs > 0 ? doneMs / durationMs : 1)
  const filled = Math.round(done * barWidth)
  const leftS = Math.ceil((durationMs - doneMs) / 1_000)
  const left = leftS > 0 ? `${formatDuration(leftS * 1_000)} left` : 'waiting for the last answers'
  const what = kind === 'warmup' ? `${name} (not counted)` : name
  return cut(
    `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${Math.floor(done * 100)} %  ${visible(what)}, ${left}`,
    columns,
  )
}
