import type { Socket } from 'node:net'
import { startProxy, type Proxy } from '@cloudbench/testkit/proxy'

/** What happens between the load and its server; all but silence while nothing is in flight. */
export type Fault = 'none' | 'restart' | 'idle close' | 'connection close' | 'silence'

/** A proxy before a server, to which something happens once the load has begun. */
export interface Way {
  readonly proxy: Proxy
  /** @param answered How many requests the server has answered so far. */
  begin(answered: () => number): void
}

/** A restart or a silence comes with the first answer after this, and ends so long after that. */
const faultAfterMs = 1_000
const faultMs = 500
/** Connections are closed until then, so that none is being replaced when the load ends. */
const closesUntilMs = 2_500
/** Longer than an answer takes. */
const quietMs = 20
/** Shorter than the time between two requests: on a busy machine, the next one may leave at any moment. */
const tooLateMs = 40
const answersPerConnection = 5

export async function openWay(fault: Fault): Promise<Way> {
  let startMs = Infinity
  let lastMs = 0
  let hasHappened = false
  let answered = (): number => 0
  let answeredBefore = 0
  const answers = new WeakMap<Socket, number>()
  /** Waits for a moment in which nothing has been on its way for a while; gives up where it was missed. */
  const whenQuiet = (run: () => void): void => {
    const forMs = performance.now() - lastMs
    if (forMs < quietMs) setTimeout(() => whenQuiet(run), quietMs - forMs)
    else if (forMs < tooLateMs) run()
  }
  const restart = async (): Promise<void> => {
    await proxy.close()
    setTimeout(() => void proxy.reopen(), faultMs)
  }
  const silence = (): void => {
    proxy.answers.hold()
    setTimeout(proxy.answers.release, faultMs)
  }
  const once = (run: () => void): void => {
    if (lastMs < startMs + faultAfterMs) return
    whenQuiet(() => {
      if (!hasHappened) run()
      hasHappened = true
    })
  }
  const closing = (run: () => void): void => {
    if (lastMs >= startMs && lastMs < startMs + closesUntilMs) whenQuiet(run)
  }
  /** What an answer, the so many-th of its connection, brings about. */
  const effects: Readonly<Record<Fault, (client: Socket, count: number) => void>> = {
    none: () => {},
    restart: () => once(() => void restart()),
    silence: () => once(silence),
    'idle close': (client, count) => closing(() => answers.get(client) === count && client.destroy()),
    'connection close': (client, count) => count >= answersPerConnection && closing(() => client.end()),
  }
  const proxy = await startProxy({
    asked() {
      lastMs = performance.now()
    },
    answered(client) {
      lastMs = performance.now()
      // what belongs to opening a connection is no answer
      if (answered() === answeredBefore) return
      answeredBefore = answered()
      const count = (answers.get(client) ?? 0) + 1
      answers.set(client, count)
      effects[fault](client, count)
    },
  })
  return {
    proxy,
    begin(count) {
      startMs = performance.now()
      answered = count
      answeredBefore = count()
    },
  }
}
