import { family } from '../family.ts'

export const dv2 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dv2-series',
  '2026-11-28',
  [
    ['Standard_D1_v2', 1, 3.5],
    ['Standard_D2_v2', 2, 7],
    ['Standard_D3_v2', 4, 14],
    ['Standard_D4_v2', 8, 28],
    ['Standard_D5_v2', 16, 56],
  ],
)

export const dv2Memory = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/dv2-series-memory',
  '2026-11-28',
  [
    ['Standard_D11_v2', 2, 14],
    ['Standard_D12_v2', 4, 28],
    ['Standard_D13_v2', 8, 56],
    ['Standard_D14_v2', 16, 112],
    ['Standard_D15_v2', 20, 140],
  ],
)

export const dsv2 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dsv2-series',
  '2026-11-28',
  [
    ['Standard_DS1_v2', 1, 3.5],
    ['Standard_DS2_v2', 2, 7],
    ['Standard_DS3_v2', 4, 14],
    ['Standard_DS4_v2', 8, 28],
    ['Standard_DS5_v2', 16, 56],
  ],
)

export const dsv2Memory = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/dsv2-series-memory',
  '2026-11-28',
  [
    ['Standard_DS11_v2', 2, 14],
    ['Standard_DS12_v2', 4, 28],
    ['Standard_DS13_v2', 8, 56],
    ['Standard_DS14_v2', 16, 112],
    ['Standard_DS15_v2', 20, 140],
  ],
)

export const av2 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/av2-series',
  '2026-11-28',
  [
    ['Standard_A1_v2', 1, 2],
    ['Standard_A2_v2', 2, 4],
    ['Standard_A4_v2', 4, 8],
    ['Standard_A8_v2', 8, 16],
    ['Standard_A2m_v2', 2, 16],
    ['Standard_A4m_v2', 4, 32],
    ['Standard_A8m_v2', 8, 64],
  ],
)
