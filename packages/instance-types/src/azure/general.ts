import { family } from '../family.ts'

export const dv3 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dv3-series',
  '2026-11-28',
  [
    ['Standard_D2_v3', 2, 8],
    ['Standard_D4_v3', 4, 16],
    ['Standard_D8_v3', 8, 32],
    ['Standard_D16_v3', 16, 64],
    ['Standard_D32_v3', 32, 128],
    ['Standard_D48_v3', 48, 192],
    ['Standard_D64_v3', 64, 256],
  ],
)

export const dsv3 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dsv3-series',
  '2026-11-28',
  [
    ['Standard_D2s_v3', 2, 8],
    ['Standard_D4s_v3', 4, 16],
    ['Standard_D8s_v3', 8, 32],
    ['Standard_D16s_v3', 16, 64],
    ['Standard_D32s_v3', 32, 128],
    ['Standard_D48s_v3', 48, 192],
    ['Standard_D64s_v3', 64, 256],
  ],
)

export const dv4 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dv4-series',
  '2026-11-28',
  [
    ['Standard_D2_v4', 2, 8],
    ['Standard_D4_v4', 4, 16],
    ['Standard_D8_v4', 8, 32],
    ['Standard_D16_v4', 16, 64],
    ['Standard_D32_v4', 32, 128],
    ['Standard_D48_v4', 48, 192],
    ['Standard_D64_v4', 64, 256],
  ],
)

export const dsv4 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dsv4-series',
  '2026-11-28',
  [
    ['Standard_D2s_v4', 2, 8],
    ['Standard_D4s_v4', 4, 16],
    ['Standard_D8s_v4', 8, 32],
    ['Standard_D16s_v4', 16, 64],
    ['Standard_D32s_v4', 32, 128],
    ['Standard_D48s_v4', 48, 192],
    ['Standard_D64s_v4', 64, 256],
  ],
)

export const ddv4 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/ddv4-series',
  '2026-11-28',
  [
    ['Standard_D2d_v4', 2, 8],
    ['Standard_D4d_v4', 4, 16],
    ['Standard_D8d_v4', 8, 32],
    ['Standard_D16d_v4', 16, 64],
    ['Standard_D32d_v4', 32, 128],
    ['Standard_D48d_v4', 48, 192],
    ['Standard_D64d_v4', 64, 256],
  ],
)

export const ddsv4 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/ddsv4-series',
  '2026-11-28',
  [
    ['Standard_D2ds_v4', 2, 8],
    ['Standard_D4ds_v4', 4, 16],
    ['Standard_D8ds_v4', 8, 32],
    ['Standard_D16ds_v4', 16, 64],
    ['Standard_D32ds_v4', 32, 128],
    ['Standard_D48ds_v4', 48, 192],
    ['Standard_D64ds_v4', 64, 256],
  ],
)

export const dav4 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dav4-series',
  '2026-11-28',
  [
    ['Standard_D2a_v4', 2, 8],
    ['Standard_D4a_v4', 4, 16],
    ['Standard_D8a_v4', 8, 32],
    ['Standard_D16a_v4', 16, 64],
    ['Standard_D32a_v4', 32, 128],
    ['Standard_D48a_v4', 48, 192],
    ['Standard_D64a_v4', 64, 256],
    ['Standard_D96a_v4', 96, 384],
  ],
)

export const dasv4 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dasv4-series',
  '2026-11-28',
  [
    ['Standard_D2as_v4', 2, 8],
    ['Standard_D4as_v4', 4, 16],
    ['Standard_D8as_v4', 8, 32],
    ['Standard_D16as_v4', 16, 64],
    ['Standard_D32as_v4', 32, 128],
    ['Standard_D48as_v4', 48, 192],
    ['Standard_D64as_v4', 64, 256],
    ['Standard_D96as_v4', 96, 384],
  ],
)

export const dv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dv5-series',
  '2026-11-28',
  [
    ['Standard_D2_v5', 2, 8],
    ['Standard_D4_v5', 4, 16],
    ['Standard_D8_v5', 8, 32],
    ['Standard_D16_v5', 16, 64],
    ['Standard_D32_v5', 32, 128],
    ['Standard_D48_v5', 48, 192],
    ['Standard_D64_v5', 64, 256],
    ['Standard_D96_v5', 96, 384],
  ],
)

export const dsv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dsv5-series',
  '2026-11-28',
  [
    ['Standard_D2s_v5', 2, 8],
    ['Standard_D4s_v5', 4, 16],
    ['Standard_D8s_v5', 8, 32],
    ['Standard_D16s_v5', 16, 64],
    ['Standard_D32s_v5', 32, 128],
    ['Standard_D48s_v5', 48, 192],
    ['Standard_D64s_v5', 64, 256],
    ['Standard_D96s_v5', 96, 384],
  ],
)

export const ddv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/ddv5-series',
  '2026-11-28',
  [
    ['Standard_D2d_v5', 2, 8],
    ['Standard_D4d_v5', 4, 16],
    ['Standard_D8d_v5', 8, 32],
    ['Standard_D16d_v5', 16, 64],
    ['Standard_D32d_v5', 32, 128],
    ['Standard_D48d_v5', 48, 192],
    ['Standard_D64d_v5', 64, 256],
    ['Standard_D96d_v5', 96, 384],
  ],
)

export const ddsv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/ddsv5-series',
  '2026-11-28',
  [
    ['Standard_D2ds_v5', 2, 8],
    ['Standard_D4ds_v5', 4, 16],
    ['Standard_D8ds_v5', 8, 32],
    ['Standard_D16ds_v5', 16, 64],
    ['Standard_D32ds_v5', 32, 128],
    ['Standard_D48ds_v5', 48, 192],
    ['Standard_D64ds_v5', 64, 256],
    ['Standard_D96ds_v5', 96, 384],
  ],
)

export const dasv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dasv5-series',
  '2026-11-28',
  [
    ['Standard_D2as_v5', 2, 8],
    ['Standard_D4as_v5', 4, 16],
    ['Standard_D8as_v5', 8, 32],
    ['Standard_D16as_v5', 16, 64],
    ['Standard_D32as_v5', 32, 128],
    ['Standard_D48as_v5', 48, 192],
    ['Standard_D64as_v5', 64, 256],
    ['Standard_D96as_v5', 96, 384],
  ],
)

export const dadsv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dadsv5-series',
  '2026-11-28',
  [
    ['Standard_D2ads_v5', 2, 8],
    ['Standard_D4ads_v5', 4, 16],
    ['Standard_D8ads_v5', 8, 32],
    ['Standard_D16ads_v5', 16, 64],
    ['Standard_D32ads_v5', 32, 128],
    ['Standard_D48ads_v5', 48, 192],
    ['Standard_D64ads_v5', 64, 256],
    ['Standard_D96ads_v5', 96, 384],
  ],
)

export const dlsv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dlsv5-series',
  '2026-11-28',
  [
    ['Standard_D2ls_v5', 2, 4],
    ['Standard_D4ls_v5', 4, 8],
    ['Standard_D8ls_v5', 8, 16],
    ['Standard_D16ls_v5', 16, 32],
    ['Standard_D32ls_v5', 32, 64],
    ['Standard_D48ls_v5', 48, 96],
    ['Standard_D64ls_v5', 64, 128],
    ['Standard_D96ls_v5', 96, 192],
  ],
)

export const dldsv5 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dldsv5-series',
  '2026-11-28',
  [
    ['Standard_D2lds_v5', 2, 4],
    ['Standard_D4lds_v5', 4, 8],
    ['Standard_D8lds_v5', 8, 16],
    ['Standard_D16lds_v5', 16, 32],
    ['Standard_D32lds_v5', 32, 64],
    ['Standard_D48lds_v5', 48, 96],
    ['Standard_D64lds_v5', 64, 128],
    ['Standard_D96lds_v5', 96, 192],
  ],
)
