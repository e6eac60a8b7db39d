import { expect, test } from 'vitest'
import { createReadings } from '../../src/audit/readings.ts'

const name = 'reads return what was written'

test('nothing was read, so nothing was examined', () => {
  expect(createReadings().finding()).toEqual({ name, status: 'skipped', examined: 0, violations: 0 })
})

test('reads that return what was written pass', () => {
  const readings = createReadings()
  readings.right()
  readings.right()
  expect(readings.finding()).toEqual({ name, status: 'passed', examined: 2, violations: 0 })
})

test('one wrong read fails; the first one is named, and only that one described', () => {
  const readings = createReadings()
  const described: number[] = []
  const wrong = (key: number): void =>
    readings.wrong(() => {
      described.push(key)
      return `key ${key} has the value of key 9`
    })
  readings.right()
  wrong(3)
  wrong(4)
  const message = 'key 3 has the value of key 9'
  expect(readings.finding()).toEqual({ name, status: 'failed', examined: 3, violations: 2, message })
  expect(described).toEqual([3])
})
