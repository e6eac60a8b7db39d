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

export const c2d = family(
  'gcp',
  'https://cloud.google.com/compute/docs/compute-optimized-machines',
  '2026-11-28',
  [
    ['c2d-standard-2', 2, 8],
    ['c2d-standard-4', 4, 16],
    ['c2d-standard-8', 8, 32],
    ['c2d-standard-16', 16, 64],
    ['c2d-standard-32', 32, 128],
    ['c2d-standard-56', 56, 224],
    ['c2d-standard-112', 112, 448],
    ['c2d-highmem-2', 2, 16],
    ['c2d-highmem-4', 4, 32],
    ['c2d-highmem-8', 8, 64],
    ['c2d-highmem-16', 16, 128],
    ['c2d-highmem-32', 32, 256],
    ['c2d-highmem-56', 56, 448],
    ['c2d-highmem-112', 112, 896],
    ['c2d-highcpu-2', 2, 4],
    ['c2d-highcpu-4', 4, 8],
    ['c2d-highcpu-8', 8, 16],
    ['c2d-highcpu-16', 16, 32],
    ['c2d-highcpu-32', 32, 64],
    ['c2d-highcpu-56', 56, 112],
    ['c2d-highcpu-112', 112, 224],
  ],
)

export const h3 = family(
  'gcp',
  'https://cloud.google.com/compute/docs/compute-optimized-machines',
  '2026-11-28',
  [['h3-standard-88', 88, 352]],
)
