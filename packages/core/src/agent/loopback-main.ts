import { flushCompileCache } from 'node:module'
import { CloudbenchError } from '../errors.ts'
import { importPlugin, preloadDriver } from '../loading/import.ts'
import { followOrchestrator } from '../protocol/child-process.ts'
import type { Command, Event } from '../protocol/protocol.ts'
import { toWire } from '../protocol/wire-error.ts'

// the entry point of the process that runs a driver's loopback server, separate from the workers that load it.

followOrchestrator()

const send = (event: Event): void => {
  process.send?.(event)
}

process.on('message', (command: Command) => {
  void serve(command)
})

async function serve(command: Command): Promise<void> {
  if (command.type === 'preload') preloadDriver(command.url)
  if (command.type !== 'loopback') return
  try {
    const driver = await importPlugin(command.driver.url, 'driver')
    if (!driver.loopback)
      throw new CloudbenchError({
        code: 'CB_TARGET',
        what: `driver "${driver.name}" has no loopback server`,
        expected: 'a target with a url',
        next: '--set targets.<name>.url=…',
      })
    const { target } = await driver.loopback(command.options)
    // it ends by a signal, and would never keep what it compiled
    flushCompileCache()
    send({ type: 'answer', id: command.id, answer: { target } })
  } catch (error) {
    send({ type: 'refusal', id: command.id, error: toWire(error) })
  }
}
