import { createServer } from 'node:net'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { createBehaviour, serveLoopback, type Behaviour } from '@cloudbench/driver-kit/loopback'
import { createMemoryBroker, type MemoryBroker } from './broker.ts'
import { serve } from './connection.ts'
import type { Admission } from './request.ts'

/** Starts a broker on loopback that speaks as much of Kafka's protocol as this driver, and keeps topics in memory. */
export function loopback({ failureRate = 0, advertisedPort, ...timing }: LoopbackOptions): Promise<Loopback> {
  const failing = createBehaviour({ failureRate })
  return serveLoopback(timing, (pace) => {
    let broker: MemoryBroker
    return {
      server: createServer((socket) => serve(socket, broker)),
      target(port) {
        const address = { host: '127.0.0.1', port: advertisedPort ?? port }
        broker = createMemoryBroker(address, admission(pace, failing))
        return `kafka://127.0.0.1:${port}`
      },
    }
  })
}

/** A batch takes as long as all its messages, and fails as a whole. */
function admission(pace: Behaviour, failing: Behaviour): Admission {
  return (messages, admitted) => {
    let isFailure = false
    failing.admit((decided) => {
      isFailure = decided
    })
    for (let left = messages; left > 1; left--) pace.admit(() => {})
    pace.admit(() => admitted(isFailure))
  }
}
