import { family } from '../family.ts'

export const bv1 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/bv1-series',
  '2026-11-28',
  [
    ['Standard_B1ls', 1, 0.5, { baseline: 0.05, credits: 3 }],
    ['Standard_B1s', 1, 1, { baseline: 0.1, credits: 6 }],
    ['Standard_B1ms', 1, 2, { baseline: 0.2, credits: 12 }],
    ['Standard_B2s', 2, 4, { baseline: 0.2, credits: 24 }],
    ['Standard_B2ms', 2, 8, { baseline: 0.3, credits: 36 }],
    ['Standard_B4ms', 4, 16, { baseline: 0.225, credits: 54 }],
    ['Standard_B8ms', 8, 32, { baseline: 0.17, credits: 81 }],
    ['Standard_B12ms', 12, 48, { baseline: 0.17, credits: 121 }],
    ['Standard_B16ms', 16, 64, { baseline: 0.17, credits: 162 }],
    ['Standard_B20ms', 20, 80, { baseline: 0.17, credits: 202 }],
  ],
)

export const bsv2 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/bsv2-series',
  '2026-11-28',
  [
    ['Standard_B2ts_v2', 2, 1, { baseline: 0.2, credits: 24 }],
    ['Standard_B2ls_v2', 2, 4, { baseline: 0.3, credits: 36 }],
    ['Standard_B2s_v2', 2, 8, { baseline: 0.4, credits: 48 }],
    ['Standard_B4ls_v2', 4, 8, { baseline: 0.3, credits: 72 }],
    ['Standard_B4s_v2', 4, 16, { baseline: 0.4, credits: 96 }],
    ['Standard_B8ls_v2', 8, 16, { baseline: 0.3, credits: 144 }],
    ['Standard_B8s_v2', 8, 32, { baseline: 0.4, credits: 192 }],
    ['Standard_B16ls_v2', 16, 32, { baseline: 0.3, credits: 288 }],
    ['Standard_B16s_v2', 16, 64, { baseline: 0.4, credits: 384 }],
    ['Standard_B32ls_v2', 32, 64, { baseline: 0.3, credits: 576 }],
    ['Standard_B32s_v2', 32, 128, { baseline: 0.4, credits: 768 }],
  ],
)

export const basv2 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/basv2-series',
  '2026-11-28',
  [
    ['Standard_B2ats_v2', 2, 1, { baseline: 0.2, credits: 24 }],
    ['Standard_B2als_v2', 2, 4, { baseline: 0.3, credits: 36 }],
    ['Standard_B2as_v2', 2, 8, { baseline: 0.4, credits: 48 }],
    ['Standard_B4als_v2', 4, 8, { baseline: 0.3, credits: 72 }],
    ['Standard_B4as_v2', 4, 16, { baseline: 0.4, credits: 96 }],
    ['Standard_B8als_v2', 8, 16, { baseline: 0.3, credits: 144 }],
    ['Standard_B8as_v2', 8, 32, { baseline: 0.4, credits: 192 }],
    ['Standard_B16als_v2', 16, 32, { baseline: 0.3, credits: 288 }],
    ['Standard_B16as_v2', 16, 64, { baseline: 0.4, credits: 384 }],
    ['Standard_B32als_v2', 32, 64, { baseline: 0.3, credits: 576 }],
    ['Standard_B32as_v2', 32, 128, { baseline: 0.4, credits: 768 }],
  ],
)

export const bpsv2 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/bpsv2-series',
  '2026-11-28',
  [
    ['Standard_B2pts_v2', 2, 1, { baseline: 0.2, credits: 24 }],
    ['Standard_B2pls_v2', 2, 4, { baseline: 0.3, credits: 36 }],
    ['Standard_B2ps_v2', 2, 8, { baseline: 0.4, credits: 48 }],
    ['Standard_B4pls_v2', 4, 8, { baseline: 0.3, credits: 72 }],
    ['Standard_B4ps_v2', 4, 16, { baseline: 0.4, credits: 96 }],
    ['Standard_B8pls_v2', 8, 16, { baseline: 0.3, credits: 144 }],
    ['Standard_B8ps_v2', 8, 32, { baseline: 0.4, credits: 192 }],
    ['Standard_B16pls_v2', 16, 32, { baseline: 0.3, credits: 288 }],
    ['Standard_B16ps_v2', 16, 64, { baseline: 0.4, credits: 384 }],
  ],
)
