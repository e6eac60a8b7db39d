import { family } from '../family.ts'

export const ev3 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/ev3-series',
  '2026-11-28',
  [
    ['Standard_E2_v3', 2, 16],
    ['Standard_E4_v3', 4, 32],
    ['Standard_E8_v3', 8, 64],
    ['Standard_E16_v3', 16, 128],
    ['Standard_E20_v3', 20, 160],
    ['Standard_E32_v3', 32, 256],
    ['Standard_E48_v3', 48, 384],
    ['Standard_E64_v3', 64, 432],
  ],
)

export const esv3 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/esv3-series',
  '2026-11-28',
  [
    ['Standard_E2s_v3', 2, 16],
    ['Standard_E4s_v3', 4, 32],
    ['Standard_E8s_v3', 8, 64],
    ['Standard_E16s_v3', 16, 128],
    ['Standard_E20s_v3', 20, 160],
    ['Standard_E32s_v3', 32, 256],
    ['Standard_E48s_v3', 48, 384],
    ['Standard_E64s_v3', 64, 432],
  ],
)

export const ev4 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/ev4-series',
  '2026-11-28',
  [
    ['Standard_E2_v4', 2, 16],
    ['Standard_E4_v4', 4, 32],
    ['Standard_E8_v4', 8, 64],
    ['Standard_E16_v4', 16, 128],
    ['Standard_E20_v4', 20, 160],
    ['Standard_E32_v4', 32, 256],
    ['Standard_E48_v4', 48, 384],
    ['Standard_E64_v4', 64, 504],
  ],
)

export const esv4 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/esv4-series',
  '2026-11-28',
  [
    ['Standard_E2s_v4', 2, 16],
    ['Standard_E4s_v4', 4, 32],
    ['Standard_E8s_v4', 8, 64],
    ['Standard_E16s_v4', 16, 128],
    ['Standard_E20s_v4', 20, 160],
    ['Standard_E32s_v4', 32, 256],
    ['Standard_E48s_v4', 48, 384],
    ['Standard_E64s_v4', 64, 504],
  ],
)

export const edv4 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/edv4-series',
  '2026-11-28',
  [
    ['Standard_E2d_v4', 2, 16],
    ['Standard_E4d_v4', 4, 32],
    ['Standard_E8d_v4', 8, 64],
    ['Standard_E16d_v4', 16, 128],
    ['Standard_E20d_v4', 20, 160],
    ['Standard_E32d_v4', 32, 256],
    ['Standard_E48d_v4', 48, 384],
    ['Standard_E64d_v4', 64, 504],
  ],
)

export const edsv4 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/edsv4-series',
  '2026-11-28',
  [
    ['Standard_E2ds_v4', 2, 16],
    ['Standard_E4ds_v4', 4, 32],
    ['Standard_E8ds_v4', 8, 64],
    ['Standard_E16ds_v4', 16, 128],
    ['Standard_E20ds_v4', 20, 160],
    ['Standard_E32ds_v4', 32, 256],
    ['Standard_E48ds_v4', 48, 384],
    ['Standard_E64ds_v4', 64, 504],
  ],
)

export const eav4 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/eav4-series',
  '2026-11-28',
  [
    ['Standard_E2a_v4', 2, 16],
    ['Standard_E4a_v4', 4, 32],
    ['Standard_E8a_v4', 8, 64],
    ['Standard_E16a_v4', 16, 128],
    ['Standard_E20a_v4', 20, 160],
    ['Standard_E32a_v4', 32, 256],
    ['Standard_E48a_v4', 48, 384],
    ['Standard_E64a_v4', 64, 512],
    ['Standard_E96a_v4', 96, 672],
  ],
)

export const easv4 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/easv4-series',
  '2026-11-28',
  [
    ['Standard_E2as_v4', 2, 16],
    ['Standard_E4as_v4', 4, 32],
    ['Standard_E8as_v4', 8, 64],
    ['Standard_E16as_v4', 16, 128],
    ['Standard_E20as_v4', 20, 160],
    ['Standard_E32as_v4', 32, 256],
    ['Standard_E48as_v4', 48, 384],
    ['Standard_E64as_v4', 64, 512],
    ['Standard_E96as_v4', 96, 672],
  ],
)

export const ev5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/ev5-series',
  '2026-11-28',
  [
    ['Standard_E2_v5', 2, 16],
    ['Standard_E4_v5', 4, 32],
    ['Standard_E8_v5', 8, 64],
    ['Standard_E16_v5', 16, 128],
    ['Standard_E20_v5', 20, 160],
    ['Standard_E32_v5', 32, 256],
    ['Standard_E48_v5', 48, 384],
    ['Standard_E64_v5', 64, 512],
    ['Standard_E96_v5', 96, 672],
  ],
)

export const esv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/esv5-series',
  '2026-11-28',
  [
    ['Standard_E2s_v5', 2, 16],
    ['Standard_E4s_v5', 4, 32],
    ['Standard_E8s_v5', 8, 64],
    ['Standard_E16s_v5', 16, 128],
    ['Standard_E20s_v5', 20, 160],
    ['Standard_E32s_v5', 32, 256],
    ['Standard_E48s_v5', 48, 384],
    ['Standard_E64s_v5', 64, 512],
    ['Standard_E96s_v5', 96, 672],
  ],
)

export const edv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/edv5-series',
  '2026-11-28',
  [
    ['Standard_E2d_v5', 2, 16],
    ['Standard_E4d_v5', 4, 32],
    ['Standard_E8d_v5', 8, 64],
    ['Standard_E16d_v5', 16, 128],
    ['Standard_E20d_v5', 20, 160],
    ['Standard_E32d_v5', 32, 256],
    ['Standard_E48d_v5', 48, 384],
    ['Standard_E64d_v5', 64, 512],
    ['Standard_E96d_v5', 96, 672],
  ],
)

export const edsv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/edsv5-series',
  '2026-11-28',
  [
    ['Standard_E2ds_v5', 2, 16],
    ['Standard_E4ds_v5', 4, 32],
    ['Standard_E8ds_v5', 8, 64],
    ['Standard_E16ds_v5', 16, 128],
    ['Standard_E20ds_v5', 20, 160],
    ['Standard_E32ds_v5', 32, 256],
    ['Standard_E48ds_v5', 48, 384],
    ['Standard_E64ds_v5', 64, 512],
    ['Standard_E96ds_v5', 96, 672],
  ],
)

export const easv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/easv5-series',
  '2026-11-28',
  [
    ['Standard_E2as_v5', 2, 16],
    ['Standard_E4as_v5', 4, 32],
    ['Standard_E8as_v5', 8, 64],
    ['Standard_E16as_v5', 16, 128],
    ['Standard_E20as_v5', 20, 160],
    ['Standard_E32as_v5', 32, 256],
    ['Standard_E48as_v5', 48, 384],
    ['Standard_E64as_v5', 64, 512],
    ['Standard_E96as_v5', 96, 672],
  ],
)

export const eadsv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/eadsv5-series',
  '2026-11-28',
  [
    ['Standard_E2ads_v5', 2, 16],
    ['Standard_E4ads_v5', 4, 32],
    ['Standard_E8ads_v5', 8, 64],
    ['Standard_E16ads_v5', 16, 128],
    ['Standard_E20ads_v5', 20, 160],
    ['Standard_E32ads_v5', 32, 256],
    ['Standard_E48ads_v5', 48, 384],
    ['Standard_E64ads_v5', 64, 512],
    ['Standard_E96ads_v5', 96, 672],
  ],
)
