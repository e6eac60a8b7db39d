import { expect, test } from 'vitest'
import driver from '../src/index.ts'

test('needs no server: its target is the worker itself', async () => {
  const { target, close } = await driver.loopback!({})
  expect(target).toBe('micro:')
  await close()
})
