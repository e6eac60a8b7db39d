import { runCli } from './cli.ts'
import { createCommandContext, lossesOf } from './command-context.ts'
import { isHangupIgnored } from './hangup.ts'
import { endSignals } from './interrupts.ts'
import { lastLine } from './last-line.ts'
import { printError } from './print-error.ts'

// the entry point of the program: turns the result of a command into the exit code of this process.

/** Those who interrupted a run do not wait for timers of plugins. */
const interruptedCode = 130
/** A plugin that keeps the event loop alive after everything is done must not block the terminal. */
const lingerLimitMs = 5_000

const context = createCommandContext()
let isDone = false

// Node no longer ignores it, so that without this the terminal would take an unattended run with it
if (isHangupIgnored(context.env)) process.on('SIGHUP', () => {})
process.on('uncaughtException', (error) => {
  printError(error, context)
  giveUp()
})
process.on('beforeExit', () => {
  if (isDone) return
  const pending = context.pending?.() ?? []
  const who = pending.length > 0 ? pending.map((name) => `  ${name}\n`).join('') : '  (unknown)\n'
  context.terminal.stderr.write(`cloudbench ended before it was done. These never answered:\n${who}`)
  giveUp()
})

// whatever happens, an unfinished run is not a success
process.exitCode = 2
void main()

/** Ends the process where it is. What a run was to end with is said by its last line. */
function giveUp(): never {
  const { pending, terminal } = context
  if (pending !== undefined) terminal.stderr.write(lastLine('errored', 'exit code 2', terminal.stderr))
  process.exit(2)
}

/** Output that did not arrive is a failure, also of the last line. */
async function hasLost(): Promise<boolean> {
  const { untold, isLost } = await lossesOf(context)
  for (const loss of untold) context.terminal.stderr.write(`${loss}\n`)
  return isLost
}

async function main(): Promise<void> {
  const exitCode = await runCli(process.argv.slice(2), context)
  isDone = true
  process.exitCode = (await hasLost()) ? Math.max(2, exitCode) : exitCode
  // the last line has told how it ends: a signal may hasten that, and not change it
  for (const signal of endSignals) process.on(signal, () => process.exit())
  const isInterrupted = process.exitCode === interruptedCode
  setTimeout(() => process.exit(), isInterrupted ? 0 : lingerLimitMs).unref()
}
