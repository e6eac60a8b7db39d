let isQuiet = false

/**
 * kafkajs sets timers to times in the past. Node.js warns on the terminal about the first one in a process; so this sets
 * that first one, while warnings are muted.
 */
export function quietTimers(): void {
  if (isQuiet) return
  isQuiet = true
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    clearTimeout(setTimeout(() => {}, -1))
  } finally {
    process.emitWarning = emitWarning
  }
}
