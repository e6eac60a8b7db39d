import { randomBytes } from 'node:crypto'

/** A random id of a new cluster. It never begins with `-`, which Kafka's tools would take for an option. */
export function clusterId(bytes: Uint8Array = randomBytes(16)): string {
  // base64url takes its first letter from the first six bits; `-` is 62, out of reach without the topmost bit
  return Buffer.from([bytes[0]! & 0x7f, ...bytes.subarray(1)]).toString('base64url')
}
