import { parseOptions } from '@cloudbench/core/program'
import { expect, test } from 'vitest'
import { options } from '../src/options.ts'

const read = (written: Parameters<typeof parseOptions>[2]) => parseOptions('prometheus', options, written)

test.each([
  [9464, { host: '127.0.0.1', port: 9464 }],
  ['9464', { host: '127.0.0.1', port: 9464 }],
  ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
  ['localhost:9464', { host: 'localhost', port: 9464 }],
  ['[::1]:0', { host: '::1', port: 0 }],
])('listen %j', async (listen, address) => {
  expect(await read({ listen })).toMatchObject({ listen: address })
})

test.each([
  [
    { listen: ':9464' },
    'option "listen": ":9464" is neither a port nor host:port, such as 9464 or 0.0.0.0:9464',
  ],
  [{ listen: 65_536 }, 'option "listen": 65536 is neither a port nor host:port'],
  [{ labels: { flow: 'x' } }, 'option "labels.flow": is the name of a label that cloudbench writes itself'],
  [
    { labels: { 'a-b': 'x' } },
    'option "labels.a-b": is no name for a label: letters, digits and _, no digit first',
  ],
  [{ pushgateway: 'localhost:9091' }, 'option "pushgateway": is no http:// or https:// URL'],
  [
    { pushgateway: 'http://a/?b' },
    'option "pushgateway": has a query or a fragment, which a Pushgateway does not',
  ],
  [{ linger: '1m' }, 'option "linger": must be at most 25'],
])('%j is refused', async (written, says) => {
  await expect(read(written)).rejects.toThrow(says)
})
