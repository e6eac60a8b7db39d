import { family } from '../family.ts'

export const i3 = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/so.html',
  '2026-11-28',
  [
    ['i3.large', 2, 15.25, { gbps: [0.75, 10] }],
    ['i3.xlarge', 4, 30.5, { gbps: [1.25, 10] }],
    ['i3.2xlarge', 8, 61, { gbps: [2.5, 10] }],
    ['i3.4xlarge', 16, 122, { gbps: [5, 10] }],
    ['i3.8xlarge', 32, 244, { gbps: 10 }],
    ['i3.16xlarge', 64, 488, { gbps: 25 }],
    ['i3.metal', 72, 512, { gbps: 25 }],
  ],
)

export const i3en = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/so.html',
  '2026-11-28',
  [
    ['i3en.large', 2, 16, { gbps: [2.1, 25] }],
    ['i3en.xlarge', 4, 32, { gbps: [4.2, 25] }],
    ['i3en.2xlarge', 8, 64, { gbps: [8.4, 25] }],
    ['i3en.3xlarge', 12, 96, { gbps: [12.5, 25] }],
    ['i3en.6xlarge', 24, 192, { gbps: 25 }],
    ['i3en.12xlarge', 48, 384, { gbps: 50 }],
    ['i3en.24xlarge', 96, 768, { gbps: 100 }],
    ['i3en.metal', 96, 768, { gbps: 100 }],
  ],
)

export const i4i = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/so.html',
  '2026-11-28',
  [
    ['i4i.large', 2, 16, { gbps: [0.781, 10] }],
    ['i4i.xlarge', 4, 32, { gbps: [1.875, 10] }],
    ['i4i.2xlarge', 8, 64, { gbps: [4.687, 12] }],
    ['i4i.4xlarge', 16, 128, { gbps: [9.375, 25] }],
    ['i4i.8xlarge', 32, 256, { gbps: 18.75 }],
    ['i4i.16xlarge', 64, 512, { gbps: 37.5 }],
    ['i4i.32xlarge', 128, 1024, { gbps: 75 }],
    ['i4i.metal', 128, 1024, { gbps: 75 }],
  ],
)

export const im4gn = family(
  'aws',
  'https://docs.aws.amazon.com/ec2/latest/instancetypes/so.html',
  '2026-11-28',
  [
    ['im4gn.large', 2, 8, { gbps: [3.125, 25] }],
    ['im4gn.xlarge', 4, 16, { gbps: [6.25, 25] }],
    ['im4gn.2xlarge', 8, 32, { gbps: [12.5, 25] }],
    ['im4gn.4xlarge', 16, 64, { gbps: 25 }],
    ['im4gn.8xlarge', 32, 128, { gbps: 50 }],
    ['im4gn.16xlarge', 64, 256, { gbps: 100 }],
  ],
)
