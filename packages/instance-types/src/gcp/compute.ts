import { family } from '../family.ts'

export const c2 = family(
  'gcp',
  'https://cloud.google.com/compute/docs/compute-optimized-machines',
  '2026-11-28',
  [
    ['c2-standard-4', 4, 16],
    ['c2-standard-8', 8, 32],
    ['c2-standard-16', 16, 64],
    ['c2-standard-30', 30, 120],
    ['c2-standard-60', 60, 240],
  ],
)
