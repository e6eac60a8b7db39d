import { runCli } from './cli.ts'
import { printFailure } from './failure.ts'
import { createSession } from './session.ts'

// The entry of the program: turns what a command says into the end of this process.

/** A plugin that keeps the event loop alive after everything is done must not keep the terminal. */
const lingerLimitMs = 5_000

const session = createSession()
let isDone = false

process.on('uncaughtException', (error) => {
  printFailure(error, session)
  process.exit(2)
})
process.on('beforeExit', () => {
  if (isDone) return
  const pending = session.pending()
  const who = pending.length > 0 ? pending.map((name) => `  ${name}\n`).join('') : '  (unknown)\n'
  session.terminal.stderr.write(`cloudbench ended before it was done. These never answered:\n${who}`)
  process.exit(2)
})

// whatever happens, a run that was not finished is not a success
process.exitCode = 2
void main()

async function main(): Promise<void> {
  process.exitCode = await runCli(process.argv.slice(2), session)
  isDone = true
  setTimeout(() => process.exit(), lingerLimitMs).unref()
}
