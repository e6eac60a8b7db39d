import { family } from '../family.ts'

export const dsv6 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dsv6-series',
  '2026-11-28',
  [
    ['Standard_D2s_v6', 2, 8],
    ['Standard_D4s_v6', 4, 16],
    ['Standard_D8s_v6', 8, 32],
    ['Standard_D16s_v6', 16, 64],
    ['Standard_D32s_v6', 32, 128],
    ['Standard_D48s_v6', 48, 192],
    ['Standard_D64s_v6', 64, 256],
    ['Standard_D96s_v6', 96, 384],
    ['Standard_D128s_v6', 128, 512],
  ],
)

export const ddsv6 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/ddsv6-series',
  '2026-11-28',
  [
    ['Standard_D2ds_v6', 2, 8],
    ['Standard_D4ds_v6', 4, 16],
    ['Standard_D8ds_v6', 8, 32],
    ['Standard_D16ds_v6', 16, 64],
    ['Standard_D32ds_v6', 32, 128],
    ['Standard_D48ds_v6', 48, 192],
    ['Standard_D64ds_v6', 64, 256],
    ['Standard_D96ds_v6', 96, 384],
    ['Standard_D128ds_v6', 128, 512],
  ],
)

export const dlsv6 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dlsv6-series',
  '2026-11-28',
  [
    ['Standard_D2ls_v6', 2, 4],
    ['Standard_D4ls_v6', 4, 8],
    ['Standard_D8ls_v6', 8, 16],
    ['Standard_D16ls_v6', 16, 32],
    ['Standard_D32ls_v6', 32, 64],
    ['Standard_D48ls_v6', 48, 96],
    ['Standard_D64ls_v6', 64, 128],
    ['Standard_D96ls_v6', 96, 192],
    ['Standard_D128ls_v6', 128, 256],
  ],
)

export const dasv6 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dasv6-series',
  '2026-11-28',
  [
    ['Standard_D2as_v6', 2, 8],
    ['Standard_D4as_v6', 4, 16],
    ['Standard_D8as_v6', 8, 32],
    ['Standard_D16as_v6', 16, 64],
    ['Standard_D32as_v6', 32, 128],
    ['Standard_D48as_v6', 48, 192],
    ['Standard_D64as_v6', 64, 256],
    ['Standard_D96as_v6', 96, 384],
  ],
)

export const dadsv6 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dadsv6-series',
  '2026-11-28',
  [
    ['Standard_D2ads_v6', 2, 8],
    ['Standard_D4ads_v6', 4, 16],
    ['Standard_D8ads_v6', 8, 32],
    ['Standard_D16ads_v6', 16, 64],
    ['Standard_D32ads_v6', 32, 128],
    ['Standard_D48ads_v6', 48, 192],
    ['Standard_D64ads_v6', 64, 256],
    ['Standard_D96ads_v6', 96, 384],
  ],
)

export const dalsv6 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/general-purpose/dalsv6-series',
  '2026-11-28',
  [
    ['Standard_D2als_v6', 2, 4],
    ['Standard_D4als_v6', 4, 8],
    ['Standard_D8als_v6', 8, 16],
    ['Standard_D16als_v6', 16, 32],
    ['Standard_D32als_v6', 32, 64],
    ['Standard_D48als_v6', 48, 96],
    ['Standard_D64als_v6', 64, 128],
    ['Standard_D96als_v6', 96, 192],
  ],
)

export const esv6 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/esv6-series',
  '2026-11-28',
  [
    ['Standard_E2s_v6', 2, 16],
    ['Standard_E4s_v6', 4, 32],
    ['Standard_E8s_v6', 8, 64],
    ['Standard_E16s_v6', 16, 128],
    ['Standard_E20s_v6', 20, 160],
    ['Standard_E32s_v6', 32, 256],
    ['Standard_E48s_v6', 48, 384],
    ['Standard_E64s_v6', 64, 512],
  ],
)

export const easv6 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/memory-optimized/easv6-series',
  '2026-11-28',
  [
    ['Standard_E2as_v6', 2, 16],
    ['Standard_E4as_v6', 4, 32],
    ['Standard_E8as_v6', 8, 64],
    ['Standard_E16as_v6', 16, 128],
    ['Standard_E20as_v6', 20, 160],
    ['Standard_E32as_v6', 32, 256],
    ['Standard_E48as_v6', 48, 384],
    ['Standard_E64as_v6', 64, 512],
    ['Standard_E96as_v6', 96, 672],
  ],
)

export const fasv6 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/compute-optimized/fasv6-series',
  '2026-11-28',
  [
    ['Standard_F2as_v6', 2, 8],
    ['Standard_F4as_v6', 4, 16],
    ['Standard_F8as_v6', 8, 32],
    ['Standard_F16as_v6', 16, 64],
    ['Standard_F32as_v6', 32, 128],
    ['Standard_F48as_v6', 48, 192],
    ['Standard_F64as_v6', 64, 256],
  ],
)

export const falsv6 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/compute-optimized/falsv6-series',
  '2026-11-28',
  [
    ['Standard_F2als_v6', 2, 4],
    ['Standard_F4als_v6', 4, 8],
    ['Standard_F8als_v6', 8, 16],
    ['Standard_F16als_v6', 16, 32],
    ['Standard_F32als_v6', 32, 64],
    ['Standard_F48als_v6', 48, 96],
    ['Standard_F64als_v6', 64, 128],
  ],
)

export const famsv6 = family(
  'azure',
  'https://learn.microsoft.com/azure/virtual-machines/sizes/compute-optimized/famsv6-series',
  '2026-11-28',
  [
    ['Standard_F2ams_v6', 2, 16],
    ['Standard_F4ams_v6', 4, 32],
    ['Standard_F8ams_v6', 8, 64],
    ['Standard_F16ams_v6', 16, 128],
    ['Standard_F32ams_v6', 32, 256],
    ['Standard_F48ams_v6', 48, 384],
    ['Standard_F64ams_v6', 64, 512],
  ],
)
