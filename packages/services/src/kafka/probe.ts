import type { Probe } from '../definition.ts'
import { ask } from '../machine/ask.ts'

export interface Login {
  readonly user: string
  readonly password: string
}

/** A request, and what its answer says: why the broker is not usable, or `undefined`. */
interface Step {
  readonly request: Buffer
  fault(answer: Buffer): string | undefined
}

const correlation = 7
/** More than any cluster's description. */
const largestAnswerBytes = 1024 * 1024
const foreign: Probe = { usable: false, why: 'it is not speaking the Kafka protocol' }

/**
 * Asks for the brokers of the cluster and for no topic: Metadata, version 1. A broker that has not joined its cluster yet
 * lists none.
 */
const metadata: Step = {
  request: requestOf(3, 1, Buffer.alloc(4)),
  fault: (answer) => (answer.readInt32BE(0) > 0 ? undefined : 'it is not ready yet'),
}

/** SaslHandshake, version 1, and SaslAuthenticate, version 0: their answers begin with an error code. */
function loginSteps({ user, password }: Login): readonly Step[] {
  const fault = (answer: Buffer) => (answer.readInt16BE(0) === 0 ? undefined : 'it refuses the user')
  const sizeOf = (text: string) => Buffer.from([0, 0, 0, Buffer.byteLength(text)])
  const credentials = `\0${user}\0${password}`
  return [
    { request: requestOf(17, 1, sizeOf('PLAIN').subarray(2), Buffer.from('PLAIN')), fault },
    { request: requestOf(36, 0, sizeOf(credentials), Buffer.from(credentials)), fault },
  ]
}

/**
 * A broker that wants another user, is not ready, or is not Kafka at all is not usable, even if its port is open. One that
 * wants a user closes the connection of a client without one.
 */
export async function probeKafka(port: number, timeoutMs: number, login?: Login): Promise<Probe> {
  const steps = [...(login ? loginSteps(login) : []), metadata]
  let taken = 0
  let at = 0
  return await ask(port, timeoutMs, {
    greeting: steps[0]!.request,
    awaited: 'answer to Metadata',
    read(received, send) {
      while (received.length - at >= 4) {
        const sizeBytes = received.readInt32BE(at)
        if (sizeBytes < 8 || sizeBytes > largestAnswerBytes) return foreign
        if (received.length - at >= 8 && received.readInt32BE(at + 4) !== correlation) return foreign
        if (received.length - at < 4 + sizeBytes) return undefined
        const why = steps[taken]!.fault(received.subarray(at + 8, at + 4 + sizeBytes))
        if (why !== undefined) return { usable: false, why }
        const next = steps[++taken]
        if (next === undefined) return { usable: true }
        at += 4 + sizeBytes
        send(next.request)
      }
      return undefined
    },
  })
}

function requestOf(key: number, version: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const client = Buffer.from('cloudbench')
  const head = Buffer.from([0, 0, 0, 0, 0, key, 0, version, 0, 0, 0, correlation, 0, client.length])
  head.writeInt32BE(head.length - 4 + client.length + body.length)
  return Buffer.concat([head, client, body])
}
