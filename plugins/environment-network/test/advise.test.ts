import { expect, test } from 'vitest'
import { advise } from '../src/advise.ts'
import { settingsOf } from '../src/settings.ts'
import { contextOf } from './support/context.ts'
import { settings, untuned } from './support/machine.ts'

const advised = async (root: string, options: Record<string, unknown> = {}) =>
  advise(contextOf({ root, ...options }))

const tuned = Object.fromEntries(settingsOf({}).map(({ key, wanted }) => [key, wanted]))

test('a value below what is wanted comes with the reason, the command, and what would be set', async () => {
  const [first, ...others] = await advised(await settings())
  expect(first).toEqual({
    what: 'net.core.somaxconn is 4096, not at least 65535',
    why: 'the queue of connections that a local server has yet to accept is cut to it; once it is full, a connection takes a second longer',
    how: expect.stringMatching(/^(sudo )?sysctl -w net\.core\.somaxconn=65535$/) as string,
    state: 'note',
    change: { setting: 'net.core.somaxconn', from: '4096', to: '65535', isAsked: false },
  })
  expect(others).toHaveLength(6)
})

test('a machine that is tuned, or better than that, needs no advice', async () => {
  expect(await advised(await settings({ ...tuned, 'net.core.somaxconn': '1000000' }))).toEqual([])
})

test('a range is quoted, as a shell needs it', async () => {
  const all = await advised(await settings())
  expect(all.map(({ how }) => how)).toContainEqual(
    expect.stringMatching(/sysctl -w net\.ipv4\.ip_local_port_range="10000 65535"$/),
  )
})

test('what is asked for is marked: all of it, or what is listed', async () => {
  const root = await settings()
  const asked = async (apply: unknown) =>
    (await advised(root, { apply })).flatMap(({ change }) => (change?.isAsked ? change.setting : []))
  expect(await asked(true)).toHaveLength(7)
  expect(await asked(['net.core.rmem_max'])).toEqual(['net.core.rmem_max'])
})

test('the congestion control is compared only where one is wanted', async () => {
  const root = await settings({ 'net.ipv4.tcp_congestion_control': 'cubic' })
  expect(await advised(root)).toEqual([])
  expect(await advised(root, { congestionControl: 'bbr' })).toMatchObject([
    { what: 'net.ipv4.tcp_congestion_control is cubic, not bbr' },
  ])
})

test('nothing is said of what cannot be read or understood', async () => {
  expect(await advised('/nonexistent/root')).toEqual([])
  const root = await settings(Object.fromEntries(Object.keys(untuned).map((key) => [key, 'broken value ?'])))
  expect(await advised(root, { congestionControl: 'bbr' })).toEqual([])
})
