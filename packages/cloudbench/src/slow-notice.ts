import type { Terminal } from '@cloudbench/core'
import { allowed } from '@cloudbench/core/text'

const patienceMs = 800

/**
 * Says what a person at a terminal waits for, if it takes long, until it is over. It is drawn, so that other lines go above it.
 * Returns what ends it.
 */
export function noticeWhenSlow({ stdout }: Terminal, doing: string): () => void {
  let isShown = false
  const show = (): void => {
    isShown = true
    stdout.write(allowed(`\u001B[?25l${doing} …\n`))
  }
  const timer = stdout.isTTY ? setTimeout(show, patienceMs) : undefined
  return () => {
    clearTimeout(timer)
    if (isShown) stdout.write(allowed('\r\u001B[1A\u001B[J\u001B[?25h'))
    isShown = false
  }
}
