import { connect } from 'node:net'
import type { Probe } from '../definition.ts'

/**
 * Asks for the brokers of the cluster and for no topic: Metadata, version 1. A broker that has not joined its cluster yet
 * lists none.
 */
const request = Buffer.from([
  // size
  0,
  0,
  0,
  24,
  // Metadata, version 1
  0,
  3,
  0,
  1,
  // correlation
  0,
  0,
  0,
  7,
  // who asks
  0,
  10,
  ...Buffer.from('cloudbench'),
  // no topics
  0,
  0,
  0,
  0,
])
const correlation = 7
/** More than any cluster's description. */
const largestAnswerBytes = 1024 * 1024
const foreign: Probe = { usable: false, why: 'it is not speaking the Kafka protocol' }

/** A broker that wants a password, is not ready, or is not Kafka at all is not usable, even if its port is open. */
export async function probeKafka(port: number, timeoutMs: number): Promise<Probe> {
  const { promise, resolve } = Promise.withResolvers<Probe>()
  const socket = connect({ host: '127.0.0.1', port })
  const timer = setTimeout(
    () => resolve({ usable: false, why: `no answer to Metadata within ${timeoutMs} ms` }),
    timeoutMs,
  )
  let received = Buffer.alloc(0)
  socket.on('connect', () => socket.write(request))
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    const probe = readAnswer(received)
    if (probe) resolve(probe)
  })
  socket.on('error', (error) => resolve({ usable: false, why: error.message }))
  // A broker without an anonymous listener on that port does this too.
  socket.on('close', () => resolve({ usable: false, why: 'the connection was closed without an answer' }))
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

/** `undefined`: the answer is not complete yet. */
function readAnswer(received: Buffer): Probe | undefined {
  if (received.length < 4) return undefined
  const sizeBytes = received.readInt32BE(0)
  if (sizeBytes < 8 || sizeBytes > largestAnswerBytes) return foreign
  if (received.length < 12) return undefined
  if (received.readInt32BE(4) !== correlation) return foreign
  if (received.length < 4 + sizeBytes) return undefined
  return received.readInt32BE(8) > 0 ? { usable: true } : { usable: false, why: 'it is not ready yet' }
}
