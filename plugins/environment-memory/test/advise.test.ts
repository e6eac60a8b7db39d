import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { advise } from '../src/advise.ts'

async function advised(meminfo: string) {
  const { root } = await machineTree({ 'proc/meminfo': meminfo })
  return advise(root)
}

test('a machine with memory to spare and without swap needs no advice', async () => {
  expect(await advised('MemTotal: 1000000 kB\nMemAvailable: 100000 kB\nSwapTotal: 0 kB\n')).toEqual([])
})

test('memory that is scarce is doubtful', async () => {
  const [one] = await advised('MemTotal: 1000000 kB\nMemAvailable: 99999 kB\nSwapTotal: 0 kB\n')
  expect(one).toMatchObject({ what: '102 of 1024 MB of memory are available' })
  expect(one?.state).toBeUndefined()
})

test('swap is worth a note', async () => {
  expect(await advised('MemTotal: 1000 kB\nMemAvailable: 900 kB\nSwapTotal: 2000000 kB\n')).toMatchObject([
    { what: 'swap is on: 2048 MB', state: 'note' },
  ])
})

test('nothing is said of what cannot be read', async () => {
  expect(await advise('/nonexistent/root')).toEqual([])
  expect(await advised('MemTotal: many kB\nMemAvailable: -1 kB\nSwapTotal:\n')).toEqual([])
})
