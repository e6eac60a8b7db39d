import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isValueOf, raised, settableKeys, settingsOf, type Setting } from '../src/settings.ts'

const all = settingsOf({ congestionControl: 'bbr' })
const settingOf = (key: string): Setting => all.find((setting) => setting.key === key)!

test('the settings of the specification are as it says', () => {
  expect(Object.fromEntries(all.map(({ key, wanted, rule }) => [key, `${rule} ${wanted}`]))).toMatchObject({
    'net.core.somaxconn': 'at least 65535',
    'net.ipv4.tcp_tw_reuse': 'exactly 1',
    'net.core.rmem_max': 'at least 26214400',
  })
})

test('every setting has a reason, and a value that is one', () => {
  for (const { key, wanted, reason } of all) {
    expect(reason).toMatch(/\w+ \w+.*[^.]$/)
    expect(isValueOf(key, wanted)).toBe(true)
  }
  expect(all.map(({ key }) => key).toSorted()).toEqual(settableKeys.toSorted())
})

test.each([
  ['net.core.somaxconn', '4096', '65535'],
  ['net.core.somaxconn', '65535', undefined],
  ['net.core.somaxconn', '100000', undefined],
  ['net.ipv4.tcp_tw_reuse', '0', '1'],
  ['net.ipv4.tcp_tw_reuse', '1', undefined],
  ['net.ipv4.tcp_tw_reuse', '2', '1'],
  ['net.ipv4.ip_local_port_range', '32768 60999', '10000 65535'],
  ['net.ipv4.ip_local_port_range', '1024 60999', '1024 65535'],
  ['net.ipv4.ip_local_port_range', '1024 65535', undefined],
  ['net.ipv4.tcp_congestion_control', 'cubic', 'bbr'],
  ['net.ipv4.tcp_congestion_control', 'bbr', undefined],
])('%s %s would be set to %s', (key, current, to) => {
  expect(raised(settingOf(key), current)).toBe(to)
})

test.each([
  ['net.core.somaxconn', ''],
  ['net.core.somaxconn', '-1'],
  ['net.core.somaxconn', 'many'],
  ['net.core.somaxconn', '1 2'],
  ['net.core.somaxconn', '1e9'],
  ['net.ipv4.tcp_tw_reuse', '3'],
  ['net.ipv4.ip_local_port_range', '60999 32768'],
  ['net.ipv4.ip_local_port_range', '0 70000'],
  ['net.ipv4.ip_local_port_range', '1024'],
  ['net.ipv4.tcp_congestion_control', 'bbr cubic'],
  ['net.ipv4.tcp_congestion_control', '../x'],
])('%s "%s" is no value, so nothing is set in its place', (key, current) => {
  expect(isValueOf(key, current)).toBe(false)
  expect(raised(settingOf(key), current)).toBeUndefined()
})

test('a number is never lowered, and setting it once is enough', () => {
  const numeric = all.filter(({ rule, wanted }) => rule === 'at least' && !wanted.includes(' '))
  fc.assert(
    fc.property(fc.constantFrom(...numeric), fc.nat({ max: 2 ** 32 - 1 }), (setting, current) => {
      const to = raised(setting, String(current))
      if (to === undefined) return
      expect(Number(to)).toBeGreaterThan(current)
      expect(raised(setting, to)).toBeUndefined()
    }),
  )
})

test('a range of ports keeps every port that it had', () => {
  const port = fc.integer({ min: 1, max: 65_535 })
  fc.assert(
    fc.property(port, port, (one, other) => {
      fc.pre(one !== other)
      const [low, high] = [Math.min(one, other), Math.max(one, other)]
      const setting = settingOf('net.ipv4.ip_local_port_range')
      const to = raised(setting, `${low} ${high}`) ?? `${low} ${high}`
      const [newLow = 0, newHigh = 0] = to.split(' ').map(Number)
      expect(newLow).toBeLessThanOrEqual(low)
      expect(newHigh).toBeGreaterThanOrEqual(high)
      expect(raised(setting, to)).toBeUndefined()
    }),
  )
})
