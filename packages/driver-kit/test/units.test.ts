import { expect, test } from 'vitest'
import { countOf, durationMsOf, shareOf, sizeBytesOf } from '../src/units.ts'

test.each([
  [
    shareOf,
    { '90%': 0.9, '0.25': 0.25, '0': 0, '100%': 1, '101%': undefined, '-1': undefined, many: undefined },
  ],
  [countOf, { '10': 10, '10k': 10_000, '2M': 2_000_000, '0': undefined, '1.5': undefined, '3x': undefined }],
  [
    sizeBytesOf,
    { '100': 100, '1KB': 1_000, '64KiB': 65_536, '0B': undefined, '0.5B': undefined, '1TB': undefined },
  ],
  [
    durationMsOf,
    { '500ms': 500, '5s': 5_000, '1m': 60_000, '20': 20, '0s': undefined, '5 parsecs': undefined },
  ],
] as const)('%o reads what people write, and nothing else', (read, examples) => {
  for (const [written, value] of Object.entries(examples)) expect(read(written), written).toBe(value)
})
