import { preloadDriver } from '../loading/import.ts'
import { followOrchestrator } from '../protocol/child-process.ts'
import type { Command, Event } from '../protocol/protocol.ts'
import { toWire } from '../protocol/wire-error.ts'
import { LoadWorker } from './load-worker.ts'

// the entry point of a load worker process.

if (!process.send) {
  console.error(
    'cloudbench worker: no IPC channel. A program that wraps the worker must exec it and keep its open files and NODE_CHANNEL_FD.',
  )
  process.exit(70)
}
followOrchestrator()

const send = (event: Event, sent?: () => void): void => {
  // a channel that was just lost is reported by the disconnect event
  process.send?.(event, undefined, undefined, () => sent?.())
}
const log = (level: 'debug' | 'info' | 'warn') => (message: string) => send({ type: 'log', level, message })
const session = new LoadWorker({ debug: log('debug'), info: log('info'), warn: log('warn') }, (interval) =>
  send({ type: 'interval', ...interval }),
)

process.on('message', (command: Command) => {
  if (command.type === 'stop') session.stop(command.graceMs)
  else if (command.type === 'ping') send({ type: 'pong' })
  else if (command.type === 'preload') preloadDriver(command.url)
  else void answer(command)
})
process.on('uncaughtException', (error) => {
  console.error(error)
  send({ type: 'broken', error: toWire(error) })
})
process.on('unhandledRejection', (error) => {
  console.error(error)
  send({ type: 'broken', error: toWire(error) })
})

async function answer(command: Exclude<Command, { type: 'stop' | 'ping' | 'preload' }>): Promise<void> {
  try {
    if (command.type === 'loopback') throw new Error('a load worker serves no loopback')
    const handle = session[command.type].bind(session) as (command: unknown) => Promise<never>
    const done = await handle(command)
    // the channel keeps the process alive, and after this nothing else should
    const leave = command.type === 'leave' ? (): void => process.disconnect() : undefined
    send({ type: 'answer', id: command.id, answer: done }, leave)
  } catch (error) {
    send({ type: 'refusal', id: command.id, error: toWire(error) })
  }
}
