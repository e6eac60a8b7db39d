import { family } from '../family.ts'

export const f = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/compute-optimized/f-family',
  '2026-11-28',
  [
    ['Standard_F1', 1, 2],
    ['Standard_F2', 2, 4],
    ['Standard_F4', 4, 8],
    ['Standard_F8', 8, 16],
    ['Standard_F16', 16, 32],
  ],
)

export const fs = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/compute-optimized/f-family',
  '2026-11-28',
  [
    ['Standard_F1s', 1, 2],
    ['Standard_F2s', 2, 4],
    ['Standard_F4s', 4, 8],
    ['Standard_F8s', 8, 16],
    ['Standard_F16s', 16, 32],
  ],
)

export const fsv2 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/compute-optimized/fsv2-series',
  '2026-11-28',
  [
    ['Standard_F2s_v2', 2, 4],
    ['Standard_F4s_v2', 4, 8],
    ['Standard_F8s_v2', 8, 16],
    ['Standard_F16s_v2', 16, 32],
    ['Standard_F32s_v2', 32, 64],
    ['Standard_F48s_v2', 48, 96],
    ['Standard_F64s_v2', 64, 128],
    ['Standard_F72s_v2', 72, 144],
  ],
)
