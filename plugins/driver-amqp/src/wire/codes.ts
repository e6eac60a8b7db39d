/** The descriptors that a client meets: AMQP 1.0, parts 2, 3 and 5. */
export const codes = {
  open: 0x10,
  begin: 0x11,
  attach: 0x12,
  flow: 0x13,
  transfer: 0x14,
  disposition: 0x15,
  detach: 0x16,
  end: 0x17,
  close: 0x18,
  error: 0x1d,
  received: 0x23,
  accepted: 0x24,
  rejected: 0x25,
  released: 0x26,
  modified: 0x27,
  source: 0x28,
  target: 0x29,
  saslMechanisms: 0x40,
  saslInit: 0x41,
  saslChallenge: 0x42,
  saslResponse: 0x43,
  saslOutcome: 0x44,
  header: 0x70,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  sequence: 0x76,
  value: 0x77,
  footer: 0x78,
} as const

/** A peer may write names in place of numbers. */
const numbers: ReadonlyMap<string, number> = new Map([
  ...(
    [
      'open',
      'begin',
      'attach',
      'flow',
      'transfer',
      'disposition',
      'detach',
      'end',
      'close',
      'error',
      'received',
      'accepted',
      'rejected',
      'released',
      'modified',
      'source',
      'target',
      'header',
      'properties',
    ] as const
  ).map((name) => [`amqp:${name}:list`, codes[name]] as const),
  ['amqp:sasl-mechanisms:list', codes.saslMechanisms],
  ['amqp:sasl-challenge:list', codes.saslChallenge],
  ['amqp:sasl-outcome:list', codes.saslOutcome],
  ['amqp:delivery-annotations:map', 0x71],
  ['amqp:message-annotations:map', 0x72],
  ['amqp:application-properties:map', codes.applicationProperties],
  ['amqp:data:binary', codes.data],
  ['amqp:amqp-sequence:list', codes.sequence],
  ['amqp:amqp-value:*', codes.value],
  ['amqp:footer:map', codes.footer],
])

/** The number of a descriptor; -1 for one that this side does not know. */
export function codeOf(descriptor: unknown): number {
  if (typeof descriptor === 'number') return descriptor
  return typeof descriptor === 'string' ? (numbers.get(descriptor) ?? -1) : -1
}
