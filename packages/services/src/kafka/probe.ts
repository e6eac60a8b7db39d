import type { Probe } from '../definition.ts'
import { ask } from '../machine/ask.ts'

const correlation = 7
/**
 * Asks for the brokers of the cluster and for no topic: Metadata, version 1. A broker that has not joined its cluster yet
 * lists none.
 */
const request = Buffer.concat([
  // size, Metadata, version, correlation, length of the client id
  Buffer.from([0, 0, 0, 24, 0, 3, 0, 1, 0, 0, 0, correlation, 0, 10]),
  Buffer.from('cloudbench'),
  // no topics
  Buffer.alloc(4),
])
/** More than any cluster's description. */
const largestAnswerBytes = 1024 * 1024
const foreign: Probe = { usable: false, why: 'it is not speaking the Kafka protocol' }

/**
 * A broker that wants a password, is not ready, or is not Kafka at all is not usable, even if its port is open. One without
 * an anonymous listener on that port closes the connection.
 */
export async function probeKafka(port: number, timeoutMs: number): Promise<Probe> {
  return await ask(port, timeoutMs, { greeting: request, awaited: 'answer to Metadata', read })
}

function read(received: Buffer): Probe | undefined {
  if (received.length < 4) return undefined
  const sizeBytes = received.readInt32BE(0)
  if (sizeBytes < 8 || sizeBytes > largestAnswerBytes) return foreign
  if (received.length < 12) return undefined
  if (received.readInt32BE(4) !== correlation) return foreign
  if (received.length < 4 + sizeBytes) return undefined
  return received.readInt32BE(8) > 0 ? { usable: true } : { usable: false, why: 'it is not ready yet' }
}
