import { writeSync } from 'node:fs'
import { Session, type Debugger, type InspectorNotification } from 'node:inspector'
import { workerData } from 'node:worker_threads'
import type { Watch } from './hearing.ts'

// the thread that sees whether the event loop of the program still turns.

/** A system call that never returns cannot be stopped like a program. */
const killLooks = 5

const { beats, lookMs, looks, symbol } = workerData as Watch
let last = 0
let silent = 0
let session: Session | undefined

setInterval(() => {
  const now = Atomics.load(beats, 0)
  silent = now === last ? silent + 1 : 0
  last = now
  if (silent === 0) release()
  // stopped twice: a process that was merely held up has a second to show that it goes on
  if (silent === looks || silent === looks + 1) stop(silent > looks)
  if (silent > looks + killLooks) {
    writeSync(2, 'cloudbench: nothing was heard for too long, and nothing can be asked: killed\n')
    process.kill(process.pid, 'SIGKILL')
  }
}, lookMs)

function stop(isLast: boolean): void {
  release()
  const own = (session = new Session())
  const urls = new Map<string, string>()
  own.connectToMainThread()
  own.on(
    'Debugger.scriptParsed',
    ({ params }: InspectorNotification<Debugger.ScriptParsedEventDataType>) =>
      void urls.set(params.scriptId, params.url),
  )
  own.on('Debugger.paused', ({ params }: InspectorNotification<Debugger.PausedEventDataType>) => {
    if (!isLast) {
      release()
      return
    }
    const places = params.callFrames.map(
      ({ location }) => `${urls.get(location.scriptId) ?? ''}:${location.lineNumber + 1}`,
    )
    const place = places.find((candidate) => candidate.startsWith('file:')) ?? places[0]
    const expression = `globalThis[Symbol.for(${JSON.stringify(symbol)})](${JSON.stringify(place)})`
    own.post('Debugger.evaluateOnCallFrame', { callFrameId: params.callFrames[0]!.callFrameId, expression })
  })
  own.post('Debugger.enable', () => own.post('Debugger.pause'))
}

/** Lets the program go on. */
function release(): void {
  session?.disconnect()
  session = undefined
}
