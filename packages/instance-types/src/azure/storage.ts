import { family } from '../family.ts'

export const lsv2 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/storage-optimized/lsv2-series',
  '2026-11-28',
  [
    ['Standard_L8s_v2', 8, 64],
    ['Standard_L16s_v2', 16, 128],
    ['Standard_L32s_v2', 32, 256],
    ['Standard_L48s_v2', 48, 384],
    ['Standard_L64s_v2', 64, 512],
    ['Standard_L80s_v2', 80, 640],
  ],
)

export const lsv3 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/storage-optimized/lsv3-series',
  '2026-11-28',
  [
    ['Standard_L8s_v3', 8, 64],
    ['Standard_L16s_v3', 16, 128],
    ['Standard_L32s_v3', 32, 256],
    ['Standard_L48s_v3', 48, 384],
    ['Standard_L64s_v3', 64, 512],
    ['Standard_L80s_v3', 80, 640],
  ],
)

export const lasv3 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/storage-optimized/lasv3-series',
  '2026-11-28',
  [
    ['Standard_L8as_v3', 8, 64],
    ['Standard_L16as_v3', 16, 128],
    ['Standard_L32as_v3', 32, 256],
    ['Standard_L48as_v3', 48, 384],
    ['Standard_L64as_v3', 64, 512],
    ['Standard_L80as_v3', 80, 640],
  ],
)
