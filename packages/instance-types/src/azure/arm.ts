import { family } from '../family.ts'

export const dpsv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dpsv5-series',
  '2026-11-28',
  [
    ['Standard_D2ps_v5', 2, 8],
    ['Standard_D4ps_v5', 4, 16],
    ['Standard_D8ps_v5', 8, 32],
    ['Standard_D16ps_v5', 16, 64],
    ['Standard_D32ps_v5', 32, 128],
    ['Standard_D48ps_v5', 48, 192],
    ['Standard_D64ps_v5', 64, 256],
  ],
)

export const dplsv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dplsv5-series',
  '2026-11-28',
  [
    ['Standard_D2pls_v5', 2, 4],
    ['Standard_D4pls_v5', 4, 8],
    ['Standard_D8pls_v5', 8, 16],
    ['Standard_D16pls_v5', 16, 32],
    ['Standard_D32pls_v5', 32, 64],
    ['Standard_D48pls_v5', 48, 96],
    ['Standard_D64pls_v5', 64, 128],
  ],
)

export const epsv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/epsv5-series',
  '2026-11-28',
  [
    ['Standard_E2ps_v5', 2, 16],
    ['Standard_E4ps_v5', 4, 32],
    ['Standard_E8ps_v5', 8, 64],
    ['Standard_E16ps_v5', 16, 128],
    ['Standard_E20ps_v5', 20, 160],
    ['Standard_E32ps_v5', 32, 256],
  ],
)
