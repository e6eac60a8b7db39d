import { expect, test } from 'vitest'
import { clientOption } from '../../src/index.ts'

const client = clientOption({ wire: {}, acme: { package: 'acme-client' } })

test('the first client is the default, and any other has to be one of them', () => {
  expect(client.parse(undefined)).toBe('wire')
  expect(client.parse('acme')).toBe('acme')
  expect(client.safeParse('acme-client').error?.issues[0]?.message).toMatch(/"wire"\|"acme"/)
})
