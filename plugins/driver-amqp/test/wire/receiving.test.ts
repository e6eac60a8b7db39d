import rhea from 'rhea'
import { expect, test } from 'vitest'
import { Fields } from '../../src/wire/fields.ts'
import { headBytes } from '../../src/wire/frame.ts'
import { Inlet, Receiving } from '../../src/wire/receiving.ts'
import { Session } from '../../src/wire/session.ts'
import { MemoryOutput, peerFrame } from '../fixtures/wire.ts'

function setUp(keptCredit = 0) {
  const output = new MemoryOutput()
  const session = new Session(output)
  const bodies: string[] = []
  const receiving = new Receiving(output, session, {
    message: (receiver, { bytes, start, end }) =>
      void bodies.push(`${receiver} ${bytes.toString('latin1', start, end)}`),
  })
  const inlets = [new Inlet(0, 0, keptCredit), new Inlet(1, 1, keptCredit)]
  const fields = new Fields()
  /** Takes a frame in, as the connection does. */
  const transfer = (handle: 0 | 1, given: object, payload: Buffer): void => {
    const bytes = peerFrame('transfer', { handle, ...given }, payload)
    fields.enter(bytes, headBytes, bytes.length)
    fields.uint(0)
    receiving.transfer(inlets[handle]!, fields, bytes, bytes.length)
  }
  return { output, session, receiving, inlets, bodies, transfer }
}

const message = (text: string): Buffer =>
  rhea.message.encode({ body: rhea.message.data_section(Buffer.from(text)) })

const accepted = (output: MemoryOutput): readonly unknown[] =>
  output.takeFrames().map(({ performative }) => [performative!['first'], performative!['last']])

test('what a read has brought is accepted in ranges, whichever link it came on', () => {
  const { output, receiving, bodies, transfer } = setUp()
  transfer(0, { delivery_id: 7 }, message('a'))
  transfer(1, { delivery_id: 8 }, message('b'))
  transfer(0, { delivery_id: 9, settled: true }, message('c'))
  transfer(0, { delivery_id: 10 }, message('d'))
  receiving.flush()
  expect(accepted(output)).toEqual([
    [7, 8],
    [10, 10],
  ])
  receiving.flush()
  expect(output.take()).toHaveLength(0)
  expect(bodies).toEqual(['0 a', '1 b', '0 c', '0 d'])
})

test('rhea reads an acceptance', () => {
  const { output, receiving, transfer } = setUp()
  transfer(0, { delivery_id: 4_294_967_295 }, message('a'))
  transfer(0, { delivery_id: 0 }, message('b'))
  receiving.flush()
  const [{ performative }] = output.takeFrames() as never as [{ performative: Record<string, unknown> }]
  expect(performative).toMatchObject({ role: true, first: 4_294_967_295, last: 0, settled: true })
  expect(rhea.message.is_accepted(performative['state'] as never)).toBe(true)
})

test('a message in several frames is put together, while another link goes on', () => {
  const { output, receiving, bodies, transfer } = setUp()
  const whole = message('in three parts')
  transfer(0, { delivery_id: 0, more: true }, whole.subarray(0, 5))
  transfer(1, { delivery_id: 1 }, message('whole'))
  transfer(0, { more: true }, whole.subarray(5, 5))
  transfer(0, { delivery_id: 0 }, whole.subarray(5))
  receiving.flush()
  expect(bodies).toEqual(['1 whole', '0 in three parts'])
  // the later one came first, so no range
  expect(accepted(output)).toEqual([
    [1, 1],
    [0, 0],
  ])
})

test('a message that the peer gives up is none', () => {
  const { output, receiving, bodies, transfer } = setUp()
  transfer(0, { delivery_id: 0, more: true }, message('never').subarray(0, 5))
  transfer(0, { aborted: true }, Buffer.alloc(0))
  transfer(0, { delivery_id: 1 }, message('next'))
  receiving.flush()
  expect(bodies).toEqual(['0 next'])
  expect(accepted(output)).toEqual([[1, 1]])
})

test('credit is given, and given again when a quarter is used up', () => {
  const { output, session, receiving, inlets, transfer } = setUp(8)
  receiving.addCredit(inlets[1]!, 8)
  const flows = () => output.takeFrames().map(({ performative }) => performative!)
  expect(flows()).toMatchObject([{ handle: 1, link_credit: 8, delivery_count: 0, next_incoming_id: 0 }])
  transfer(1, { delivery_id: 0, settled: true }, message('a'))
  expect(flows()).toEqual([])
  transfer(1, { delivery_id: 1, settled: true }, message('b'))
  expect(flows()).toMatchObject([{ handle: 1, link_credit: 8, delivery_count: 2, next_incoming_id: 2 }])
  expect(session.nextIncoming).toBe(2)
})

test.each<[string, (transfer: ReturnType<typeof setUp>['transfer']) => void, RegExp]>([
  ['without a number', (transfer) => transfer(0, {}, message('a')), /without a delivery number/],
  [
    'out of turn',
    (transfer) => {
      transfer(0, { delivery_id: 5 }, message('a'))
      transfer(0, { delivery_id: 7 }, message('b'))
    },
    /delivery 7, when delivery 6 comes next/,
  ],
  [
    'in the middle of another',
    (transfer) => {
      transfer(0, { delivery_id: 0, more: true }, message('a'))
      transfer(0, { delivery_id: 1 }, message('b'))
    },
    /delivery 1, when delivery 0 is not complete/,
  ],
  ['that is no message', (transfer) => transfer(0, { delivery_id: 0 }, Buffer.from('?')), /no section/],
])('a message %s is refused', (_, act, expected) => {
  const { transfer } = setUp()
  expect(() => act(transfer)).toThrow(expected)
})

test('a message that never ends is refused before it fills the memory', () => {
  const { transfer } = setUp()
  const piece = Buffer.alloc(16 * 1_048_576)
  transfer(0, { delivery_id: 0, more: true }, piece)
  expect(() => {
    for (let count = 0; count < 16; count++) transfer(0, { more: true }, piece)
  }).toThrow(/a message of more than \d+ B/)
})
